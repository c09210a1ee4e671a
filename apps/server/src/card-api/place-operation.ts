/** A capture, void or refund comes in: its rules are checked together, and it is ordered once, at the gateway of its parent. Contract 5. */
import type { Context } from '../context.ts'
import { newUid } from '../ids.ts'
import { listOperations } from '../payments/find-operation.ts'
import { loadState } from '../payments/find-payment.ts'
import { type OperationWish, type Ordered, orderOperation } from '../payments/order-operation.ts'
import { canOperate, leftFor } from '../payments/rules/operate.ts'
import { loadView } from './answer-transaction.ts'
import { CardProblem } from './card-problem.ts'
import { transactionBody } from './document.ts'
import { texts } from './field-reader.ts'
import { duplicateLikeness } from './likeness.ts'
import { type ChildWish, namedParent, type ParentFacts, readChildRequest, refusal } from './read-child-request.ts'
import { doOnce } from './replay.ts'
import { requestClaim } from './request-id.ts'
import type { ShopCall, ShopReply } from './shop-route.ts'
import { insertTransaction, isUnclaimed, type RequestClaim, selectTransaction } from './table.ts'
import type { ChildType, Transaction } from './transaction.ts'

export async function placeOperation(ctx: Context, call: ShopCall, type: ChildType): Promise<ShopReply> {
  const claim = requestClaim(call)
  return doOnce(ctx, call, claim, () => place(ctx, call, type, claim))
}

async function place(ctx: Context, call: ShopCall, type: ChildType, claim: RequestClaim | null): Promise<ShopReply> {
  const { account } = call
  const parent = await findParent(ctx, call)
  const read = readChildRequest(call.body, type, await parentFacts(ctx, parent, type))
  if (read.wish === null) throw new CardProblem(422, 'E.1025', read.errors)
  const { wish } = read
  if (!parent) throw new Error('a child without a parent was accepted')
  const child = buildChild(ctx, call, type, parent, wish)
  const duplicate = {
    likeness: duplicateLikeness({ ...child, amount_minor: wish.amount_minor, currency: child.request.currency }),
    check: wish.duplicate_check,
  }
  const order: OperationWish = {
    kind: type,
    amount_minor: wish.amount_minor,
    reference_id: child.uid,
    description: wish.reason,
    capture_id: type === 'refund' && parent.type === 'capture' ? parent.operation_id : null,
    more: (operation) =>
      insertTransaction(ctx.sql, { ...child, operation_id: operation.id }, { request: claim, duplicate }),
  }
  let ordered: Ordered
  try {
    ordered = await orderOperation(ctx, account, parent.payment_id, order)
  } catch (error) {
    if (!isUnclaimed(error)) throw error
    throw new CardProblem(422, 'F.0108', { base: ['Duplicate transaction'] })
  }
  if (ordered.refused !== null) throw refusedOrder(type, ordered)
  const { operation, state } = ordered
  const view = await loadView(ctx, { ...child, operation_id: operation.id }, { state, operation })
  return { body: transactionBody(view, call.version) }
}

/** The parent named by the request: a transaction of this shop. */
async function findParent(ctx: Context, { account, shop, body }: ShopCall): Promise<Transaction | null> {
  const uid = namedParent(body)
  const found = uid === null ? null : await selectTransaction(ctx.sql, account.id, uid)
  return found?.shop_id === shop.shop_id ? found : null
}

const parentsOf: Readonly<Record<ChildType, readonly Transaction['type'][]>> = {
  capture: ['authorization'],
  void: ['authorization', 'payment'],
  refund: ['payment', 'capture'],
}

async function parentFacts(ctx: Context, parent: Transaction | null, type: ChildType): Promise<ParentFacts> {
  if (!parent) return { type: 'missing' }
  if (!parentsOf[type].includes(parent.type)) return { type: 'refused' }
  const { account_id, payment_id, operation_id } = parent
  const { payment, attempts } = await loadState(ctx, account_id, payment_id)
  const operations = await listOperations(ctx, account_id, payment_id)
  const capture = operations.find(({ id }) => id === operation_id)
  const winner = attempts.find((attempt) => attempt.winner)
  const can = ctx.connectors.get(winner?.connector ?? '')?.can ?? {}
  if (!winner || !canOperate(payment, type, can) || (capture && capture.status !== 'done')) return { type: 'refused' }
  return { type: 'ok', left_minor: leftFor(payment, operations, type, operation_id) }
}

/** What the order found is what the parent had become meanwhile, or what its gateway cannot do. */
function refusedOrder(type: ChildType, { refused, left_minor }: Extract<Ordered, { refused: string }>): CardProblem {
  if (refused === 'amount') return new CardProblem(422, 'E.1025', { amount: [texts.atMost(left_minor)] })
  if (refused === 'part') return new CardProblem(422, 'E.1025', { amount: ['must be the whole amount'] })
  if (refused === 'funds') return new CardProblem(422, 'E.1025', { amount: ['is not covered by the balance'] })
  return new CardProblem(422, 'E.1025', { base: [refusal(type)] })
}

function buildChild(ctx: Context, call: ShopCall, type: ChildType, parent: Transaction, wish: ChildWish): Transaction {
  const now = ctx.now()
  const { request } = parent
  return {
    account_id: call.account.id,
    uid: newUid(now),
    shop_id: call.shop.shop_id,
    type,
    payment_id: parent.payment_id,
    operation_id: null,
    parent_uid: parent.uid,
    tracking_id: wish.tracking_id ?? parent.tracking_id,
    api_version: call.version,
    binding_id: null,
    cascade_mode: 'none',
    stamp: null,
    request: {
      description: null,
      language: wish.language ?? request.language,
      descriptor: null,
      expired_at: null,
      notification_url: wish.notification_url ?? request.notification_url,
      return_url: null,
      card: null,
      token: null,
      token_sent: false,
      contract: [],
      recurring_type: null,
      customer: null,
      billing_address: null,
      additional_data: wish.additional_data,
      reason: wish.reason,
      amount: `${wish.amount_minor}`,
      currency: request.currency,
      test: request.test,
    },
    created_at: now,
  }
}
