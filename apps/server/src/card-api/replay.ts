/** The same request again, by its RequestID: done once, and answered with what it made as it stands now. Contract 13. */
import type { Context } from '../context.ts'
import { findOperation } from '../payments/find-operation.ts'
import { loadState } from '../payments/find-payment.ts'
import { runningOf } from '../payments/running.ts'
import { answerTransaction } from './answer-transaction.ts'
import { CardProblem } from './card-problem.ts'
import { findOwn } from './find-transactions.ts'
import { answerWithin_ms, findMade, waitUntil } from './request-id.ts'
import type { ShopCall, ShopReply } from './shop-route.ts'
import type { RequestClaim } from './table.ts'
import type { Transaction } from './transaction.ts'

const waits_ms = 20_000

/** Runs what the request asks for, unless an earlier one did. What is refused may be so because the earlier one came first. */
export async function doOnce(
  ctx: Context,
  call: ShopCall,
  claim: RequestClaim | null,
  run: () => Promise<ShopReply>,
): Promise<ShopReply> {
  const made = await findMade(ctx, call.account.id, claim)
  if (made !== null) return replay(ctx, call, made)
  try {
    return await run()
  } catch (error) {
    const first = error instanceof CardProblem ? await findMade(ctx, call.account.id, claim) : null
    if (first === null) throw error
    return replay(ctx, call, first)
  }
}

/** 409 when the first one still runs after the wait. */
async function replay(ctx: Context, call: ShopCall, uid: string): Promise<ShopReply> {
  const transaction = await findOwn(ctx, call, uid)
  if (!(await waitUntil(async () => !(await isBegun(ctx, transaction)), waits_ms))) throw new CardProblem(409, 'E.1009')
  const answer = await answerTransaction(ctx, call, transaction)
  return { ...answer, headers: { 'idempotent-replayed': 'true' } }
}

/** Some process still owes the first answer: nothing was sent yet, or it waits for the gateway. */
async function isBegun(ctx: Context, transaction: Transaction): Promise<boolean> {
  const { account_id, payment_id, operation_id, created_at } = transaction
  if (operation_id === null && runningOf(ctx, payment_id) !== null) return true
  // Later than this the first one has its answer, or whoever owed it has died.
  if (ctx.now().getTime() - created_at.getTime() >= answerWithin_ms) return false
  if (operation_id !== null) return (await findOperation(ctx, account_id, payment_id, operation_id))?.status === 'sent'
  const { payment, attempts } = await loadState(ctx, account_id, payment_id)
  const last = attempts.at(-1)
  return last ? last.status === 'sent' : payment.status === 'process_pending'
}
