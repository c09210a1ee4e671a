/** A confirmed appeal as the merchant's payment takes it. Cascade API, 11.4. */
import type { Account } from '../accounts/account.ts'
import type { ProviderCaseKind } from '../cascades/provider-payment.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import type { State } from './find-payment.ts'

export type ConfirmedAppeal = {
  readonly attempt_number: number
  /** `apl_…`: settles once. */
  readonly appeal_id: string
  /** What the payer has sent, in minor units of the payment's service currency. Above 0. */
  readonly amount_minor: bigint
}

/** Worked out without writing; `write` belongs into the transaction that closes the appeal and re-books the provider's balance. */
export type PreparedAppealSettlement = {
  /**
   * Payment, attempt, provider payment, books and callback. Call it before the balance is re-booked: the engine takes its locks in
   * this order too. `null` = the payment has changed since `state`: the transaction has to be given up, state loaded and prepared
   * anew. An appeal that is settled already writes nothing and returns the state as it is.
   */
  readonly write: (tx: Database) => Promise<State | null>
  /** What a person has to look at, to be opened in the same transaction; the money lies on unallocated receipts then. */
  readonly case: ProviderCaseKind | null
}

export type PrepareAppealSettlement = (
  ctx: Context,
  account: Account,
  state: State,
  appeal: ConfirmedAppeal,
) => Promise<PreparedAppealSettlement>
