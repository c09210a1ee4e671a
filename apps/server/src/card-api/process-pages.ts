/** The pages of a transaction's payer. They say the amount, the shop and the masked card, and nothing else. Card API contract 15.1. */
import { html } from 'ghtml'
import type { Account } from '../accounts/account.ts'
import type { Shop } from '../accounts/shop.ts'
import { linkTo, type Place } from '../checkout/link.ts'
import { originOf, type Page } from '../checkout/page.ts'
import { onwardForm, onwardPage } from '../checkout/pages/onward-page.ts'
import { statusPage } from '../checkout/pages/status-page.ts'
import { mayLeave, waitingPage, waitingTexts } from '../checkout/pages/waiting-page.ts'
import { chooseMood } from '../checkout/rules/choose-view.ts'
import type { Look } from '../checkout/rules/read-look.ts'
import { tookNothing } from '../checkout/show-end.ts'
import type { Texts } from '../checkout/texts/texts.ts'
import { openAttempt } from '../payments/check-attempt.ts'
import type { State } from '../payments/find-payment.ts'
import { pageOf } from '../payments/payment.ts'
import { payerText } from './codes.ts'
import { cardText } from './rules/card-text.ts'
import { codeOf, statusOf } from './rules/status.ts'
import type { Transaction, TransactionStatus } from './transaction.ts'

export type Process = {
  readonly transaction: Transaction
  readonly state: State
  readonly account: Account
  readonly shop: Shop
  readonly look: Look
  readonly words: Texts
  /** The amount in the language of the page. */
  readonly amount: string
  /** The payer has just been at the bank: he is not sent there a second time by himself. */
  readonly returned: boolean
  /** The way back to the shop as things stand; `null` = the shop named none. */
  readonly to_shop: string | null
}

/** `shop`: it is over, and the payer belongs there. */
export type ProcessView = 'confirm' | 'onward' | 'waiting' | 'shop' | 'paid' | 'failed' | 'time_over'

export function viewOfProcess({ state, returned, to_shop }: Process): ProcessView {
  const status = statusOf(state)
  if (isOver(status) && to_shop !== null) return 'shop'
  if (status === 'successful') return 'paid'
  if (status === 'failed') return state.payment.resolution === 'expired' ? 'time_over' : 'failed'
  if (status === 'expired') return 'time_over'
  const action = openAttempt(state)?.action
  if (status === 'pending' || returned || !action) return 'waiting'
  return action.kind === 'three_ds' ? 'confirm' : 'onward'
}

export function isOver(status: TransactionStatus): boolean {
  return status !== 'incomplete' && status !== 'pending'
}

export function pageOfProcess(process: Process, view: Exclude<ProcessView, 'shop'>): Page {
  switch (view) {
    case 'confirm':
    case 'onward':
      return leavingPage(process, view)
    case 'waiting':
      return waitPage(process)
    default:
      return endPage(process, view)
  }
}

/** What the script of an open page asks for. */
export function newsOfProcess(process: Process): Record<string, unknown> {
  const view = viewOfProcess(process)
  if (view !== 'waiting') return { view }
  const mood = chooseMood(process.state)
  return { view, ...waitingTexts(mood, process.words), may_leave: mayLeave(mood) }
}

type Frame = Pick<Page, 'view' | 'account' | 'test_mode' | 'here' | 'framed_by'>

function frameOf({ transaction, state, account, shop, returned }: Process, view: ProcessView): Frame & { here: Place } {
  const origins = state.attempts.map(pageOf).flatMap((page) => (page ? [originOf(page.url)] : []))
  return {
    view,
    account: { name: shop.name, icon: account.icon },
    test_mode: state.payment.test_mode,
    here: { path: `/process/${transaction.uid}`, pairs: returned ? [['returned', '1']] : [] },
    framed_by: [...new Set(origins.filter((origin) => origin !== null))],
  }
}

/** What the pages of an open transaction have on top, and where they ask for news. */
function openFrameOf(process: Process, view: ProcessView) {
  const { transaction, amount, look } = process
  const frame = frameOf(process, view)
  const card = cardText(transaction.request.card)
  return {
    ...frame,
    summary: { amount, other_amount: null, description: card, expires_at: null },
    poll: linkTo({ path: `${frame.here.path}/state`, pairs: frame.here.pairs }, look),
  }
}

function leavingPage(process: Process, view: 'confirm' | 'onward'): Page {
  const { state, transaction } = process
  const attempt = openAttempt(state)
  const page = attempt && pageOf(attempt)
  if (!page) throw new Error(`transaction ${transaction.uid} has no page to go on to`)
  const words = process.words[view]
  const target = originOf(page.url)
  const more = html`<p class="aside">${process.words.card.several_messages}</p>`
  return {
    ...openFrameOf(process, view),
    title: words.title,
    form_targets: target ? [target] : [],
    main: onwardPage({ ...words, onward: page, key: attempt.id, more }),
  }
}

function waitPage(process: Process): Page {
  const { state, words, look, to_shop, returned } = process
  const frame = openFrameOf(process, 'waiting')
  const mood = chooseMood(state)
  const again = linkTo(frame.here, look)
  const open = openAttempt(state)
  const action = open && pageOf(open)
  const target = action ? originOf(action.url) : null
  return {
    ...frame,
    title: waitingTexts(mood, words).title,
    form_targets: target ? [target] : [],
    refresh: { after_s: 3, url: again, always: false },
    main: waitingPage({
      mood,
      words,
      again,
      leave: to_shop,
      actions: action && returned ? [onwardForm(action, words.onward.again, 'plain', null)] : [],
    }),
  }
}

/** For shops that named no way back. Nothing is offered here: the shop decides what comes next. */
function endPage(process: Process, view: 'paid' | 'failed' | 'time_over'): Page {
  const { transaction, state, shop, words, look, amount } = process
  const { result } = words
  const card = cardText(transaction.request.card)
  const reason = payerText(codeOf(state), look.locale)
  const told = {
    paid: { tone: 'success', title: result.paid, text: [] },
    failed: {
      tone: 'danger',
      title: result.failed,
      text: tookNothing(state) ? [reason, result.nothing_taken] : [reason],
    },
    time_over: { tone: 'warning', title: result.time_over, text: [result.time_over_text] },
  } as const
  const { tone, title, text } = told[view]
  return {
    ...frameOf(process, view),
    title,
    main: statusPage({
      tone,
      title,
      text: [...text, result.may_close],
      amount: view === 'paid' ? amount : null,
      facts: [
        ...(view === 'paid' ? [] : [[words.amount, amount] as const]),
        [result.merchant, shop.name],
        ...(card === null ? [] : [[words.card.number, card] as const]),
      ],
      actions: [],
    }),
  }
}
