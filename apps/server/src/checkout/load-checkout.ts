/** What every page about a payment starts from. */
import type { Account } from '../accounts/account.ts'
import { getAccount } from '../accounts/find-account.ts'
import type { Context } from '../context.ts'
import { amountText } from '../directory/amount-text.ts'
import { currencies } from '../directory/currencies.ts'
import type { Locale } from '../directory/service.ts'
import { checkAccountState } from '../http/credentials.ts'
import { Problem } from '../http/problem.ts'
import { queryText } from '../http/query.ts'
import type { Query } from '../http/routes.ts'
import { findPaymentById, findPaymentBySession, loadState, type State } from '../payments/find-payment.ts'
import type { Payment } from '../payments/payment.ts'
import type { Summary } from './page.ts'
import { isPageClosed } from './rules/choose-view.ts'

export type Checkout = {
  readonly account: Account
  readonly state: State
  /** Over for so long that its pages are closed. */
  readonly closed: boolean
  /** An amount in the language of the page. */
  readonly money: (minor: bigint, currency: string) => string
}

/** Payments of the Card API have pages of their own: here they could be paid, cancelled or shown in ways their shop did not ask for. */
export async function findCheckoutPayment(ctx: Context, id: string | null): Promise<Payment> {
  const payment = await findPaymentById(ctx, id ?? '')
  if (!payment || payment.source === 'card_api') throw new Problem(404)
  return payment
}

/** The payment named by `cpi` or by a card session. 404: unknown; 403: the account may not; 410: over for too long. */
export async function loadCheckout(
  ctx: Context,
  by: { readonly query: Query } | { readonly session_id: string },
  locale: Locale,
): Promise<Checkout> {
  const checkout = await loadAnyCheckout(ctx, by, locale)
  if (checkout.closed) throw new Problem(410)
  return checkout
}

/** The same of a payment that may be over for long. */
export async function loadAnyCheckout(
  ctx: Context,
  by: { readonly query: Query } | { readonly session_id: string },
  locale: Locale,
): Promise<Checkout> {
  const payment =
    'query' in by
      ? await findCheckoutPayment(ctx, queryText(by.query, 'cpi'))
      : await findPaymentBySession(ctx, by.session_id)
  if (!payment) throw new Problem(404)
  const account = await getAccount(ctx, payment.account_id)
  checkAccountState(account, true)
  const all = await currencies(ctx)
  return {
    account,
    closed: isPageClosed(payment, ctx.now()),
    state: await loadState(ctx, account.id, payment.id),
    money: (minor, currency) => amountText(minor, currency, all.get(currency)?.exponent ?? 2, locale),
  }
}

/** What the payer pays, in the currency it is paid in. */
export function payable(payment: Payment, money: Checkout['money']): string {
  const { service_currency, payment_service_amount_minor } = payment
  return service_currency !== null && payment_service_amount_minor !== null
    ? money(payment_service_amount_minor, service_currency)
    : money(payment.payment_amount_minor, payment.currency)
}

export function summaryOf(payment: Payment, money: Checkout['money']): Summary {
  const exchanged = payment.service_currency !== null && payment.service_currency !== payment.currency
  return {
    amount: payable(payment, money),
    other_amount: exchanged ? money(payment.payment_amount_minor, payment.currency) : null,
    description: payment.description,
    expires_at: payment.expires_at,
  }
}
