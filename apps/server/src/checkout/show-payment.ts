/** The page of a payment as it stands now. Opening or reloading it changes nothing. Merchant API contract 14.1, 14.3. */
import { html } from 'ghtml'
import { readAppealView } from '../appeals/appeal-view.ts'
import type { Context } from '../context.ts'
import { getExponent } from '../directory/currencies.ts'
import { Problem } from '../http/problem.ts'
import { openAttempt } from '../payments/check-attempt.ts'
import { takesService } from '../payments/choose-service.ts'
import { pageOf } from '../payments/payment.ts'
import { takesCard } from '../payments/submit-card.ts'
import { listEndedSets } from '../requisites/list-ended-sets.ts'
import type { RequisitesView } from '../requisites/requisites-view.ts'
import { cardPlace, linkTo, paymentPlace } from './link.ts'
import { type Checkout, loadAnyCheckout, loadCheckout, payable, summaryOf } from './load-checkout.ts'
import { loadRequisites, loadTransfer } from './load-transfer.ts'
import { originOf, type Page } from './page.ts'
import { invoicePage } from './pages/invoice-page.ts'
import { onwardForm, onwardPage } from './pages/onward-page.ts'
import { linkButton, statusPage } from './pages/status-page.ts'
import { mayLeave, waitingPage, waitingTexts } from './pages/waiting-page.ts'
import type { PayerAnswer, PayerCall } from './payer-route.ts'
import { chooseMood, chooseView, type View, type ViewFacts } from './rules/choose-view.ts'
import { lateOf } from './rules/late-claim.ts'
import { returnTarget } from './rules/return-target.ts'
import { endPage, failureTexts, isTransferEnd } from './show-end.ts'
import { type OpenPhase, openRequisitesPage, requisitesNews } from './show-requisites.ts'

export function viewFacts(ctx: Context, { account, state }: Checkout, call: PayerCall): ViewFacts {
  const now = ctx.now()
  return {
    payment: state.payment,
    attempts: state.attempts,
    takes_card: takesCard(account, state, now),
    now,
    done_elsewhere: call.query.returned === '1' || call.query.paid === '1',
  }
}

/** `GET /hpp/?cpi=…` */
export async function showPayment(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const checkout = await loadAnyCheckout(ctx, { query: call.query }, call.look.locale)
  if (checkout.closed) return showClosed(ctx, checkout, call)
  const { payment } = checkout.state
  const facts = viewFacts(ctx, checkout, call)
  const view = chooseView(facts)
  const transfer = await openTransfer(ctx, checkout, view)
  if (transfer) return { page: await transferPage(ctx, checkout, call, transfer) }
  switch (view) {
    case 'card':
      return { to: linkTo(cardPlace(payment.session_id ?? ''), call.look) }
    case 'choose':
      return { to: linkTo({ path: '/hpp/methods', pairs: [['cpi', payment.id]] }, call.look) }
    case 'retry':
      return { page: retryPage(checkout, call) }
    case 'confirm':
    case 'onward':
      return { page: leavingPage(checkout, call, view) }
    case 'details':
      return { page: detailsPage(ctx, checkout, call) }
    case 'requisites':
    case 'waiting':
      return { page: waiting(checkout, call, facts) }
    default:
      return showEnd(ctx, checkout, call, view)
  }
}

async function transferPage(ctx: Context, checkout: Checkout, call: PayerCall, transfer: OpenTransfer): Promise<Page> {
  const { account, state } = checkout
  const { phase } = transfer
  const asked = phase === 'searching' || phase === 'waiting' ? lateOf(call.query) : 0
  const ended = asked > 0 ? await listEndedSets(ctx, account, state.payment) : []
  const late = ended.find((set) => set.asked === asked) ?? null
  const appeal = phase === 'over' || late ? await readAppealView(ctx, state.payment) : null
  return openRequisitesPage(transfer, phase, {
    checkout,
    call,
    exponent: await getExponent(ctx, transfer.currency),
    appeal_open: appeal?.open === true,
    late,
    other_method: takesService(account, state, call.now),
    public_url: ctx.config.public_url,
  })
}

/** Its pages are closed, but a transfer may still be looked for. */
async function showClosed(ctx: Context, checkout: Checkout, call: PayerCall): Promise<PayerAnswer> {
  const transfer = await loadTransfer(ctx, checkout, call)
  if (transfer?.appeal || transfer?.requisites.may_appeal) return { to: transfer.appeal_link }
  throw new Problem(410)
}

async function showEnd(ctx: Context, checkout: Checkout, call: PayerCall, view: View): Promise<PayerAnswer> {
  const { payment } = checkout.state
  const transfer = await loadTransfer(ctx, checkout, call)
  const page = endPage(checkout, call, view, transfer)
  // What is to be done about a transfer nobody else may tell the payer.
  const skips = payment.options?.bypass_hpp === true && returnTarget(payment, checkout.account) !== null
  return skips && !isTransferEnd(view, transfer) ? { to: `/return?id=${payment.id}` } : { page }
}

