/**
 * A face of payments: an API of its own over the same rows and the same engine. The engine knows of it only how its merchants
 * are told. Payments of other sources are told by callbacks of the merchant API.
 */
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import type { Attempt, Operation, Payment } from './payment.ts'

export type Face = {
  /** CTEs guarded by `moved`, none when nothing is told. All as it will be committed; `before` is `null` for a new payment. */
  readonly tell: (
    ctx: Context,
    account: Account,
    before: Payment | null,
    after: Payment,
    attempts: readonly Attempt[],
  ) => Promise<readonly Fragment[]>
  /** The same for an operation on a payment that has been decided just now. */
  readonly tellOperation: (
    ctx: Context,
    account: Account,
    payment: Payment,
    attempts: readonly Attempt[],
    operation: Operation,
  ) => Promise<readonly Fragment[]>
}
