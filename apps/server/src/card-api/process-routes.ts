/**
 * The payer's side of a transaction: confirming it at the bank, and the way back to the shop. The pages are those of the
 * checkout. What a browser brings proves nothing: the gateway is asked. Card API contract 15.
 */
import type { FastifyInstance } from 'fastify'
import type { Account } from '../accounts/account.ts'
import { getAccount } from '../accounts/find-account.ts'
import { askAboutReturn } from '../checkout/go-back.ts'
import { answerPayer, type PayerAnswer, type PayerCall, type PayerRoute, payerRoute } from '../checkout/payer-route.ts'
import { readLook } from '../checkout/rules/read-look.ts'
import { showPayment } from '../checkout/show-payment.ts'
import { texts } from '../checkout/texts/texts.ts'
import type { Context } from '../context.ts'
import { Problem } from '../http/problem.ts'
import { isUid } from '../ids.ts'
import { loadState, type State } from '../payments/find-payment.ts'
import { answerTransaction } from './answer-transaction.ts'
import { statusOf } from './rules/status.ts'
import { answerShop } from './shop-route.ts'
import { selectTransactionByUid } from './table.ts'
import type { Transaction } from './transaction.ts'

export function processRoutes(app: FastifyInstance, ctx: Context): void {
  payerRoute(app, ctx, {
    method: 'GET',
    url: '/process/:uid',
    summary: 'Where the payer confirms a card payment at the bank',
    handle: (call) => showProcess(ctx, call),
  })
  const back: PayerRoute = {
    method: 'POST',
    url: '/process/:uid/return',
    summary: 'Where the bank sends the payer back to',
    handle: (call) => comeBack(ctx, call),
  }
  // A merchant with a form of his own hands the bank's answer in himself, with the credentials of his shop.
  app.post<{ Params: { uid: string } }>(
    back.url,
    { schema: { summary: back.summary, tags: ['Card API'] } },
    (request, reply) =>
      request.headers.authorization === undefined
        ? answerPayer(app, ctx, back, request, reply)
        : answerShop(app, ctx, request, reply, async (call) => {
            const { transaction, account } = await loadParent(ctx, call.params.uid ?? '', call.shop.shop_id)
            const { payment } = await loadState(ctx, account.id, transaction.payment_id)
            await askAboutReturn(ctx, account, payment)
            return answerTransaction(ctx, call, transaction)
          }),
  )
  payerRoute(app, ctx, { ...back, method: 'GET' })
}

/** Shows the payer what is to be done, or sends him on to the shop when it is done. */
async function showProcess(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const { transaction, state } = await loadWithState(ctx, call.params.uid ?? '')
  const shop = shopTarget(transaction, state)
  if (shop !== null) return { to: shop }
  const look = readLook({ locale: transaction.request.language, ...call.query }, call.headers['accept-language'])
  const query = { ...call.query, cpi: transaction.payment_id }
  return showPayment(ctx, { ...call, look, words: texts[look.locale], query })
}

async function comeBack(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const { transaction, state, account } = await loadWithState(ctx, call.params.uid ?? '')
  await askAboutReturn(ctx, account, state.payment)
  const now = await loadState(ctx, account.id, transaction.payment_id)
  return { to: shopTarget(transaction, now) ?? `/process/${transaction.uid}?returned=1` }
}

/** The shop's page with `uid` and `status` added, once the transaction is over; `null` = not yet, or the shop named none. */
function shopTarget({ uid, request }: Transaction, state: State): string | null {
  const status = statusOf(state)
  if (request.return_url === null || status === 'incomplete' || status === 'pending') return null
  const url = new URL(request.return_url)
  url.searchParams.append('uid', uid)
  url.searchParams.append('status', status)
  return url.href
}

type Loaded = { readonly transaction: Transaction; readonly account: Account }

/** The payment or authorization of a uid, of one shop when it is named. 404 otherwise. */
async function loadParent(ctx: Context, uid: string, shop_id?: number): Promise<Loaded> {
  const transaction = isUid(uid) ? await selectTransactionByUid(ctx.sql, uid) : null
  if (!transaction || transaction.operation_id !== null) throw new Problem(404)
  if (shop_id !== undefined && transaction.shop_id !== shop_id) throw new Problem(404)
  return { transaction, account: await getAccount(ctx, transaction.account_id) }
}

async function loadWithState(ctx: Context, uid: string): Promise<Loaded & { readonly state: State }> {
  const loaded = await loadParent(ctx, uid)
  return { ...loaded, state: await loadState(ctx, loaded.account.id, loaded.transaction.payment_id) }
}
