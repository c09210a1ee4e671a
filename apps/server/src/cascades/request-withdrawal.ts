import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { inTransaction } from '../database/in-transaction.ts'
import { newId } from '../ids.ts'
import { lockPrepaid } from '../ledger/provider-books.ts'
import { booksOf, type Provider } from './provider.ts'
import { usableFrom } from './rules/withdrawal-steps.ts'
import { holdWithdrawal, selectDestination, type Withdrawal } from './withdrawal-table.ts'

export type WithdrawalRequest = {
  readonly test_mode: boolean
  /** Above 0, in settlement minor units. */
  readonly amount_minor: bigint
  readonly destination_id: string
  readonly requested_by: string
}

export type WithdrawalResult =
  | { readonly result: 'requested'; readonly withdrawal: Withdrawal }
  | { readonly result: 'balance_insufficient' | 'destination_unknown' }
  | { readonly result: 'destination_too_new'; readonly usable_from: Date }

/** Takes an amount out of what is available, until the withdrawal is paid or comes back. Cascade API, 9.3. */
export async function requestWithdrawal(
  ctx: Pick<Context, 'now'> & { readonly sql: Database },
  provider: Pick<Provider, 'id' | 'settlement_currency'>,
  { test_mode, amount_minor, destination_id, requested_by }: WithdrawalRequest,
): Promise<WithdrawalResult> {
  if (amount_minor <= 0n) throw new RangeError(`A withdrawal of ${amount_minor} is none.`)
  const created_at = ctx.now()
  const destination = await selectDestination(ctx.sql, provider.id, destination_id)
  if (!destination) return { result: 'destination_unknown' }
  const usable_from = usableFrom(destination.created_at)
  if (usable_from > created_at) return { result: 'destination_too_new', usable_from }
  const books = booksOf(provider, test_mode)
  const given = { id: newId('withdrawal', created_at), amount_minor, destination_id, requested_by, created_at }
  const withdrawal = await inTransaction(ctx.sql, async (tx) => {
    await lockPrepaid(tx, books, created_at)
    return holdWithdrawal(tx, books, given, newId('transfer', created_at))
  })
  return withdrawal ? { result: 'requested', withdrawal } : { result: 'balance_insufficient' }
}
