/** For tests: money on unallocated receipts, in the world of `sample-appeals.ts`. */
import { forgetAccount } from '../accounts/find-account.ts'
import type { State } from './find-payment.ts'
import {
  account,
  appealed,
  confirmed,
  context,
  issued,
  merchantHas,
  searched,
  success,
  tell,
} from './sample-appeals.ts'
import type { OfAttempt, ReceiptVerdict } from './settle-receipt.ts'

/** The merchant takes late transfers, or does not, while `body` runs. */
export async function withoutLate<Value>(body: () => Promise<Value>): Promise<Value> {
  const save = async (accept: boolean): Promise<void> => {
    const { id } = await account()
    await context().sql`
      update accounts set options = jsonb_set(options::jsonb, '{accept_late_transfers}', ${JSON.stringify(accept)}::jsonb)::json
      where id = ${id}`
    forgetAccount(context(), id)
  }
  await save(false)
  try {
    return await body()
  } finally {
    await save(true)
  }
}

/** Paid late to a merchant who takes nothing late: 3900.00 stand there, and the payment has failed. */
export async function unwelcome(changes: Parameters<typeof issued>[0] = {}): Promise<State> {
  return withoutLate(async () =>
    tell(await tell(await issued(changes), { type: 'time_over', claimed: true }), success, 1),
  )
}

/** Two transfers for one payment: 3900.00 stand there of the first. */
export async function paidTwice(): Promise<State> {
  const paid = await tell(await searched(await tell(await issued(), { type: 'given_up', then: 'search' })), success, 2)
  return tell(paid, success, 1)
}

/** An appeal has proven that a payment was paid which its payer had ended. */
export async function paidAfterEnd(amount_minor = 390_000n): Promise<State> {
  const ended = await tell(await issued(), { type: 'given_up', then: 'end' })
  return (await confirmed(await appealed(ended, amount_minor))).state
}

export function receiptOf({ payment, attempts }: State, number = 1): OfAttempt {
  const attempt = attempts.find((one) => one.number === number)
  return { account_id: payment.account_id, payment_id: payment.id, attempt_id: attempt?.id ?? 'pay_none' }
}

export const credit = (beside = false): ReceiptVerdict => ({
  wish: { type: 'credit', beside },
  outside_reference: null,
  by: 'ann',
  comment: 'The merchant has delivered.',
})

export const giveBack: ReceiptVerdict = {
  wish: { type: 'return' },
  outside_reference: 'SEPA 2026-17',
  by: 'ben',
  comment: 'Sent back to his card.',
}

/** What the merchant has, what is nobody's, and what went back to payers, in the currency. */
export async function standing(currency = 'RUB') {
  const { id } = await account()
  const { active, reserved } = await merchantHas(currency)
  const rows = await context().sql<{ purpose: string; minor: string }[]>`
    select purpose, sum(credits_posted_minor - debits_posted_minor)::text as minor from ledger_balance_parts
    where account_id = ${id} and currency = 'RUB' and purpose in ('platform:late_approvals', 'platform:treasury') and not test_mode
    group by purpose`
  const of = (purpose: string): bigint => BigInt(rows.find((row) => row.purpose === purpose)?.minor ?? 0)
  return { active, reserved, unallocated: of('platform:late_approvals'), returned: of('platform:treasury') }
}

/** By how much that changed while `body` ran. */
export async function moved(body: () => Promise<unknown>, currency = 'RUB') {
  const before = await standing(currency)
  await body()
  const after = await standing(currency)
  return {
    active: after.active - before.active,
    reserved: after.reserved - before.reserved,
    unallocated: after.unallocated - before.unallocated,
    returned: after.returned - before.returned,
  }
}
