/** The one place where a payment changes: state, attempts, books and callback in one commit, or nothing at all. */
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import type { Database, Fragment } from '../database/connect.ts'
import { insertTransfers } from '../ledger/insert-transfers.ts'
import type { Transfer } from '../ledger/transfer.ts'
import type { State } from './find-payment.ts'
import type { Attempt, Payment } from './payment.ts'
import type { Patch } from './rules/decide.ts'
import { writeChange } from './table.ts'
import { callbackOf } from './tell-merchant.ts'

export type Changes = {
  readonly payment: Patch<Payment>
  /** An attempt of the payment with its new values. */
  readonly attempt?: Attempt | null
  readonly nextAttempt?: Attempt | null
  /** Explanation of a routing run, as JSON text. */
  readonly run?: { readonly number: number; readonly record: string } | null
  readonly transfers?: readonly Transfer[]
  /** CTEs of the caller, guarded by `moved`. */
  readonly more?: readonly Fragment[]
  /** A transaction to write in; the caller commits. */
  readonly within?: Database
}

/**
 * Writes the changes if the payment is still as `state` has it. Returns the new state, or `null` when somebody else changed it
 * meanwhile: then nothing was written, and the caller loads and decides again.
 */
export async function changePayment(
  ctx: Context,
  account: Account,
  state: State,
  changes: Changes,
): Promise<State | null> {
  const before = state.payment
  const after: Payment = { ...before, ...changes.payment, updated_at: ctx.now() }
  const told = await callbackOf(ctx, account, before, after)
  const transfers = changes.transfers ?? []
  const more = [
    ...(transfers.length > 0 ? [insertTransfers(ctx.sql, account.id, transfers, ctx.sql`moved`)] : []),
    ...told,
    ...(changes.more ?? []),
  ]
  const attempt = changes.attempt ?? null
  const nextAttempt = changes.nextAttempt ?? null
  if (
    !(await writeChange(changes.within ?? ctx.sql, {
      payment: after,
      attempt,
      nextAttempt,
      run: changes.run ?? null,
      more,
    }))
  )
    return null
  if (before.status !== after.status) ctx.events.paymentStatus(after)
  const attempts = state.attempts.map((old) => (attempt && old.number === attempt.number ? attempt : old))
  return {
    payment: { ...after, version: before.version + 1 },
    attempts: nextAttempt ? [...attempts, nextAttempt] : attempts,
  }
}
