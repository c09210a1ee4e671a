/** Transactions whose payment runs in this process, so that its end need not read what its beginning has written. */
import type { Context } from '../context.ts'
import type { Transaction } from './transaction.ts'

const memories = new WeakMap<Context, Map<string, Transaction>>()

/** Knows the transaction until its run has ended. Before its end the row does not change: a chain goes on only from an end. */
export function knowWhile<Result>(ctx: Context, transaction: Transaction, running: Promise<Result>): Promise<Result> {
  const { payment_id } = transaction
  const known = memories.get(ctx) ?? new Map<string, Transaction>()
  memories.set(ctx, known)
  known.set(payment_id, transaction)
  return running.finally(() => known.delete(payment_id))
}

/** The transaction of a payment that runs here; `null` = it runs elsewhere, or not at all. */
export function runningTransaction(ctx: Context, payment_id: string): Transaction | null {
  return memories.get(ctx)?.get(payment_id) ?? null
}
