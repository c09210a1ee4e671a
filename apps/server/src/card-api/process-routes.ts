/**
 * The payer's side of a transaction: confirming it at the bank, and the way back to the shop. What a browser brings proves
 * nothing: the gateway is asked. Card API contract 15.
 */
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { Account } from '../accounts/account.ts'
import { getAccount } from '../accounts/find-account.ts'
import { findShop } from '../accounts/find-shop.ts'
import { askAboutReturn } from '../checkout/go-back.ts'
import { linkTo } from '../checkout/link.ts'
import { answerPayer, type PayerAnswer, type PayerCall, type PayerRoute, payerRoute } from '../checkout/payer-route.ts'
import { readLook } from '../checkout/rules/read-look.ts'
import { texts } from '../checkout/texts/texts.ts'
import type { Context } from '../context.ts'
import { amountText } from '../directory/amount-text.ts'
import { currencies } from '../directory/currencies.ts'
import { Problem } from '../http/problem.ts'
import { readBody } from '../http/request-body.ts'
import { isUid } from '../ids.ts'
import { loadState, type State } from '../payments/find-payment.ts'
import { answerTransaction } from './answer-transaction.ts'
import { isOver, newsOfProcess, type Process, pageOfProcess, viewOfProcess } from './process-pages.ts'
import { shopAddress } from './rules/shop-address.ts'
import { statusOf } from './rules/status.ts'
import { transactionReply } from './schemas.ts'
import { answerShop, type ShopCall, type ShopReply } from './shop-route.ts'
import { selectTransactionByUid } from './table.ts'
import type { Transaction } from './transaction.ts'

const newsReply = Type.Object(
  {
    view: Type.String(),
    title: Type.Optional(Type.String()),
    text: Type.Optional(Type.String()),
    may_leave: Type.Optional(Type.Boolean()),
  },
  { description: 'Which page the transaction shows its payer now' },
)

export function processRoutes(app: FastifyInstance, ctx: Context): void {
  payerRoute(app, ctx, {
    method: 'GET',
    url: '/process/:uid',
    summary: 'Where the payer confirms a card payment at the bank',
    handle: (call) => showProcess(ctx, call),
  })
  payerRoute(app, ctx, {
    method: 'GET',
    url: '/process/:uid/state',
    summary: 'What an open page of the payer asks',
    reply: newsReply,
    handle: async (call) => ({ json: newsOfProcess(await loadProcess(ctx, call)) }),
  })
  const back: PayerRoute = {
    method: 'POST',
    url: '/process/:uid/return',
    summary: 'Where the bank sends the payer back to',
    handle: (call) => comeBack(ctx, call),
  }
  // A merchant with a form of his own hands the bank's answer in himself, with the credentials of his shop.
  const schema = {
    summary: back.summary,
    description:
      'A browser goes on to the shop or to a page; with the credentials of a shop the transaction is answered.',
    tags: ['Card API'],
    security: [{}, { shop: [] }],
    consumes: ['application/x-www-form-urlencoded', 'application/json'],
    params: Type.Object({ uid: Type.String() }),
    response: { 200: transactionReply, 303: Type.Null({ description: 'The payer goes on elsewhere' }) },
  }
  app.post(back.url, { schema }, (request, reply) =>
    request.headers.authorization === undefined
      ? answerPayer(app, ctx, back, request, reply)
      : answerShop(app, ctx, request, reply, (call) => answerMerchant(ctx, call), readBody),
  )
  payerRoute(app, ctx, { ...back, method: 'GET' })
}

/** Shows the payer what is to be done, or sends him on to the shop when it is done. */
async function showProcess(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const process = await loadProcess(ctx, call)
  const view = viewOfProcess(process)
  if (view === 'shop') return { to: process.to_shop ?? '' }
  return { page: pageOfProcess(process, view), look: process.look }
}

async function comeBack(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const { transaction, account } = await loadParent(ctx, call.params.uid ?? '')
  const shop = wayBack(transaction, await askedState(ctx, transaction, account))
  if (shop?.over) return { to: shop.url }
  return { to: linkTo({ path: `/process/${transaction.uid}`, pairs: [['returned', '1']] }, call.look) }
}

async function answerMerchant(ctx: Context, call: ShopCall): Promise<ShopReply> {
  const { transaction, account } = await loadParent(ctx, call.params.uid ?? '', call.shop.shop_id)
  return answerTransaction(ctx, call, transaction, await askedState(ctx, transaction, account))
}

/** How it stands once the gateway has been asked; a transaction that is over is not asked about. */
async function askedState(ctx: Context, { payment_id }: Transaction, account: Account): Promise<State> {
  const state = await loadState(ctx, account.id, payment_id)
  if (isOver(statusOf(state))) return state
  return (await askAboutReturn(ctx, account, state.payment)) ?? loadState(ctx, account.id, payment_id)
}

/** `null` = the shop named no address. */
function wayBack({ uid, request }: Transaction, state: State): { url: string; over: boolean } | null {
  if (request.return_url === null) return null
  const status = statusOf(state)
  return { url: shopAddress(new URL(request.return_url).href, uid, status), over: isOver(status) }
}

type Loaded = { readonly transaction: Transaction; readonly account: Account }

/** The payment or authorization of a uid, of one shop when it is named. 404 otherwise. */
async function loadParent(ctx: Context, uid: string, shop_id?: number): Promise<Loaded> {
  const transaction = isUid(uid) ? await selectTransactionByUid(ctx.sql, uid) : null
  if (!transaction || transaction.operation_id !== null) throw new Problem(404)
  if (shop_id !== undefined && transaction.shop_id !== shop_id) throw new Problem(404)
  return { transaction, account: await getAccount(ctx, transaction.account_id) }
}

/** The language is the transaction's unless the address names one. */
async function loadProcess(ctx: Context, call: PayerCall): Promise<Process> {
  const { transaction, account } = await loadParent(ctx, call.params.uid ?? '')
  const { request, payment_id, shop_id } = transaction
  const [state, shop, all] = await Promise.all([
    loadState(ctx, account.id, payment_id),
    findShop(ctx, shop_id),
    currencies(ctx),
  ])
  if (!shop) throw new Error(`shop ${shop_id} is gone`)
  const look = readLook(call.query, request.language)
  const exponent = all.get(request.currency)?.exponent ?? 2
  return {
    transaction,
    state,
    account,
    shop,
    look,
    words: texts[look.locale],
    amount: amountText(BigInt(request.amount), request.currency, exponent, look.locale),
    returned: call.query.returned === '1',
    to_shop: wayBack(transaction, state)?.url ?? null,
  }
}
