/** The card page: shows the form, and hands a good card to the payment once. Merchant API contract 14.4, 14.5. */
import type { Context } from '../context.ts'
import { findSavedCard, type SavedCard } from '../payments/card-token.ts'
import type { Payment } from '../payments/payment.ts'
import { submitCard, takesCard } from '../payments/submit-card.ts'
import { cardPlace, linkTo, paymentPlace } from './link.ts'
import { type Checkout, loadCheckout, payable, summaryOf } from './load-checkout.ts'
import { originOf, type Page } from './page.ts'
import { cancelForm } from './pages/cancel-form.ts'
import { cardPage } from './pages/card-page.ts'
import type { PayerAnswer, PayerCall } from './payer-route.ts'
import {
  type CardFormProblems,
  cardFormText,
  holder_length_max,
  readCardForm,
  readSavedCardForm,
} from './read-card-form.ts'
import { failureReason } from './rules/failure-reason.ts'

/** Most answers are there by then, and the payer sees the result at once; for the others there is the waiting page. */
const answerWithin_ms = 1_500

/** `GET /hpp/cgi_…` */
export async function showCardForm(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const checkout = await loadCheckout(ctx, { session_id: call.params.session_id ?? '' }, call.look.locale)
  const { account, state } = checkout
  if (!takesCard(account, state, ctx.now())) return { to: linkTo(paymentPlace(state.payment.id), call.look) }
  return { page: pageOf(checkout, call, { expiry: '', holder: '' }, {}, await savedCardOf(ctx, state.payment)) }
}

/** `POST /hpp/cgi_…`. A form of an earlier try, a second tab or the back button submits nothing and shows how things stand. */
export async function takeCardForm(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const checkout = await loadCheckout(ctx, { session_id: call.params.session_id ?? '' }, call.look.locale)
  const { account, state } = checkout
  const { payment } = state
  const onward = { to: linkTo(paymentPlace(payment.id), call.look) }
  const now = ctx.now()
  if (!takesCard(account, state, now) || call.form.submission !== String(payment.submissions)) return onward
  const sent = cardFormText(call.form)
  const saved = await savedCardOf(ctx, payment)
  const read = saved
    ? readSavedCardForm(sent, call.words)
    : readCardForm(sent, call.words, { now, test_mode: payment.test_mode })
  if (read.problems) {
    const kept = { expiry: sent.expiry, holder: sent.holder }
    return { page: { ...pageOf(checkout, call, kept, read.problems, saved), status: 422 } }
  }
  const submission = {
    card: read.card,
    cvv: saved ? sent.cvv : null,
    browser: browserFacts(call),
    client_ip: call.ip,
    payer_on_page: true,
  }
  await submitCard(ctx, account, payment, submission, answerWithin_ms)
  return onward
}

/** The card the payment was created to be paid with, while it can still be used. */
async function savedCardOf(ctx: Context, payment: Payment): Promise<SavedCard | null> {
  return payment.card_token === null
    ? null
    : findSavedCard(ctx, payment.account_id, payment.test_mode, payment.card_token)
}

function pageOf(
  checkout: Checkout,
  call: PayerCall,
  kept: { expiry: string; holder: string },
  problems: CardFormProblems,
  saved: SavedCard | null,
): Page {
  const { account, state, money } = checkout
  const { payment } = state
  const { words, look } = call
  const place = cardPlace(payment.session_id ?? '')
  const amount = payable(payment, money)
  const again = payment.submissions > 0
  const failed = payment.payment_status === 'process_failed'
  return {
    view: 'card',
    title: words.card.title,
    account,
    test_mode: payment.test_mode,
    summary: summaryOf(payment, money),
    step: 'details',
    here: place,
    form_targets: bypassTargets(checkout),
    main: cardPage({
      place,
      look,
      words,
      submission: payment.submissions,
      button: payment.payment_flow === 'verify' ? words.labels.verify : `${words.labels[look.pay_label]} ${amount}`,
      holder_length_max,
      kept,
      problems,
      saved: saved && { brand: saved.card.brand, last: saved.card.last },
      failed: failed ? words.reasons[failureReason(payment.resolution)] : null,
      cancel: again ? '' : cancelForm(linkTo({ path: '/hpp/cancel', pairs: [['cpi', payment.id]] }, look), words),
    }),
  }
}

/** Without a status page the form's redirects end at the shop, and browsers hold those against the policy of the form. */
function bypassTargets({ account, state }: Checkout): string[] {
  const { payment } = state
  if (!payment.options?.bypass_hpp) return []
  const urls = [payment.return_url, ...Object.values(payment.return_urls ?? {}), ...Object.values(account.return_urls)]
  return [...new Set(urls.map((url) => (url ? originOf(url) : null)).filter((origin) => origin !== null))]
}

const measured = [
  'browser_color_depth',
  'browser_screen_height',
  'browser_screen_width',
  'browser_tz',
  'window_height',
  'window_width',
  'browser_java_enabled',
]

/** What issuers ask about the browser for 3-D Secure: headers, and what the script measured. */
function browserFacts(call: PayerCall): Record<string, string> {
  const facts: Record<string, string> = { browser_ip: call.ip }
  const header = (name: 'accept' | 'user-agent' | 'accept-language', key: string): void => {
    const value = call.headers[name]
    if (value) facts[key] = value.slice(0, 500)
  }
  header('accept', 'browser_accept_header')
  header('user-agent', 'browser_user_agent')
  header('accept-language', 'browser_language')
  for (const key of measured) {
    const value = call.form[key]
    if (typeof value === 'string' && /^-?[a-z0-9]{1,8}$/.test(value)) facts[key] = value
  }
  return facts
}
