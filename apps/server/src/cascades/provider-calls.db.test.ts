import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { clearOldCalls } from './clear-old-calls.ts'
import { readCalls } from './read-calls.ts'
import { type CallMade, flushCalls, recordCall } from './record-call.ts'
import { nextAttempt } from './sample-provider.ts'

let world: TestContext
before(async () => {
  world = await testContext()
})
after(() => world.close())

const made = (attempt_id: string | null, patch: Partial<CallMade> = {}): CallMade => ({
  provider_id: 'prv_a',
  gateway_id: 9_001,
  attempt_id,
  event: 'CREATE_PAYMENT',
  at: new Date('2026-01-02T03:04:05Z'),
  ms: 12.6,
  http_status: 201,
  request: '{"event":"CascadeEvents.CREATE_PAYMENT","data":{"amount":3900.50}}',
  answer: '{"id":"x","owner":"Ivan Ivanov","cardNumber":"5363542310297979"}',
  reading: 'issued',
  ...patch,
})

test('calls are written together, masked, in the order they were made', async () => {
  const attempt_id = nextAttempt()
  for (let index = 0; index < 700; index += 1)
    recordCall(world.ctx, made(attempt_id, { at: new Date(1_700_000_000_000 + index), reading: `reading ${index}` }))
  await flushCalls(world.ctx)
  const calls = await readCalls(world.ctx.sql, attempt_id)
  assert.equal(calls.length, 700)
  assert.deepEqual(
    calls.map(({ reading }) => reading),
    Array.from({ length: 700 }, (_, index) => `reading ${index}`),
  )
  const [first] = calls
  assert.equal(first?.ms, 13)
  assert.equal(first?.request, made(null).request)
  assert.equal(first?.answer, '{"id":"x","owner":"I*** I***","cardNumber":"536354******7979"}')
})

test('any body can be kept, and none breaks those beside it', async () => {
  const attempt_id = nextAttempt()
  for (const body of [
    '',
    'no json \0',
    '{"a":"\\u0000"}',
    '\ud800',
    'x'.repeat(300_000),
    `{"a":"${'y'.repeat(60_000)}"}`,
  ])
    recordCall(world.ctx, made(attempt_id, { request: body, answer: body, reading: `${body} 12345678` }))
  recordCall(world.ctx, made(attempt_id, { http_status: null, answer: null, secrets: ['0123456789abcdef'] }))
  await flushCalls(world.ctx)
  const calls = await readCalls(world.ctx.sql, attempt_id)
  assert.equal(calls.length, 7)
  for (const { request, answer } of calls) {
    assert.doesNotThrow(() => JSON.parse(request))
    assert.ok((answer ?? '').length <= 8_192)
  }
  assert.equal(calls.find(({ reading }) => reading === 'issued')?.answer, null)
})

test('a database that is away costs the calls, and nothing else', async () => {
  const other = await testContext()
  recordCall(other.ctx, made(nextAttempt()))
  await other.ctx.sql`drop table provider_calls`
  await flushCalls(other.ctx)
  await other.close()
  recordCall(other.ctx, made(nextAttempt()))
  await flushCalls(other.ctx)
})

test('calls of more than thirty days ago are forgotten', async () => {
  const attempt_id = nextAttempt()
  const day = (age: number) => new Date(world.ctx.now().getTime() - age * 86_400_000)
  for (const age of [29, 31, 400]) recordCall(world.ctx, made(attempt_id, { at: day(age), reading: `${age}` }))
  await flushCalls(world.ctx)
  await clearOldCalls(world.ctx)
  assert.deepEqual(
    (await readCalls(world.ctx.sql, attempt_id)).map(({ reading }) => reading),
    ['29'],
  )
})
