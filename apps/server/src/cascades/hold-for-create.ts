import type { Transaction } from '../database/connect.ts'
import { newId } from '../ids.ts'
import { lockPrepaid } from '../ledger/provider-books.ts'
import { booksOf, type Provider } from './provider.ts'
import { type Shortage, shortageOf } from './rules/eligible.ts'
import { settlementMinor } from './rules/settlement-amount.ts'
import { holdParts } from './settlement-table.ts'

export type HoldRequest = {
  readonly provider: Pick<Provider, 'id' | 'settlement_currency' | 'settlement_scale'>
  readonly attempt_id: string
  /** The merchant's payment. */
  readonly account_id: string
  readonly payment_id: string
  readonly test_mode: boolean
  /** Payment currency, with its decimals. */
  readonly currency: string
  readonly exponent: number
  readonly amount_minor: bigint
  /** The `currencyRate` that will be sent, as decimal text; it stays the payment's own for late success and appeals. */
  readonly rate: string
  readonly now: Date
}

/** `repeated` = the attempt had its hold before, whether it is still open or not. Amounts in settlement minor units. */
export type HoldResult =
  | { readonly result: 'held' | 'repeated'; readonly settlement_minor: bigint }
  | { readonly result: Shortage; readonly settlement_minor: bigint; readonly available_minor: bigint }

/**
 * Checks a provider's balance and holds the payment's settlement amount there, before CREATE_PAYMENT is sent: `available` must be
 * above zero and cover it (Cascade API, 9.1). Once per attempt. The balance stays locked until the transaction ends, so any number
 * of holds at once never take more than there is: commit soon, and never lock two providers in one transaction.
 */
export async function holdForCreate(sql: Transaction, request: HoldRequest): Promise<HoldResult> {
  const { provider, now, test_mode } = request
  const settlement_minor = settlementMinor({ ...request, scale: provider.settlement_scale })
  const books = booksOf(provider, test_mode)
  const parts = holdParts(sql, books, {
    provider_id: provider.id,
    attempt_id: request.attempt_id,
    account_id: request.account_id,
    payment_id: request.payment_id,
    payment_currency: request.currency,
    payment_amount_minor: request.amount_minor,
    rate: request.rate,
    settlement_minor,
    hold_id: newId('transfer', now),
    now,
  })
  // Both statements leave together; the second still begins after the first has its lock, and sees every hold made before.
  const [, [row]] = await Promise.all([
    lockPrepaid(sql, books, now),
    sql<{ available: string; held: boolean; standing: boolean }[]>`
      with ${parts}
      select (select minor from provider_available)::text as available, exists (select 1 from provider_hold) as held,
        exists (select 1 from provider_standing) as standing`,
  ])
  if (!row) throw new Error('A statement without a table gave no row.')
  if (row.held) return { result: 'held', settlement_minor }
  if (row.standing) return { result: 'repeated', settlement_minor }
  const available_minor = BigInt(row.available)
  const result = shortageOf(available_minor, settlement_minor)
  if (result === null)
    throw new Error(`${request.attempt_id}: ${available_minor} covers ${settlement_minor}, yet nothing was held.`)
  return { result, settlement_minor, available_minor }
}