const generalViews: ReadonlySet<View> = new Set(['requisites', 'waiting', 'details', 'retry'])

type OpenTransfer = RequisitesView & { readonly phase: OpenPhase }

/** Of a payment by requisites that has not ended: what its page shows. */
async function openTransfer(ctx: Context, checkout: Checkout, view: View): Promise<OpenTransfer | null> {
  const requisites = generalViews.has(view) ? await loadRequisites(ctx, checkout) : null
  if (!requisites || requisites.phase === 'ended' || requisites.phase === 'paid') return null
  return { ...requisites, phase: requisites.phase }
}

/** `GET /hpp/state?cpi=…`: what the script of a waiting page asks. */
export async function showState(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const checkout = await loadCheckout(ctx, { query: call.query }, call.look.locale)
  const facts = viewFacts(ctx, checkout, call)
  const view = chooseView(facts)
  const transfer = await openTransfer(ctx, checkout, view)
  if (transfer) return { json: requisitesNews(transfer, transfer.phase) }
  if (view !== 'waiting' && view !== 'requisites') return { json: { view } }
  const mood = chooseMood(facts)
  return { json: { view: 'waiting', ...waitingTexts(mood, call.words), may_leave: mayLeave(mood) } }
}

type Frame = Pick<Page, 'view' | 'account' | 'test_mode' | 'summary' | 'here' | 'poll' | 'step'>

/** What the pages of an open payment have in common. */
function frameOf({ account, state, money }: Checkout, call: PayerCall, view: View): Frame {
  const { payment } = state
  const more = ['returned', 'paid'].filter((key) => call.query[key] === '1').map((key) => [key, '1'] as const)
  const here = paymentPlace(payment.id, more)
  return {
    view,
    account,
    test_mode: payment.test_mode,
    summary: summaryOf(payment, money),
    step: 'details',
    here,
    poll: linkTo({ path: '/hpp/state', pairs: here.pairs }, call.look),
  }
}

function retryPage(checkout: Checkout, call: PayerCall): Page {
  const { payment } = checkout.state
  const { result } = call.words
  const place = cardPlace(payment.session_id ?? '')
  return {
    ...frameOf(checkout, call, 'retry'),
    title: result.failed_once,
    main: statusPage({
      tone: 'warning',
      title: result.failed_once,
      text: failureTexts(checkout, call),
      amount: null,
      facts: [],
      actions: [
        linkButton(linkTo(place, call.look), result.try_card, 'primary'),
        linkButton(
          linkTo({ path: '/hpp/methods', pairs: [['cpi', payment.id]] }, call.look),
          result.other_method,
          'plain',
        ),
      ],
    }),
  }
}

function leavingPage(checkout: Checkout, call: PayerCall, view: 'confirm' | 'onward'): Page {
  const attempt = openAttempt(checkout.state)
  const action = attempt && pageOf(attempt)
  if (!attempt || !action) throw new Error(`payment ${checkout.state.payment.id} has no page to go on to`)
  const words = call.words[view]
  const target = originOf(action.url)
  return {
    ...frameOf(checkout, call, view),
    title: words.title,
    form_targets: target ? [target] : [],
    main: onwardPage({ ...words, onward: action, key: attempt.id, more: '' }),
  }
}

function detailsPage(ctx: Context, checkout: Checkout, call: PayerCall): Page {
  const { account, state, money } = checkout
  const { payment } = state
  const attempt = openAttempt(state)
  const { result, invoice, amount } = call.words
  const simulates = payment.test_mode && ctx.connectors.get(attempt?.connector ?? '')?.can.simulate_payer === true
  const frame = frameOf(checkout, call, 'details')
  return {
    ...frame,
    title: invoice.title,
    main: invoicePage({
      words: call.words,
      facts: [
        [result.merchant, account.name],
        [amount, payable(payment, money)],
        [result.reference, attempt?.reference ?? payment.reference_id],
      ],
      paid_link: linkTo(paymentPlace(payment.id, [['paid', '1']]), call.look),
      simulate: simulates ? linkTo({ path: '/hpp/simulate', pairs: [['cpi', payment.id]] }, call.look) : null,
    }),
  }
}

function waiting(checkout: Checkout, call: PayerCall, facts: ViewFacts): Page {
  const frame = frameOf(checkout, call, 'waiting')
  const mood = chooseMood(facts)
  const again = frame.here ? linkTo(frame.here, call.look) : ''
  const { account, state } = checkout
  const leave = returnTarget(state.payment, account) === null ? null : `/return?id=${state.payment.id}`
  const open = openAttempt(state)
  const action = open && pageOf(open)
  const target = action ? originOf(action.url) : null
  const more = action && facts.done_elsewhere ? onwardForm(action, call.words.onward.again, 'plain', null) : html``
  return {
    ...frame,
    title: waitingTexts(mood, call.words).title,
    form_targets: target ? [target] : [],
    refresh: { after_s: 3, url: again, always: false },
    main: waitingPage({ mood, words: call.words, again, leave, actions: [more] }),
  }
}
