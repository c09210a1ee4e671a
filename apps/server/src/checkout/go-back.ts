/** Ways out of the checkout and back into it. Targets come from what is stored, never from the request. Contract 14.1, 14.6. */
import { formatMinor } from '@cascad/money'
import type { Account } from '../accounts/account.ts'
import { getAccount } from '../accounts/find-account.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import { queryText } from '../http/query.ts'
import { serialNumber } from '../ids.ts'
import { payerReturned } from '../payments/check-attempt.ts'
import { loadState, type State } from '../payments/find-payment.ts'
import { isClosed, type Payment } from '../payments/payment.ts'
import { shownStatus } from '../payments/rules/shown-status.ts'
import { joinRun, startRun } from '../payments/running.ts'
import { linkTo, paymentPlace } from './link.ts'
import { findCheckoutPayment, loadCheckout } from './load-checkout.ts'
import type { PayerAnswer, PayerCall } from './payer-route.ts'
import { chooseView } from './rules/choose-view.ts'
import { returnTarget } from './rules/return-target.ts'
import { showPayment, viewFacts } from './show-payment.ts'

/** A slow gateway is asked in the background; the payer sees the waiting page meanwhile. */
const answerWithin_ms = 4_000

/** `GET /return?id=…`: to the shop, or to the status page when the shop named no address. */
export async function returnToShop(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const payment = await findCheckoutPayment(ctx, queryText(call.query, 'id'))
  const account = await getAccount(ctx, payment.account_id)
  const target = returnTarget(payment, account)
  if (target === null) return { to: linkTo(paymentPlace(payment.id), call.look) }
  return { to: sendsContext(payment, account) ? await withContext(ctx, target, payment) : target }
}

function sendsContext(payment: Payment, account: Account): boolean {
  return payment.options?.send_operation_context_on_return ?? account.options.send_operation_context
}

async function withContext(ctx: Context, target: string, payment: Payment): Promise<string> {
  const exponent = (await currencies(ctx)).get(payment.currency)?.exponent ?? 2
  const url = new URL(target)
  url.searchParams.append('id', payment.id)
  url.searchParams.append('serial_number', serialNumber(payment.id))
  url.searchParams.append('reference_id', payment.reference_id)
  url.searchParams.append('amount', formatMinor(payment.amount_minor, exponent))
  url.searchParams.append('currency', payment.currency)
  url.searchParams.append('status', shownStatus(payment.status))
  return url.href
}

/** `GET|POST /hpp/return/{cpi}`: the browser comes from the bank or the provider. What it brings proves nothing: we ask. */
export async function comeBack(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const payment = await findCheckoutPayment(ctx, call.params.cpi ?? '')
  const account = await getAccount(ctx, payment.account_id)
  await askAboutReturn(ctx, account, payment)
  if (call.query.from === 'shop' && returnTarget(payment, account) !== null) return { to: `/return?id=${payment.id}` }
  return { to: linkTo(paymentPlace(payment.id, [['returned', '1']]), call.look) }
}

/**
 * The payer has been at the bank: asks the gateway at once, for a few seconds. Browsers that come back together ask once.
 * `null`: the payment is over already, or the gateway is slow and news come later.
 */
export async function askAboutReturn(ctx: Context, account: Account, payment: Payment): Promise<State | null> {
  if (isClosed(payment)) return null
  const asked = startRun(ctx, payment.id, async () => {
    await payerReturned(ctx, account, payment)
    return loadState(ctx, account.id, payment.id)
  })
  // A fault is in the log already; the payer sees how things stand.
  return joinRun(asked, answerWithin_ms).catch(() => null)
}

/** `GET /redirect/hpp/?cpi=…`: straight to where the payer has to act, when a link can lead there. */
export async function redirectOn(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const checkout = await loadCheckout(ctx, { query: call.query }, call.look.locale)
  const { payment } = checkout.state
  const flow = payment.flow_data
  const view = chooseView(viewFacts(ctx, checkout, call))
  const acts = view === 'card' || view === 'onward'
  if (acts && flow?.method === 'GET' && Object.keys(flow.params).length === 0) {
    const own = payment.session_id !== null && flow.action.endsWith(`/hpp/${payment.session_id}`)
    return { to: own ? linkTo({ path: flow.action, pairs: [] }, call.look) : flow.action }
  }
  if (acts && flow) return showPayment(ctx, call)
  return { to: linkTo(paymentPlace(payment.id), call.look) }
}
