import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { findProviderPayment } from './find-provider-payment.ts'
import { noteLateOrder } from './note-late-order.ts'
import { pollSoon } from './poll-soon.ts'
import type { Provider } from './provider.ts'
import { addProvider, sampleNow as now } from './sample-provider.ts'
import { addProviderPayment, type SampleProviderPayment } from './sample-provider-payment.ts'

let world: TestContext
let provider: Provider
before(async () => {
  world = await testContext({ now: () => now })
  provider = await addProvider(world.ctx.sql, 0n)
})
after(() => world.close())

const add = (patch: SampleProviderPayment) => addProviderPayment(world.ctx.sql, provider, patch)
const read = async ({ account_id, attempt_id }: { account_id: string; attempt_id: string }) =>
  findProviderPayment(world.ctx.sql, account_id, attempt_id)
const note = (of: { account_id: string; attempt_id: string }, reference: string) =>
  noteLateOrder(world.ctx, { account_id: of.account_id, id: of.attempt_id }, reference)

test('an order that is learned late is cancelled and asked about', async () => {
  const of = await add({ state: 'unknown', provider_reference: null })
  const noted = await Promise.all([note(of, 'late-1'), note(of, 'late-1'), note(of, 'late-1')])
  assert.equal(noted.filter(Boolean).length, 1)
  const row = await read(of)
  assert.equal(row?.provider_reference, 'late-1')
  assert.deepEqual([row?.state, row?.orphan, row?.cancel_status], ['unknown', true, 'needed'])
  assert.deepEqual([row?.cancel_at, row?.poll_at], [now, new Date(now.getTime() + 60_000)])
})

test("another payment's order is not cancelled", async () => {
  const paid = await add({ state: 'issued', provider_reference: 'taken' })
  const of = await add({ state: 'unknown', provider_reference: null })
  assert.equal(await note(of, 'taken'), false)
  const row = await read(of)
  assert.deepEqual([row?.provider_reference, row?.cancel_at], [null, null])
  assert.equal((await read(paid))?.cancel_at, null)
  // The same id in the other mode is another order.
  const test_mode = await add({ state: 'unknown', provider_reference: null, test_mode: true })
  assert.equal(await note(test_mode, 'taken'), true)
})

test('an answer that comes late to requisites changes nothing about them', async () => {
  const same = await add({ state: 'issued', provider_reference: 'own' })
  assert.equal(await note(same, 'own'), false)
  assert.equal(await note(same, 'other'), false)
  const row = await read(same)
  assert.deepEqual([row?.provider_reference, row?.orphan, row?.cancel_at], ['own', false, null])
})

test('an operator may ask at any time, where there is something to ask by', async () => {
  const later = new Date(now.getTime() + 60_000)
  const sooner = new Date(now.getTime() - 60_000)
  const [ended, planned, overdue, none] = [
    await add({ state: 'expired', poll_at: null }),
    await add({ poll_at: later }),
    await add({ poll_at: sooner }),
    await add({ state: 'refused', provider_reference: null }),
  ] as const
  assert.deepEqual(await Promise.all([ended, planned, overdue, none].map((of) => pollSoon(world.ctx, of))), [
    true,
    true,
    true,
    false,
  ])
  assert.deepEqual(await Promise.all([ended, planned, overdue, none].map(async (of) => (await read(of))?.poll_at)), [
    now,
    now,
    sooner,
    null,
  ])
})
