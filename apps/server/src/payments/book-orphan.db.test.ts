/** An order whose requisites nobody was shown was paid all the same: it counts when an operator says so, and once. Cascade API, 7.3. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { closeCase } from '../cascades/close-case.ts'
import { listCases } from '../cascades/list-cases.ts'
import { cancelRequisites } from '../requisites/cancel-requisites.ts'
import { type Desks, minute, openDesks } from '../requisites/sample-desks.ts'
import { applyOutcome } from './apply-outcome.ts'
import { bookOrphan } from './book-orphan.ts'
import type { State } from './find-payment.ts'
import { listReceipts } from './list-receipts.ts'
import { credit, giveBack } from './sample-receipts.ts'
import { settleReceipt } from './settle-receipt.ts'

let world: Desks
before(async () => {
  world = await openDesks()
})
afterEach(() => world.reset())
after(() => world.close())

const whole = 45_614_036n
const words = { by: 'ann', comment: 'The desk has shown me the transfer.' }
const approved = {
  type: 'approved',
  provider_reference: null,
  amount_minor: null,
  rrn: null,
  approval_code: null,
  card_token: null,
} as const

/** The payer sees the second provider's requisites; the first one's order, that he never saw, was paid. */
async function orphaned() {
  const state = await world.search('missing:owner')
  const [row] = await world.rowsOf(state)
  assert.ok(row)
  world.setPaid(row)
  await world.pass(2 * minute)
  const [found] = await listCases(world.ctx.sql, { attempt_id: row.attempt_id, kind: 'orphan_success' }, 1)
  assert.ok(found)
  return { state, row, of: { ...row, case_id: found.id } }
}
const tell = async (state: State, number: number, outcome: Parameters<typeof applyOutcome>[4]) =>
  (await applyOutcome(world.ctx, world.account, await world.load(state), number, outcome, null)).state
const facts = ({ payment, attempts }: State) => [
  payment.status,
  ...attempts.map(({ status, winner, late_approval }) => [status, winner, late_approval]),
]
const openKinds = async (attempt_id: string) =>
  (await listCases(world.ctx.sql, { attempt_id, open: true }, 10)).map(({ kind }) => kind)

test('a payment that failed is paid by it, late, and its provider debited', async () => {
  const before = await world.figures('volga')
  const { state, row, of } = await orphaned()
  await tell(state, 2, { type: 'time_over', claimed: true })
  const done = await bookOrphan(world.ctx, of, words)
  assert.deepEqual([done.result, 'unallocated' in done && done.unallocated], ['booked', false])
  assert.deepEqual(facts(await world.load(state)), ['processed', ['declined', true, true], ['expired', false, false]])
  const after = await world.figures('volga')
  assert.deepEqual([before.total_minor - after.total_minor, after.held_minor], [whole, 0n])
  const [paid] = await world.rowsOf(state)
  assert.deepEqual([paid?.state, paid?.late, paid?.poll_at], ['success', true, null])
  assert.deepEqual(await openKinds(row.attempt_id), [])
  const again = await bookOrphan(world.ctx, of, words)
  assert.deepEqual(again, { result: 'refused', why: 'booked_before' })
  await world.pass(100 * minute)
  assert.equal(before.total_minor - (await world.figures('volga')).total_minor, whole)
})

test('a payment that is still open is paid by it, and nobody need pay the requisites on the page', async () => {
  const { state, of } = await orphaned()
  await bookOrphan(world.ctx, of, words)
  await world.pass(minute)
  assert.deepEqual(facts(await world.load(state)), ['processed', ['declined', true, true], ['cancelled', false, false]])
})

test('beside another winner its money is nobody’s until an operator decides', async () => {
  const { state, row, of } = await orphaned()
  await tell(state, 2, approved)
  const done = await bookOrphan(world.ctx, of, words)
  assert.equal('unallocated' in done && done.unallocated, true)
  assert.deepEqual(facts(await world.load(state)), ['processed', ['declined', false, true], ['approved', true, false]])
  assert.deepEqual(await openKinds(row.attempt_id), ['double_success'])
  const standing = (await listReceipts(world.ctx.sql)).find(({ attempt_id }) => attempt_id === row.attempt_id)
  assert.equal(standing?.amount_minor, 390_000n)
  const refused = await settleReceipt(world.ctx, row, credit())
  assert.deepEqual(refused, { result: 'refused', why: 'paid_already' })
  assert.equal((await settleReceipt(world.ctx, row, giveBack)).result, 'settled')
  assert.deepEqual(await openKinds(row.attempt_id), [])
})

test('a payment that its payer has ended stays ended', async () => {
  const { state, row, of } = await orphaned()
  await cancelRequisites(world.ctx, world.account, state.payment)
  await bookOrphan(world.ctx, of, words)
  assert.equal((await world.load(state)).payment.status, 'terminated')
  assert.deepEqual(await openKinds(row.attempt_id), ['late_success'])
})

test('closed without a booking it moves nothing, and cannot be booked any more', async () => {
  const before = await world.figures('volga')
  const { of } = await orphaned()
  await closeCase(world.ctx, of.case_id, { by: 'ben', note: 'The desk was wrong.' })
  assert.deepEqual(await bookOrphan(world.ctx, of, words), { result: 'refused', why: 'case_closed' })
  assert.deepEqual(await world.figures('volga'), before)
})

test('an order that another payer was shown is not booked', async () => {
  const { row, of } = await orphaned()
  const seen = await world.search('issue')
  await world.ctx.sql`
    update provider_payments set provider_reference = ${row.provider_reference} where payment_id = ${seen.payment.id}`
  assert.deepEqual(await bookOrphan(world.ctx, of, words), { result: 'refused', why: 'not_an_orphan' })
  assert.deepEqual(await bookOrphan(world.ctx, of, { ...words, comment: ' ' }), {
    result: 'refused',
    why: 'comment_missing',
  })
})

test('two orders with one id, booked in the same instant: the provider pays for one of them', async () => {
  for (let round = 0; round < 12; round += 1) {
    const before = await world.figures('volga')
    const [first, second] = [await orphaned(), await orphaned()]
    await world.ctx.sql`
      update provider_payments set provider_reference = ${first.row.provider_reference}
      where attempt_id = ${second.row.attempt_id}`
    const results = await Promise.all([first, second].map(({ of }) => bookOrphan(world.ctx, of, words)))
    assert.deepEqual(results.map((one) => ('why' in one ? one.why : one.result)).sort(), ['booked', 'not_an_orphan'])
    assert.equal(before.total_minor - (await world.figures('volga')).total_minor, whole)
  }
})

test('operators at once, a close beside them, and the payment paid meanwhile: debited once at most', async () => {
  for (let round = 0; round < 6; round += 1) {
    const before = await world.figures('volga')
    const { state, of } = await orphaned()
    const [first, second] = await Promise.all([
      bookOrphan(world.ctx, of, words),
      bookOrphan(world.ctx, of, { ...words, by: 'ben' }),
      ...(round % 2 === 0 ? [closeCase(world.ctx, of.case_id, { by: 'cy', note: 'No.' })] : []),
      ...(round % 3 === 0 ? [tell(state, 2, approved)] : []),
    ])
    const booked = [first, second].filter((one) => one?.result === 'booked').length
    assert.ok(round % 2 === 0 ? booked <= 1 : booked === 1, `${first?.result}, ${second?.result}`)
    assert.equal(before.total_minor - (await world.figures('volga')).total_minor, whole * BigInt(booked))
    const { attempts } = await world.load(state)
    assert.ok(attempts.filter(({ winner }) => winner).length <= 1)
  }
})
