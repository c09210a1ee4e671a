/** Money that came to a payment which takes none: an operator decides once, and the books say so. Cascade API, 7.3. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listReceipts } from './list-receipts.ts'
import type { Payment } from './payment.ts'
import { appealed, confirmed, context, openAppeals, stateOf, told } from './sample-appeals.ts'
import { credit, giveBack, moved, paidAfterEnd, paidTwice, receiptOf, unwelcome } from './sample-receipts.ts'
import { settleReceipt } from './settle-receipt.ts'

openAppeals()

const decide = (of: Parameters<typeof settleReceipt>[1], verdict: Parameters<typeof settleReceipt>[2]) =>
  settleReceipt(context(), of, verdict)
const why = async (done: ReturnType<typeof decide>): Promise<string> => {
  const settled = await done
  return settled.result === 'refused' ? settled.why : settled.decision.kind
}
const casesOf = ({ id }: Payment) =>
  context().sql`select kind, closed_by, note from provider_cases where payment_id = ${id} order by kind`
const standsOf = async ({ id }: Payment) =>
  (await listReceipts(context().sql))
    .filter(({ payment_id }) => payment_id === id)
    .map(({ amount_minor }) => amount_minor)

test('late money that the merchant had not wanted is his payment after all, with its fee and one callback', async () => {
  const state = await unwelcome()
  assert.deepEqual([state.payment.status, await standsOf(state.payment)], ['process_failed', [390_000n]])
  const change = await moved(async () => assert.equal(await why(decide(receiptOf(state), credit())), 'won'))
  assert.deepEqual(change, { active: 339_300n, reserved: 39_000n, unallocated: -390_000n, returned: 0n })
  const { payment, attempts } = await stateOf(state.payment)
  assert.deepEqual(
    [payment.status, payment.processed_amount_minor, payment.processed_fee_minor, payment.resolution],
    ['processed', 390_000n, 11_700n, 'ok'],
  )
  assert.deepEqual([attempts[0]?.winner, attempts[0]?.late_approval], [true, true])
  assert.deepEqual(
    (await told(payment)).map(({ status }) => status),
    ['process_pending', 'process_failed', 'processed'],
  )
  assert.deepEqual(
    [...(await casesOf(payment))],
    [{ kind: 'late_success', closed_by: 'ann', note: 'won: The merchant has delivered.' }],
  )
  assert.deepEqual(await standsOf(payment), [])
  assert.equal(await why(decide(receiptOf(state), credit())), 'nothing_unallocated')
  assert.equal(await why(decide(receiptOf(state), giveBack)), 'nothing_unallocated')
})

test('who was paid already is not credited again unless that is said, and then without touching the invoice', async () => {
  const state = await paidTwice()
  const before = await stateOf(state.payment)
  assert.equal(await why(decide(receiptOf(state), credit())), 'paid_already')
  const change = await moved(async () => assert.equal(await why(decide(receiptOf(state), credit(true))), 'beside'))
  assert.deepEqual(change, { active: 378_300n, reserved: 0n, unallocated: -390_000n, returned: 0n })
  const { payment, attempts } = await stateOf(state.payment)
  const { version, updated_at, ...same } = payment
  assert.deepEqual({ ...same, version: version - 1, updated_at: before.payment.updated_at }, before.payment)
  assert.deepEqual(attempts, before.attempts)
  assert.equal((await told(payment)).at(-1)?.status, 'processed')
  assert.equal((await told(payment)).length, 2)
  assert.equal(await why(decide(receiptOf(state), giveBack)), 'nothing_unallocated')
})

test('what a payer had ended stays ended: its money goes back, or to the merchant beside it', async () => {
  const state = await paidAfterEnd()
  assert.equal(await why(decide(receiptOf(state), credit())), 'payment_over')
  const change = await moved(async () => assert.equal(await why(decide(receiptOf(state), giveBack)), 'returned'))
  assert.deepEqual(change, { active: 0n, reserved: 0n, unallocated: -390_000n, returned: 390_000n })
  const { payment } = await stateOf(state.payment)
  assert.equal(payment.status, 'terminated')
  const [row] = await context().sql`
    select kind, outside_reference, decided_by, comment, amount_minor from receipt_decisions where payment_id = ${payment.id}`
  assert.deepEqual(row, {
    kind: 'returned',
    outside_reference: 'SEPA 2026-17',
    decided_by: 'ben',
    comment: 'Sent back to his card.',
    amount_minor: 390_000n,
  })
  assert.equal(await why(decide(receiptOf(state), credit(true))), 'nothing_unallocated')
})

test('a decision without words, or a return without its transfer, is none', async () => {
  const state = await unwelcome()
  assert.equal(await why(decide(receiptOf(state), { ...credit(), comment: ' ' })), 'comment_missing')
  assert.equal(await why(decide(receiptOf(state), { ...giveBack, outside_reference: ' ' })), 'reference_missing')
  assert.deepEqual(await standsOf(state.payment), [390_000n])
})

test('operators at once: one decision, whoever it is', async () => {
  for (let round = 0; round < 5; round += 1) {
    const state = await unwelcome()
    const verdicts = [credit(), giveBack, credit(true), giveBack, credit(), giveBack]
    const results: string[] = []
    const change = await moved(async () => {
      const all = verdicts.map((verdict) => why(decide(receiptOf(state), verdict)))
      results.push(...(await Promise.all(round % 2 === 0 ? all : all.reverse())))
    })
    const settled = results.filter((result) => result === 'won' || result === 'returned')
    assert.equal(settled.length, 1, results.join(', '))
    assert.ok(results.every((result) => result === settled[0] || result === 'nothing_unallocated'))
    assert.equal(change.unallocated, -390_000n)
    assert.equal(change.active, settled[0] === 'won' ? 339_300n : 0n)
    assert.equal(change.returned, settled[0] === 'won' ? 0n : 390_000n)
    assert.equal(
      (await context().sql`select 1 from receipt_decisions where payment_id = ${state.payment.id}`).length,
      1,
    )
  }
})

test('an appeal that is open is decided first', async () => {
  const state = await unwelcome()
  const appeal = await appealed(state, 400_000n)
  assert.equal(await why(decide(receiptOf(state), giveBack)), 'appeal_open')
  await confirmed(appeal)
  assert.equal(await why(decide(receiptOf(state), giveBack)), 'nothing_unallocated')
  assert.equal((await stateOf(state.payment)).payment.status, 'processed')
})

test('what an appeal finds after the money went back is for an operator again, and moves only that', async () => {
  const state = await unwelcome()
  await decide(receiptOf(state), giveBack)
  const change = await moved(async () => {
    const { state: after, case: person } = await confirmed(await appealed(state, 400_000n))
    assert.deepEqual([after.payment.status, person], ['process_failed', 'late_success'])
  })
  assert.deepEqual(change, { active: 0n, reserved: 0n, unallocated: 10_000n, returned: 0n })
  assert.deepEqual(await standsOf(state.payment), [10_000n])
  assert.equal(await why(decide(receiptOf(state), credit())), 'paid_already')
  const rest = await moved(async () => assert.equal(await why(decide(receiptOf(state), credit(true))), 'beside'))
  assert.deepEqual(rest, { active: 9_700n, reserved: 0n, unallocated: -10_000n, returned: 0n })
})

test('an appeal confirmed while an operator decides: both count once', async () => {
  for (let round = 0; round < 6; round += 1) {
    const state = await unwelcome()
    const verdict = round % 2 === 0 ? credit() : giveBack
    const appealing = async () => confirmed(await appealed(state, 400_000n))
    await Promise.all(
      round % 3 === 0
        ? [appealing(), decide(receiptOf(state), verdict)]
        : [decide(receiptOf(state), verdict), appealing()],
    )
    const { payment, attempts } = await stateOf(state.payment)
    const decisions = await context().sql<{ kind: string }[]>`
      select kind from receipt_decisions where payment_id = ${payment.id}`
    const returned = decisions.some(({ kind }) => kind === 'returned')
    assert.deepEqual(
      [payment.status, payment.processed_amount_minor],
      returned ? ['process_failed', null] : ['processed', 400_000n],
    )
    assert.equal(attempts[0]?.approved_amount_minor, 400_000n)
    assert.deepEqual(await standsOf(payment), returned ? [10_000n] : [])
  }
})

test('an invoice in dollars that was paid in roubles: each in its own books', async () => {
  const asked = { amount_minor: 10_000n, currency: 'USD' } as const
  const state = await unwelcome(asked)
  const change = await moved(() => decide(receiptOf(state), credit()), 'USD')
  assert.deepEqual(change, { active: 8_700n, reserved: 1_000n, unallocated: -900_000n, returned: 0n })
  const other = await unwelcome(asked)
  await decide(receiptOf(other), giveBack)
  await confirmed(await appealed(other, 990_000n))
  // Whoever decides may hand in a whole row, with a currency of its own.
  const row = { ...receiptOf(other), currency: 'RUB', amount_minor: 1n, id: 'prx_any' }
  const beside = await moved(() => decide(row, credit(true)), 'USD')
  assert.deepEqual(beside, { active: 970n, reserved: 0n, unallocated: -90_000n, returned: 0n })
})
