import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { closeCase } from './close-case.ts'
import { listCases } from './list-cases.ts'
import { openCase } from './open-case.ts'
import type { Provider } from './provider.ts'
import type { NewCase } from './provider-case.ts'
import { addProvider, nextAttempt } from './sample-provider.ts'

let world: TestContext
let provider: Provider
before(async () => {
  world = await testContext()
  provider = await addProvider(world.ctx.sql, 0n)
})
after(() => world.close())

const given = (kind: NewCase['kind'], attempt_id = nextAttempt()): NewCase => ({
  provider_id: provider.id,
  account_id: 'coma_shop',
  payment_id: 'cpi_x',
  attempt_id,
  kind,
  detail: 'seen by +7 900 123-12-34',
})
const open = (one: NewCase) => openCase(world.ctx, world.ctx.sql, one)
const list = (attempt_id: string) => listCases(world.ctx.sql, { attempt_id }, 10)

test('a case is opened once per attempt and kind, however many see it at once', async () => {
  const one = given('orphan_success')
  const opened = await Promise.all(Array.from({ length: 8 }, () => open(one)))
  assert.equal(opened.filter(Boolean).length, 1)
  assert.equal(await open({ ...one, kind: 'status_regression' }), true)
  assert.deepEqual((await list(one.attempt_id)).map(({ kind }) => kind).sort(), ['orphan_success', 'status_regression'])
  assert.equal((await list(one.attempt_id))[0]?.detail, 'seen by +****1234')
})

test('a case of a transaction that fails is none', async () => {
  const one = given('late_success')
  await assert.rejects(
    world.ctx.sql.begin(async (tx) => {
      await openCase(world.ctx, tx, one)
      throw new Error('rolled back')
    }),
    /rolled back/,
  )
  assert.equal((await list(one.attempt_id)).length, 0)
})

test('a case is closed once, with a note, and is not opened again', async () => {
  const one = given('double_success')
  await open(one)
  const [{ id } = { id: '' }] = await list(one.attempt_id)
  assert.deepEqual(await closeCase(world.ctx, id, { by: 'operator', note: '  ' }), { result: 'note_missing' })
  const closed = await closeCase(world.ctx, id, { by: 'operator', note: ' given back ' })
  assert.equal(closed.result, 'closed')
  const again = await closeCase(world.ctx, id, { by: 'another', note: 'no' })
  assert.equal(again.result, 'closed_before')
  assert.ok('closed' in again && again.closed.closed_by === 'operator' && again.closed.note === 'given back')
  assert.deepEqual(await closeCase(world.ctx, 'prx_none', { by: 'a', note: 'b' }), { result: 'not_found' })
  assert.equal(await open(one), false)
  assert.equal((await listCases(world.ctx.sql, { attempt_id: one.attempt_id, open: true }, 10)).length, 0)
})

test('the list pages, newest first, and filters', async () => {
  const other = await addProvider(world.ctx.sql, 0n)
  const attempts = [nextAttempt(), nextAttempt(), nextAttempt()]
  for (const attempt_id of attempts) await open({ ...given('unexpected_appeal', attempt_id), provider_id: other.id })
  const filter = { provider_id: other.id, kind: 'unexpected_appeal' } as const
  const first = await listCases(world.ctx.sql, filter, 2)
  const second = await listCases(world.ctx.sql, { ...filter, cursor: first.at(-1)?.id ?? '' }, 2)
  assert.deepEqual(
    [...first, ...second].map(({ attempt_id }) => attempt_id),
    attempts.toReversed(),
  )
  assert.equal((await listCases(world.ctx.sql, { ...filter, kind: 'late_success' }, 2)).length, 0)
})
