/** The pages of a payment by requisites while there is nothing to transfer to. */
import { html } from 'ghtml'
import type { RequisitesView } from '../../requisites/requisites-view.ts'
import type { Html } from '../page.ts'
import { numberText } from '../rules/requisite-number.ts'
import type { Texts } from '../texts/texts.ts'
import { actForm, asking, type RequisitesParts } from './requisites-page.ts'
import { linkButton, statusPage } from './status-page.ts'

export type StatusLinks = {
  /** The page itself. */
  readonly again: string
  readonly check: string
  /** `null` = it cannot be told that money was sent. */
  readonly appeal: string | null
  /** `null` = there is no other way to pay. */
  readonly methods: string | null
  /** The way back to the shop, if there is one. */
  readonly shop: string | null
}

export type RequisitesStatusParts = Omit<RequisitesParts, 'until'> & {
  readonly links: StatusLinks
  /** The payer gave these up for others, and there are none. */
  readonly given_up: boolean
  /** He wanted to give these up after he had said that he has paid to them. */
  readonly kept: boolean
  /** The payer has said that he paid to these, and that is being looked into. */
  readonly appeal_open: boolean
}

/** A provider is being asked. */
export function searchingPage({ words, links }: RequisitesStatusParts): Html {
  const { requisites } = words
  return html`!${spinning(requisites.searching, requisites.searching_text, words)}
<div class="actions"><noscript><a class="button plain" href="${links.again}">${words.waiting.refresh}</a></noscript></div>`
}

export function noneFoundPage({ view, words, actions, mark, links }: RequisitesStatusParts): Html {
  const { requisites, result } = words
  const again = view.may_ask_other
  return html`!${statusPage({
    tone: 'warning',
    title: requisites.none,
    // Earlier ones were shown: there may be money on its way.
    urgent: links.appeal ? requisites.late : null,
    text: [
      links.appeal ? requisites.sent_anyway : requisites.none_text,
      ...(again || links.methods ? [] : [requisites.start_at_shop]),
    ],
    amount: null,
    facts: [],
    actions: [
      ...(again ? [actForm(actions.other, mark, requisites.search_again, 'primary')] : []),
      ...(links.methods ? [linkButton(links.methods, result.other_method, again ? 'plain' : 'primary')] : []),
      ...(links.appeal ? [linkButton(links.appeal, requisites.paid_already, 'plain')] : []),
      ...(links.shop ? [linkButton(links.shop, result.return, 'plain', true)] : []),
    ],
  })}
!${view.may_cancel ? asking(words.cancel.open, words.cancel.question, actForm(actions.cancel, mark, words.cancel.confirm, 'plain')) : ''}`
}

/** The payer says that the money is on its way. */
export function claimedPage(parts: RequisitesStatusParts): Html {
  const { words, links, mark, kept } = parts
  const { requisites, waiting } = words
  return html`!${spinning(requisites.claimed, requisites.claimed_text, words, requisites.claimed_once)}
!${kept ? html`<p class="aside" role="status">${requisites.kept}</p>` : ''}
!${transferOf(parts)}
<div class="actions">!${actForm(links.check, mark, waiting.refresh, 'plain')}</div>
!${links.appeal ? html`<p class="aside"><a href="${links.appeal}">${requisites.other_amount}</a></p>` : ''}
!${links.shop ? html`<p class="aside">${waiting.leave_text}<br><a href="${links.shop}" target="_top">${waiting.leave}</a></p>` : ''}`
}

/** The payer's time is over, the last questions are open: paid may be what was sent, but nothing more is to be sent. */
export function timeOverPage({ view, words, actions, mark, links }: RequisitesStatusParts): Html {
  const { requisites, waiting } = words
  return html`!${statusPage({
    tone: 'warning',
    title: requisites.time_over,
    text: [requisites.time_over_text, requisites.checking_last],
    amount: null,
    facts: transferFacts(view, words),
    actions: [
      view.may_claim ? actForm(actions.paid, mark, requisites.paid_already, 'primary') : '',
      actForm(links.check, mark, waiting.refresh, 'plain'),
    ],
  })}`
}

/** These requisites are over, the payment goes on: with others, or with the money that was sent after all. */
export function overPage(parts: RequisitesStatusParts): Html {
  const { view, words, given_up, appeal_open } = parts
  const { requisites, appeal } = words
  const other = view.may_ask_other && !appeal_open
  const text = appeal_open ? [appeal.checking_text] : given_up || !other ? [] : [requisites.over_text]
  return statusPage({
    tone: 'warning',
    title: given_up ? requisites.none : requisites.over,
    urgent: requisites.do_not_pay,
    text,
    amount: null,
    facts: transferFacts(view, words),
    actions: overActions(parts, other),
  })
}

function overActions({ words, actions, mark, links, given_up, appeal_open }: RequisitesStatusParts, other: boolean) {
  const { requisites, appeal, result } = words
  const others = given_up ? requisites.search_again : requisites.other_confirm
  const told = appeal_open ? appeal.checking : requisites.paid_already
  return [
    other ? actForm(actions.other, mark, others, 'primary') : '',
    links.appeal ? linkButton(links.appeal, told, other ? 'plain' : 'primary') : '',
    links.methods && !appeal_open ? linkButton(links.methods, result.other_method, 'plain') : '',
    links.shop ? linkButton(links.shop, result.return, 'plain', true) : '',
  ].filter((action) => action !== '')
}

/** Where the money goes or went: open to who looks for it, out of the way of who has paid. */
function transferOf({ view, words, amount }: RequisitesStatusParts): Html {
  const facts = transferFacts(view, words)
  if (facts.length === 0) return ''
  const rows = [[words.requisites.amount, amount] as const, ...facts]
  return html`<details class="more"><summary>${words.requisites.sent_to}</summary><dl class="facts">!${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl></details>`
}

/** Number, recipient and bank as they may be shown now. */
export function transferFacts(
  { shown, method }: Pick<RequisitesView, 'shown' | 'method'>,
  { requisites }: Texts,
): [name: string, value: string][] {
  if (!shown) return []
  return [
    [requisites.number[method], numberText(method, shown.number)],
    [requisites.owner, shown.masked ? shown.owner.replace(/\*+/g, '•••') : shown.owner],
    [requisites.bank, shown.bank],
  ]
}

function spinning(title: string, text: string, { waiting }: Texts, urgent = ''): Html {
  return html`<div class="status waiting" role="status">
<span class="spinner" aria-hidden="true"></span>
<h1>${title}</h1>
!${urgent === '' ? '' : html`<p class="status-text urgent">${urgent}</p>`}<p class="status-text" data-text data-offline="${waiting.offline}">${text}</p>
</div>`
}
