/** Status pages: what became of the payment, and the way back to the shop. Merchant API contract 14.3, 14.6. */

import { timeText } from '../directory/amount-text.ts'
import type { RequisitesView } from '../requisites/requisites-view.ts'
import { paymentPlace } from './link.ts'
import { type Checkout, payable } from './load-checkout.ts'
import type { Html, Page } from './page.ts'
import { transferFacts } from './pages/requisites-status.ts'
import { frameButton, linkButton, type StatusParts, statusPage } from './pages/status-page.ts'
import type { PayerCall } from './payer-route.ts'
import type { View } from './rules/choose-view.ts'
import { failureReason } from './rules/failure-reason.ts'
import { returnTarget } from './rules/return-target.ts'

const autoReturn_s = 5

/** What a payment by requisites adds to its end. */
export type Transfer = {
  readonly requisites: Pick<RequisitesView, 'shown' | 'method' | 'may_appeal' | 'expires_at' | 'now'>
  /** The newest appeal; `promised` in the language of the page. */
  readonly appeal: { readonly open: boolean; readonly promised: string } | null
  readonly appeal_link: string
}

type Told = Pick<StatusParts, 'tone' | 'title' | 'urgent' | 'text' | 'amount' | 'facts'>

/** `transfer`: of a payment by requisites. */
export function endPage(checkout: Checkout, call: PayerCall, view: View, transfer: Transfer | null = null): Page {
  const { account, state } = checkout
  const { payment } = state
  const { result } = call.words
  const failed = failures.has(view)
  const shown = isTransferEnd(view, transfer)
  const told = shown && transfer ? tellTransfer(checkout, call, view, transfer) : tell(checkout, call, view)
  const leads = returnTarget(payment, account) !== null
  const url = `/return?id=${payment.id}`
  const returns = leads && account.options.auto_return && view !== 'refund_running' && !shown
  const actions: Html[] = [
    ...(leads ? [linkButton(url, result.return, 'primary', true)] : []),
    ...(transfer ? appealLinks(call, transfer, failed) : []),
    ...(failed ? [frameButton('reinit', result.start_again)] : []),
    frameButton('delete', result.done),
  ]
  return {
    view,
    title: told.title,
    account,
    test_mode: payment.test_mode,
    step: 'result',
    here: paymentPlace(payment.id),
    refresh: returns ? { after_s: autoReturn_s, url, always: true } : null,
    main: statusPage({ ...told, text: returns ? [...told.text, result.return_soon] : told.text, actions }),
  }
}

const failures: ReadonlySet<View> = new Set(['failed', 'time_over', 'cancelled'])

/** The payer has seen requisites, and the payment has come to nothing. */
export function isTransferEnd(view: View, transfer: Transfer | null): boolean {
  return failures.has(view) && transfer !== null && transfer.requisites.shown !== null
}

/** A payment by requisites has ended: nobody is to pay to them any more, and who has paid can say so. */
function tellTransfer(checkout: Checkout, call: PayerCall, view: View, { requisites, appeal }: Transfer): Told {
  const { payment } = checkout.state
  const { result, requisites: words, appeal: told, amount } = call.words
  const early = requisites.expires_at !== null && requisites.now < requisites.expires_at
  const over = early ? words.over : result.time_over
  const title = view === 'time_over' ? over : view === 'cancelled' ? result.cancelled : result.failed
  const after = requisites.may_appeal ? words.sent_anyway : words.start_at_shop
  const promise: [string, string][] = appeal?.open ? [[told.answer_by, appeal.promised]] : []
  return {
    tone: view === 'cancelled' ? 'info' : 'warning',
    title,
    urgent: words.do_not_pay,
    text: [appeal?.open ? told.checking_text : after],
    amount: null,
    facts: [
      ...promise,
      [amount, payable(payment, checkout.money)],
      ...transferFacts(requisites, call.words),
      ...commonFacts(checkout, call).slice(1),
    ],
  }
}

function appealLinks({ words }: PayerCall, { requisites, appeal, appeal_link }: Transfer, failed: boolean): Html[] {
  if (appeal?.open) return [linkButton(appeal_link, words.appeal.checking, 'plain')]
  if (!requisites.may_appeal) return []
  const { paid_already, other_amount } = words.requisites
  return [linkButton(appeal_link, failed ? paid_already : other_amount, 'plain')]
}

function tell(checkout: Checkout, call: PayerCall, view: View): Told {
  const { payment } = checkout.state
  const { result, amount } = call.words
  const facts = commonFacts(checkout, call)
  const asked = [amount, payable(payment, checkout.money)] as const
  const paid = checkout.money(payment.processed_amount_minor ?? payment.payment_amount_minor, payment.currency)
  switch (view) {
    case 'paid':
      return payment.status === 'verified'
        ? { tone: 'success', title: result.verified, text: [], amount: null, facts }
        : { tone: 'success', title: result.paid, text: [], amount: paid, facts: [...charged(checkout, call), ...facts] }
    case 'paid_partly': {
      const full = [result.asked, checkout.money(payment.payment_amount_minor, payment.currency)] as const
      return {
        tone: 'success',
        title: result.paid_partly,
        text: [result.paid_partly_text],
        amount: paid,
        facts: [full, ...facts],
      }
    }
    case 'time_over':
      return {
        tone: 'warning',
        title: result.time_over,
        text: [result.time_over_text],
        amount: null,
        facts: [asked, ...facts],
      }
    case 'cancelled':
      return {
        tone: 'info',
        title: result.cancelled,
        text: [result.cancelled_text],
        amount: null,
        facts: [asked, ...facts],
      }
    case 'refund_running':
      return { tone: 'info', title: result.refund_running, text: [result.refund_running_text], amount: paid, facts }
    case 'refunded': {
      const whole = payment.status === 'refunded'
      const back = checkout.money(payment.refunded_amount_minor ?? 0n, payment.currency)
      const title = whole ? result.refunded : result.refunded_partly
      return { tone: 'info', title, text: [result.refunded_text], amount: back, facts: [[amount, paid], ...facts] }
    }
    case 'disputed':
      return { tone: 'info', title: result.disputed, text: [result.disputed_text], amount: null, facts: [] }
    default: {
      const text = failureTexts(checkout, call)
      return { tone: 'danger', title: result.failed, text, amount: null, facts: [asked, ...facts] }
    }
  }
}

/** The reason in plain words; and that nothing was taken, where that is certain. */
export function failureTexts({ state }: Checkout, { words }: PayerCall): string[] {
  const reason = words.reasons[failureReason(state.payment.resolution)]
  return tookNothing(state) ? [reason, words.result.nothing_taken] : [reason]
}

/** Of a payment that failed: it is certain that the payer was not charged. */
export function tookNothing({ payment, attempts }: Checkout['state']): boolean {
  if (failureReason(payment.resolution) === 'duplicate') return false
  return attempts.every(({ status, late_approval }) => status !== 'unknown' && !late_approval)
}

/** What left the payer's account, when that is another currency. */
function charged({ state, money }: Checkout, call: PayerCall): [string, string][] {
  const { payment } = state
  if (payment.service_currency === null || payment.service_currency === payment.currency) return []
  return [[call.words.result.charged, payable(payment, money)]]
}

function commonFacts({ account, state }: Checkout, call: PayerCall): [string, string][] {
  const { payment } = state
  const { result } = call.words
  const time = payment.processed_at ?? payment.updated_at
  return [
    [result.merchant, account.name],
    ...(payment.description ? [[result.description, payment.description] as [string, string]] : []),
    [result.date, timeText(time, call.look.locale, account.time_zone)],
    [result.id, payment.id],
  ]
}
