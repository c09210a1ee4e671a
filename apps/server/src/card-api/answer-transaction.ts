/** A transaction as it stands, in the body of the version that is asked for. */
import { findShop } from '../accounts/find-shop.ts'
import type { Context } from '../context.ts'
import { findOperation } from '../payments/find-operation.ts'
import { loadState, type State } from '../payments/find-payment.ts'
import type { Operation } from '../payments/payment.ts'
import { recentGateways } from '../routing/load-routing.ts'
import { type TransactionView, transactionBody } from './document.ts'
import type { ShopCall, ShopReply } from './shop-route.ts'
import type { ApiVersion, Transaction } from './transaction.ts'

/** What a document is made of, read where it is not handed in. */
export async function loadView(
  ctx: Context,
  transaction: Transaction,
  known: { readonly state?: State; readonly operation?: Operation | null } = {},
): Promise<TransactionView> {
  const { account_id, payment_id, operation_id, shop_id } = transaction
  const state = known.state ?? (await loadState(ctx, account_id, payment_id))
  const operation =
    known.operation ?? (operation_id === null ? null : await findOperation(ctx, account_id, payment_id, operation_id))
  const shop = await findShop(ctx, shop_id)
  if (!shop) throw new Error(`shop ${shop_id} is gone`)
  return {
    shop,
    transaction,
    ...state,
    operation,
    gateways: await recentGateways(ctx),
    card_host: ctx.config.public_url,
  }
}

export async function answerTransaction(
  ctx: Context,
  { version }: Pick<ShopCall, 'version'>,
  transaction: Transaction,
  state?: State,
): Promise<ShopReply> {
  const view = await loadView(ctx, transaction, state ? { state } : {})
  return { body: transactionBody(view, version) }
}

/** The body as it is told to the merchant: in the version of the request that made the transaction. */
export function toldBody(view: TransactionView): string {
  const version: ApiVersion = view.transaction.api_version
  return JSON.stringify(transactionBody(view, version))
}
