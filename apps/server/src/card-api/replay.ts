/** A request that was made before under the same RequestID: the answer is what it made, as it stands now. Contract 13. */
import type { Context } from '../context.ts'
import { loadState, type State } from '../payments/find-payment.ts'
import { runningOf } from '../payments/running.ts'
import { answerTransaction } from './answer-transaction.ts'
import { CardProblem } from './card-problem.ts'
import { findOwn } from './find-transactions.ts'
import { waitUntil } from './request-id.ts'
import type { ShopCall, ShopReply } from './shop-route.ts'

const waits_ms = 20_000

/** 409 when the first one still runs after the wait. */
export async function replay(ctx: Context, call: ShopCall, uid: string): Promise<ShopReply> {
  const transaction = await findOwn(ctx, call, uid)
  const { payment_id } = transaction
  let state: State | undefined
  const ended = await waitUntil(async () => {
    state = await loadState(ctx, call.account.id, payment_id)
    return runningOf(ctx, payment_id) === null && !isBegun(state)
  }, waits_ms)
  if (!ended) throw new CardProblem(409, 'E.1009')
  const answer = await answerTransaction(ctx, call, transaction, state)
  return { ...answer, headers: { 'idempotent-replayed': 'true' } }
}

/** Some process is still at its first step: nothing was sent yet, or it waits for the gateway's answer. */
function isBegun({ payment, attempts }: State): boolean {
  const last = attempts.at(-1)
  return last ? last.status === 'sent' : payment.status === 'process_pending'
}
