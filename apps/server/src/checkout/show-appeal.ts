/** `GET|POST /hpp/appeal?cpi=…`: the payer tells of a transfer that did not arrive, and sees what becomes of that. Cascade API 11, 14.3. */
import type { AppealReason } from '../appeals/appeal.ts'
import { type AppealView, readAppealView } from '../appeals/appeal-view.ts'
import { findOpenAppeal } from '../appeals/find-appeal.ts'
import { openPayerAppeal } from '../appeals/open-payer-appeal.ts'
import { fileBytesMax } from '../appeals/rules/file-type.ts'
import type { Context } from '../context.ts'
import { amountText, decimalText, timeText } from '../directory/amount-text.ts'
import { getExponent } from '../directory/currencies.ts'
import { type EndedSet, listEndedSets } from '../requisites/list-ended-sets.ts'
import type { RequisitesView } from '../requisites/requisites-view.ts'
import { mayAnswer } from './answer-appeal.ts'
import { linkTo, type Place, paymentPlace } from './link.ts'
import { type Checkout, loadAnyCheckout } from './load-checkout.ts'
import { appealPlace, loadRequisites } from './load-transfer.ts'
import type { Page } from './page.ts'
import { appealForm } from './pages/appeal-form.ts'
import { type AppealAnswer, appealPage, appealTitle } from './pages/appeal-page.ts'
import { transferFacts } from './pages/requisites-status.ts'
import type { PayerAnswer, PayerCall } from './payer-route.ts'
import { askedOf, lateOf } from './rules/late-claim.ts'
import {
  type AppealProblems,
  type AppealText,
  appealText,
  readAppealForm,
  refusalProblems,
} from './rules/read-appeal-form.ts'

/** The receipt and the few words of the form. */
export const appealBytesMax = fileBytesMax + 64 * 1024

type Around = {
  readonly checkout: Checkout
  readonly call: PayerCall
  readonly requisites: RequisitesView
  /** Decimal places of the transfer's currency. */
  readonly exponent: number
  /** Those that may have been paid; with several the payer is asked which. None while he is waited for. */
  readonly sets: readonly EndedSet[]
  /** The payer appeals for these, which were replaced before he said that he has paid. */
  readonly late: EndedSet | null
}

export async function showAppeal(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const around = await load(ctx, call)
  if ('to' in around) return around
  const view = await readAppealView(ctx, around.checkout.state.payment)
  const again = call.query.again === '1' || view === null
  if (around.requisites.may_appeal && again && !view?.open) return { page: formPage(around, untouched(around), {}) }
  if (!view) return toPayment(around.checkout, call)
  return { page: statePage(around, view, await answerTo(ctx, around, view)) }
}

/** What the payer may say to a no. */
async function answerTo(
  ctx: Context,
  { checkout, call, exponent }: Around,
  view: AppealView,
): Promise<AppealAnswer | null> {
  const { account, state } = checkout
  const { look } = call
  const appeal = view.state === 'rejected' ? await findOpenAppeal(ctx.sql, account.id, state.payment.id) : null
  if (!appeal?.deadline_at || !appeal.rejection || !mayAnswer(appeal, call.now)) return null
  const { amount_seen_minor, currency } = appeal
  const { path, pairs } = appealPlace(state.payment.id)
  return {
    reason: appeal.rejection,
    until: timeText(appeal.deadline_at, look.locale, account.time_zone),
    seen: amount_seen_minor === null ? null : amountText(amount_seen_minor, currency, exponent, look.locale),
    actions: {
      contest: linkTo({ path: `${path}/contest`, pairs }, look),
      accept: linkTo({ path: `${path}/accept`, pairs }, look),
    },
  }
}

/** A form that comes a second time finds the appeal that the first one opened. */
export async function takeAppeal(ctx: Context, call: PayerCall): Promise<PayerAnswer> {
  const around = await load(ctx, call)
  if ('to' in around) return around
  const { checkout, requisites, exponent } = around
  const { payment } = checkout.state
  const onward = { to: linkTo(appealPlace(payment.id), call.look) }
  if (!requisites.may_appeal) return onward
  const words = call.words.appeal
  const text = appealText(call.form as Readonly<Record<string, string>>)
  const read = readAppealForm(text, words, { reasons: reasonsOf(around), exponent })
  const receipt = call.files.receipt ?? null
  const problems = { ...read.problems, ...(receipt ? {} : { receipt: words.receipt_blank }) }
  if (!read.appeal || !receipt) return { page: { ...formPage(around, text, problems), status: 422 } }
  const opened = await openPayerAppeal(ctx, checkout.account, payment, {
    ...read.appeal,
    receipt,
    attempt_id: paidSet(around)?.attempt_id ?? null,
    ip: call.ip,
    locale: call.look.locale,
  })
  if (opened.opened) return onward
  const refused = refusalProblems(opened.refused, words)
  return refused ? { page: { ...formPage(around, text, refused), status: 422 } } : onward
}

