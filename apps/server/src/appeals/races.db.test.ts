/** Success, end of the window, verdict, withdrawal and clocks of one payment at once. Cascade API 7.2, 9.2, 11.4; nothing may depend on who is first. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { findSettlement } from '../cascades/find-settlement.ts'
import type { State } from '../payments/find-payment.ts'
import { acceptAmount } from './accept-amount.ts'
import { acceptAppeal } from './accept-appeal.ts'
import type { Appeal } from './appeal.ts'
import { isOpen } from './appeal.ts'
import { bySystem } from './by-system.ts'
import { moveAppeal } from './move-appeal.ts'
import { rejectAppeal } from './reject-appeal.ts'
import { resolveBySuccess } from './resolve-by-success.ts'
import { sampleReceipt } from './sample-files.ts'
import { appealWorld, desk, merchant, success } from './sample-world.ts'
import { withdrawAppeal } from './withdraw-appeal.ts'

const world = appealWorld()

type Racer = (state: State, appeal: Appeal) => Promise<unknown>

const racers: Readonly<Record<string, Racer>> = {
  success: (state) => world.tell(state, success),
  over: (state) => world.tell(state, { type: 'time_over', claimed: true }),
  accept: (_, appeal) => acceptAppeal(world.ctx(), appeal, desk),
  reject: (_, appeal) =>
    rejectAppeal(world.ctx(), appeal, desk, {
      reason: 'other',
      text: 'No.',
      amount_seen_minor: null,
      evidence: sampleReceipt,
    }),
  withdraw: (_, appeal) => withdrawAppeal(world.ctx(), appeal, merchant),
  resolve: (state) =>
    resolveBySuccess(world.ctx(), { account_id: state.payment.account_id, payment_id: state.payment.id }),
  tick: (_, appeal) => moveAppeal(world.ctx(), appeal, { actor: bySystem, act: { type: 'tick' } }),
  again: (state) => world.open(state, { reason: 'wrong_amount', amount_minor: 410_000n }),
}

const price = { 390000: 45_614_036n, 400000: 46_783_626n, 410000: 47_953_217n } as const

/** What must be true of one payment, whatever came first. */
async function judge(state: State): Promise<void> {
  const { payment } = await world.stateOf(state)
  const row = await world.rowOf(state)
  const { sql } = world.ctx()
  const settlement = await findSettlement(sql, row)
  assert.ok(settlement)
  const appeals = await sql<Appeal[]>`select * from appeals where payment_id = ${payment.id} order by number`
  assert.ok(appeals.filter(isOpen).length <= 1)
  assert.equal(
    settlement.appeal_open,
    appeals.some(isOpen),
    `${payment.id}: balance and appeals disagree on what is open`,
  )
  const confirmed = appeals.filter(({ state: name }) => name === 'confirmed')
  const counts = confirmed.at(-1)?.amount_minor ?? (row.state === 'success' ? 390_000n : 0n)
  assert.equal(settlement.debited_minor, counts === 0n ? 0n : price[Number(counts) as keyof typeof price])
  assert.equal(payment.processed_amount_minor ?? 0n, counts)
  assert.equal(row.state === 'success', counts > 0n)
  assert.equal(payment.status === 'processed', counts > 0n, payment.status)
  const [booked] = await sql<{ count: number }[]>`
    select count(*)::integer as count from appeal_settlements where payment_id = ${payment.id}`
  assert.equal(booked?.count, confirmed.length)
}

const race = fc.record({
  from: fc.constantFrom('issued', 'failed'),
  same: fc.boolean(),
  // Two of the same come too: a provider presses twice, two workers wake.
  names: fc.array(fc.constantFrom(...Object.keys(racers)), { minLength: 2, maxLength: 6 }),
})

test('whoever is first: one debit, one credit, one end, and the books are right', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(race, { minLength: 3, maxLength: 4 }), async (races) => {
      const prepared = []
      for (const { from, same, names } of races) {
        const state = from === 'issued' ? await world.issued() : await world.failed()
        const wish = same && from === 'failed' ? {} : ({ reason: 'wrong_amount', amount_minor: 400_000n } as const)
        prepared.push({ state, appeal: await world.submitted(state, wish), names })
      }
      await Promise.all(
        prepared.flatMap(({ state, appeal, names }) => names.map((name) => racers[name]?.(state, appeal))),
      )
      assert.deepEqual(await world.wrong(), [])
      for (const { state } of prepared) await judge(state)
      // What is left goes to its end: a day passes, the worker does the rest.
      world.pass(49)
      await world.work()
      assert.deepEqual(await world.wrong(), [])
      for (const { state } of prepared) await judge(state)
    }),
    { numRuns: 25 },
  )
})

test('twenty payments at once, each confirmed by its provider while the provider’s own success comes in', {
  timeout: 120_000,
}, async () => {
  const before = await world.figures()
  const states = []
  for (let index = 0; index < 20; index += 1) states.push(await world.failed())
  const appeals = await Promise.all(states.map((state) => world.opened(state)))
  await world.work()
  await Promise.all(
    states.flatMap((state, index) => [
      world.tell(state, success),
      acceptAppeal(world.ctx(), appeals[index] as Appeal, desk),
      resolveBySuccess(world.ctx(), { account_id: state.payment.account_id, payment_id: state.payment.id }),
    ]),
  )
  world.pass(1)
  await world.work()
  for (const state of states) await judge(state)
  const after = await world.figures()
  assert.equal(before.available - after.available, 20n * 45_614_036n)
  assert.deepEqual([after.frozen, after.held], [before.frozen, before.held])
  assert.deepEqual(await world.wrong(), [])
})

test('the amount that the provider has seen is taken while the payment changes: neither waits for the other', async () => {
  const { sql } = world.ctx()
  const state = await world.failed()
  const appeal = await world.submitted(state)
  await rejectAppeal(world.ctx(), appeal, desk, {
    reason: 'amount_differs',
    text: '',
    amount_seen_minor: 350_000n,
    evidence: sampleReceipt,
  })
  let taking: ReturnType<typeof acceptAmount> | null = null
  // The locks of a payment's change in its order: provider payment, then balance.
  await sql.begin(async (tx) => {
    await tx`update provider_payments set polls = polls where attempt_id = ${appeal.attempt_id}`
    taking = acceptAmount(world.ctx(), appeal, merchant)
    const blocked = async (): Promise<readonly unknown[]> =>
      sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    while ((await blocked()).length === 0) await sleep(20)
    await tx`update provider_settlements set updated_at = updated_at where attempt_id = ${appeal.attempt_id}`
  })
  const taken = (await taking) as Awaited<ReturnType<typeof acceptAmount>> | null
  assert.ok(taken?.accepted)
  assert.deepEqual(await world.wrong(), [])
})
