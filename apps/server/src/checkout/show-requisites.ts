/** The page of a payment by requisites as it stands now. Opening or reloading it changes nothing. Cascade API contract 14.3. */
import { html } from 'ghtml'
import { clockText, decimalText } from '../directory/amount-text.ts'
import type { Payment } from '../payments/payment.ts'
import type { EndedSet } from '../requisites/list-ended-sets.ts'
import type { RequisitesPhase, RequisitesView } from '../requisites/requisites-view.ts'
import { linkTo, paymentPlace } from './link.ts'
import type { Checkout } from './load-checkout.ts'
import { appealPlace } from './load-transfer.ts'
import type { Html, Page } from './page.ts'
import { noticeBox } from './pages/notice.ts'
import { type RequisitesParts, requisitesPage } from './pages/requisites-page.ts'
import {
  claimedPage,
  noneFoundPage,
  overPage,
  type RequisitesStatusParts,
  searchingPage,
  timeOverPage,
  transferFacts,
} from './pages/requisites-status.ts'
import type { PayerCall } from './payer-route.ts'
import { qrPicture } from './qr-picture.ts'
import { isKept, keptPair, latePair } from './rules/late-claim.ts'
import type { Pair } from './rules/read-look.ts'
import { copiedAmount } from './rules/requisite-number.ts'
import { pageMark, setMark } from './rules/requisites-mark.ts'
import { returnTarget } from './rules/return-target.ts'
import { transferCode } from './rules/transfer-code.ts'
import type { Texts } from './texts/texts.ts'

/** Phases with a page here; the two ends look like the ends of every payment. */
export type OpenPhase = Exclude<RequisitesPhase, 'ended' | 'paid'>

export type RequisitesAround = {
  readonly checkout: Pick<Checkout, 'account' | 'state'>
  readonly call: Pick<PayerCall, 'look' | 'words' | 'query'>
  /** Decimal places of the currency. */
  readonly exponent: number
  readonly appeal_open: boolean
  /** The payer has claimed requisites that were not valid any more. */
  readonly late: EndedSet | null
  /** Another way to pay may be chosen. */
  readonly other_method: boolean
  /** Scheme, host and port of this installation. */
  readonly public_url: string
}

/** How soon an open page asks again, with a script and without. */
const pace: Readonly<Record<OpenPhase, { readonly every_ms: number; readonly refresh_s: number | null }>> = {
  searching: { every_ms: 1_000, refresh_s: 2 },
  none_found: { every_ms: 5_000, refresh_s: null },
  waiting: { every_ms: 4_000, refresh_s: 30 },
  claimed: { every_ms: 3_000, refresh_s: 5 },
  time_over: { every_ms: 3_000, refresh_s: 5 },
  over: { every_ms: 5_000, refresh_s: null },
}

export function openRequisitesPage(view: RequisitesView, phase: OpenPhase, around: RequisitesAround): Page {
  const { checkout, call } = around
  const { account, state } = checkout
  const { payment } = state
  const { look } = call
  const place = paymentPlace(payment.id, morePairs(phase, around))
  const again = linkTo(place, look)
  const amount = decimalText(view.amount, view.currency, around.exponent, look.locale)
  const { every_ms, refresh_s } = pace[phase]
  return {
    view: `requisites-${phase}`,
    title: titleOf(view, phase, around),
    account,
    test_mode: payment.test_mode,
    summary: { amount, other_amount: null, description: payment.description, expires_at: null },
    beside: phase === 'waiting' ? codeOf(view, around) : null,
    step: 'details',
    here: place,
    poll: linkTo({ path: '/hpp/state', pairs: place.pairs }, look),
    poll_every_ms: every_ms,
    mark: pageMark(view),
    refresh: refresh_s === null ? null : { after_s: refresh_s, url: again, always: false },
    main: html`!${lateNotice(view, around)}!${mainOf(view, phase, around, amount)}`,
  }
}

/** So that reloading by itself keeps what the page has to say. */
function morePairs(phase: OpenPhase, { call, late }: RequisitesAround): readonly Pair[] {
  return [...(late ? [latePair(late.asked)] : []), ...(phase === 'claimed' && isKept(call.query) ? [keptPair] : [])]
}

