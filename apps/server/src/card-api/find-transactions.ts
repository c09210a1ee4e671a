/** Questions of merchants about their transactions. Card API contract 18. */
import type { Context } from '../context.ts'
import { isUid } from '../ids.ts'
import { askAboutOperation } from '../payments/advance-operation.ts'
import { checkAttempt, openAttempt } from '../payments/check-attempt.ts'
import { loadState, type State } from '../payments/find-payment.ts'
import { runningOf } from '../payments/running.ts'
import { answerTransaction, loadView } from './answer-transaction.ts'
import { CardProblem } from './card-problem.ts'
import { transactionElement } from './document.ts'
import type { ShopCall, ShopReply } from './shop-route.ts'
import { selectByTracking, selectTransaction } from './table.ts'
import type { Transaction } from './transaction.ts'

const listed_max = 10

/** `GET /transactions/{uid}` */
export async function showTransaction(ctx: Context, call: ShopCall): Promise<ShopReply> {
  const transaction = await findOwn(ctx, call, call.params.uid ?? '')
  return answerTransaction(ctx, call, transaction, await freshState(ctx, call, transaction))
}

/** `GET /transactions/tracking_id/{id}`: the newest one. */
export async function showByTracking(ctx: Context, call: ShopCall): Promise<ShopReply> {
  const [newest] = await findByTracking(ctx, call, 1)
  if (!newest) throw new CardProblem(404, 'E.1004')
  return answerTransaction(ctx, call, newest, await freshState(ctx, call, newest))
}

/** `GET /v2/transactions/tracking_id/{id}`: the newest ten; none is an empty list. */
export async function listByTracking(ctx: Context, call: ShopCall): Promise<ShopReply> {
  const { version } = call
  const views = await Promise.all((await findByTracking(ctx, call, listed_max)).map((one) => loadView(ctx, one)))
  return { body: { transactions: views.map((view) => transactionElement(view, version)) } }
}

function findByTracking(ctx: Context, { account, shop, params }: ShopCall, limit: number): Promise<Transaction[]> {
  return selectByTracking(ctx.sql, account.id, shop.shop_id, params.id ?? '', limit)
}

/** A transaction of the shop; 404 for every other uid. */
export async function findOwn(ctx: Context, { account, shop }: ShopCall, uid: string): Promise<Transaction> {
  const transaction = isUid(uid) ? await selectTransaction(ctx.sql, account.id, uid) : null
  if (transaction?.shop_id !== shop.shop_id) throw new CardProblem(404, 'E.1004')
  return transaction
}

const lookApart_ms = 5_000
const looked = new WeakMap<Context, Map<string, number>>()

/** The state of the payment; one that is not known yet is asked about at its gateway, at most once in a while. */
async function freshState(ctx: Context, { account }: ShopCall, transaction: Transaction): Promise<State> {
  const { payment_id, operation_id } = transaction
  if (operation_id !== null && isTurn(ctx, operation_id))
    await askAboutOperation(ctx, account.id, payment_id, operation_id)
  const state = await loadState(ctx, account.id, payment_id)
  const attempt = operation_id === null ? openAttempt(state) : null
  if (attempt?.status !== 'unknown') return state
  if (runningOf(ctx, payment_id) || !isTurn(ctx, payment_id)) return state
  return checkAttempt(ctx, account, state, attempt)
}

/** `id` of a payment or operation. */
function isTurn(ctx: Context, id: string): boolean {
  const times = looked.get(ctx) ?? new Map<string, number>()
  looked.set(ctx, times)
  const now_ms = ctx.now().getTime()
  if (now_ms - (times.get(id) ?? 0) < lookApart_ms) return false
  for (const [old, at_ms] of times) if (now_ms - at_ms >= lookApart_ms) times.delete(old)
  times.set(id, now_ms)
  return true
}
