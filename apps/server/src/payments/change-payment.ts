/** The one place where a payment changes: state, attempts, books and callback in one commit, or nothing at all. */
import type { Account } from '../accounts/account.ts'
import { logsIn } from '../callbacks/read-logs.ts'
import type { Context } from '../context.ts'
import type { Database, Fragment } from '../database/connect.ts'
import { insertTransfers } from '../ledger/insert-transfers.ts'
import type { Transfer } from '../ledger/transfer.ts'
import type { State } from './find-payment.ts'
import type { Attempt, Payment } from './payment.ts'
import { nextLookup } from './rules/lookup-schedule.ts'
import type { Patch } from './rules/news.ts'
import { writeChange } from './table.ts'
import { callbackAgain, callbackOf, lookAtTold } from './tell-merchant.ts'

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
  /** The merchant is sent the document although the status stays: what he was told before is not true any more. */
  readonly tell_again?: boolean
}

/** A change that is worked out, and only has to be written. */
export type PreparedChange = {
  /** Writes on the pool, or in a transaction that the caller commits. `null` as with `changePayment`. */
  readonly write: (sql: Database) => Promise<State | null>
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
  const prepared = await prepareChange(ctx, account, state, changes)
  return prepared.write(ctx.sql)
}

/**
 * Works the change out without writing. For changes inside a transaction: whoever holds a connection and a lock must not wait
 * for a second connection of the same pool.
 */
export async function prepareChange(
  ctx: Context,
  account: Account,
  state: State,
  changes: Changes,
): Promise<PreparedChange> {
  const before = state.payment
  const updated_at = ctx.now()
  const attempts = state.attempts.map((old) => (old.number === changes.attempt?.number ? changes.attempt : old))
  const decided: Payment = { ...before, ...changes.payment, updated_at }
  const after: Payment = { ...decided, due_at: dueWithReversal(decided.due_at, attempts, updated_at) }
  const told = await (changes.tell_again ? callbackAgain : callbackOf)(
    ctx,
    account,
    before,
    after,
    changes.nextAttempt ? [...attempts, changes.nextAttempt] : attempts,
    state.told,
  )
  const transfers = changes.transfers ?? []
  const more = [
    ...(transfers.length > 0 ? [insertTransfers(ctx.sql, account.id, transfers, ctx.sql`moved`)] : []),
    ...told,
    ...(changes.more ?? []),
  ]
  const attempt = changes.attempt ?? null
  const nextAttempt = changes.nextAttempt ?? null
  // Whatever becomes of the next attempt, the merchant will be told of it with what he was told before.
  const look = nextAttempt && told.length === 0 ? lookAtTold(ctx, after) : null
  const change = { payment: after, attempt, nextAttempt, run: changes.run ?? null, more, look }
  return {
    async write(sql) {
      const at = performance.now()
      const written = await writeChange(sql, change)
      if (!written) return null
      if (before.status !== after.status) ctx.events.paymentStatus(after)
      return {
        payment: { ...after, version: before.version + 1 },
        attempts: nextAttempt ? [...attempts, nextAttempt] : attempts,
        ...(look ? { told: { logs: logsIn(written.seen), at } } : {}),
      }
    },
  }
}

/** Money that is to go back keeps its payment due until it has gone, whatever else about the payment has ended meanwhile. */
function dueWithReversal(due_at: Date | null, attempts: readonly Attempt[], now: Date): Date | null {
  const reversal = openReversal(attempts)
  if (!reversal) return due_at
  const next = reversal.reversal_status === 'needed' ? now : nextLookup('unknown', reversal.lookups - 1, now, now)
  return due_at === null || due_at > next ? next : due_at
}

/** The first attempt that has ended and whose money is still to be given back. */
export function openReversal(attempts: readonly Attempt[]): Attempt | null {
  return (
    attempts.find(
      ({ status, reversal_status }) =>
        status !== 'unknown' &&
        (reversal_status === 'needed' || reversal_status === 'sent' || reversal_status === 'unknown'),
    ) ?? null
  )
}