/** A transfer is waited for: what the payer complains of is the amount. */
const waitedFor: ReadonlySet<RequisitesView['phase']> = new Set(['waiting', 'claimed', 'time_over', 'paid'])

/** The requisites that the payer says he has paid to; `null` = the last ones he was shown. */
function paidSet({ sets, call }: Around): EndedSet | null {
  return sets.find(({ asked }) => asked === askedOf(call.form.set)) ?? sets.at(-1) ?? null
}

/** Most have sent what they were asked for. */
function untouched(around: Around): AppealText {
  return { reason: reasonsOf(around)[0] ?? '', amount: '', comment: '' }
}

async function load(ctx: Context, call: PayerCall): Promise<Around | { readonly to: string }> {
  const checkout = await loadAnyCheckout(ctx, { query: call.query }, call.look.locale)
  const requisites = await loadRequisites(ctx, checkout)
  if (!requisites) return toPayment(checkout, call)
  const { account, state } = checkout
  const ended = await listEndedSets(ctx, account, state.payment)
  const late = ended.find(({ asked }) => asked === lateOf(call.query)) ?? null
  const sets = late ? [late] : waitedFor.has(requisites.phase) ? [] : ended
  return { checkout, call, requisites, sets, late, exponent: await getExponent(ctx, requisites.currency) }
}

function toPayment({ state }: Checkout, { look }: PayerCall): { readonly to: string } {
  return { to: linkTo(paymentPlace(state.payment.id), look) }
}

/** That the same amount was sent can only be said of requisites that have come to nothing. */
function reasonsOf({ sets }: Around): readonly AppealReason[] {
  return sets.length > 0 ? ['not_credited', 'wrong_amount'] : ['wrong_amount']
}

function placeOf({ checkout, late }: Around): Place {
  return appealPlace(checkout.state.payment.id, late?.asked)
}

function frameOf(around: Around): Omit<Page, 'view' | 'title' | 'main'> {
  const { checkout, call, requisites, exponent } = around
  const { account, state } = checkout
  const { amount, currency } = requisites
  return {
    account,
    test_mode: state.payment.test_mode,
    summary: {
      amount: decimalText(amount, currency, exponent, call.look.locale),
      other_amount: null,
      description: state.payment.description,
      expires_at: null,
    },
    here: placeOf(around),
  }
}

function formPage(around: Around, kept: AppealText, problems: AppealProblems): Page {
  const { checkout, call, requisites } = around
  const { look, words } = call
  const place = placeOf(around)
  return {
    ...frameOf(around),
    view: 'appeal',
    title: words.appeal.title,
    main: appealForm({
      words,
      action: linkTo(place, look),
      back: toPayment(checkout, call).to,
      reasons: reasonsOf(around),
      sets: around.sets.map((set) => ({ asked: set.asked, text: setText(set, words) })),
      set: paidSet(around)?.asked ?? 0,
      currency: requisites.currency,
      file_bytes_max: fileBytesMax,
      kept,
      problems,
    }),
  }
}

/** As the payer may know them again: the mask of the number, and the bank. */
function setText(set: EndedSet, words: PayerCall['words']): string {
  const [number, , bank] = transferFacts(set, words)
  return [number?.[1], bank?.[1]].join(', ')
}

function statePage(around: Around, view: AppealView, answer: AppealAnswer | null): Page {
  const { checkout, call, requisites, exponent } = around
  const { look, words } = call
  const { account, state } = checkout
  const again = requisites.may_appeal && !view.open
  const place = appealPlace(state.payment.id)
  const more = linkTo({ ...place, pairs: [...place.pairs, ['again', '1']] }, look)
  return {
    ...frameOf(around),
    view: `appeal-${view.state}`,
    title: appealTitle(view, words),
    main: appealPage({
      view,
      words,
      amount: decimalText(view.amount, view.currency, exponent, look.locale),
      promised: timeText(view.promised_at, look.locale, account.time_zone),
      answer,
      again: again ? more : null,
      back: toPayment(checkout, call).to,
    }),
  }
}