/** Where money may have gone to details that were replaced, before the payer sends it again. */
function lateNotice({ may_appeal }: RequisitesView, { checkout, call, late, appeal_open }: RequisitesAround): Html {
  if (!late) return ''
  const { look, words } = call
  const { requisites, appeal } = words
  const [number] = transferFacts(late, words)
  const href = linkTo(appealPlace(checkout.state.payment.id, late.asked), look)
  const told = appeal_open ? appeal.checking : may_appeal ? requisites.late_sent : null
  const lines = [number ? `${number[0]}: ${number[1]}` : '', requisites.late_text, told ? '' : requisites.late_shop]
  return noticeBox(
    requisites.late,
    lines.filter((line) => line !== ''),
    told === null ? null : { href, text: told },
  )
}

/** What an open page is told when it asks: whether it still shows what is, and how much time is left. */
export function requisitesNews(view: RequisitesView, phase: OpenPhase): Readonly<Record<string, unknown>> {
  const { expires_at, now } = view
  const left_ms = phase === 'waiting' && expires_at ? expires_at.getTime() - now.getTime() : null
  return {
    view: `requisites-${phase}`,
    mark: pageMark(view),
    ...(left_ms === null ? {} : { left_s: Math.max(0, Math.floor(left_ms / 1000)) }),
  }
}

function titleOf({ method }: RequisitesView, phase: OpenPhase, { call, checkout }: RequisitesAround): string {
  const { requisites } = call.words
  switch (phase) {
    case 'searching':
      return requisites.searching
    case 'none_found':
      return requisites.none
    case 'waiting':
      return requisites.title[method]
    case 'claimed':
      return requisites.claimed
    case 'time_over':
      return requisites.time_over
    case 'over':
      return isGivenUp(checkout) ? requisites.none : requisites.over
  }
}

function mainOf(view: RequisitesView, phase: OpenPhase, around: RequisitesAround, amount: string): Html {
  const parts = partsOf(view, around, amount)
  switch (phase) {
    case 'searching':
      return searchingPage(parts)
    case 'none_found':
      return noneFoundPage(parts)
    case 'waiting':
      return requisitesPage(parts)
    case 'claimed':
      return claimedPage(parts)
    case 'time_over':
      return timeOverPage(parts)
    case 'over':
      return overPage(parts)
  }
}

function partsOf(
  view: RequisitesView,
  { checkout, call, exponent, other_method, appeal_open, late }: RequisitesAround,
  amount: string,
): RequisitesParts & RequisitesStatusParts {
  const { account, state } = checkout
  const { payment } = state
  const { look, words } = call
  const pairs = [['cpi', payment.id]] as const
  const link = (path: string): string => linkTo({ path, pairs }, look)
  const { expires_at, now } = view
  return {
    view,
    words,
    amount,
    copied_amount: copiedAmount(view.amount, exponent),
    until: expires_at ? clockText(expires_at, now, look.locale, account.time_zone) : '',
    order: orderOf(payment, words),
    mark: setMark(view),
    given_up: isGivenUp(checkout),
    kept: isKept(call.query),
    appeal_open,
    actions: {
      paid: link('/hpp/requisites/paid'),
      other: link('/hpp/requisites/other'),
      cancel: link('/hpp/requisites/cancel'),
    },
    links: {
      again: linkTo(paymentPlace(payment.id, late ? [latePair(late.asked)] : []), look),
      check: link('/hpp/requisites/check'),
      appeal: view.may_appeal || appeal_open ? link('/hpp/appeal') : null,
      methods: other_method ? link('/hpp/methods') : null,
      shop: returnTarget(payment, account) === null ? null : `/return?id=${payment.id}`,
    },
  }
}

function isGivenUp({ state }: Pick<Checkout, 'state'>): boolean {
  return state.attempts.at(-1)?.status === 'cancelled'
}

/** What the shop calls it; a payment that got its reference from a page of ours has a number only. */
function orderOf({ id, reference_id }: Payment, { requisites, result }: Texts): readonly [string, string] {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.test(reference_id)
    ? [result.id, id]
    : [requisites.order, reference_id]
}

/** What a phone can scan off a large screen: the transfer itself where bank apps read one, else the way to this page. */
function codeOf(view: RequisitesView, { checkout, call, public_url }: RequisitesAround): Html | null {
  const { look, words } = call
  const { shown, method, currency, amount } = view
  const transfer = shown && !shown.masked ? transferCode({ ...shown, method, currency, amount }) : null
  const carried = look.carried.filter(([key]) => key === 'locale')
  const page = linkTo(paymentPlace(checkout.state.payment.id), { carried })
  const label = transfer === null ? words.requisites.code_for_phone : words.requisites.code_for_app
  return html`<figure class="scan">!${qrPicture(transfer ?? public_url + page, label)}<figcaption aria-hidden="true">${label}</figcaption></figure>`
}
