import type { RequisiteMethod } from '@cascad/connector/requisites'
import { html } from 'ghtml'
import { durationText } from '../../directory/amount-text.ts'
import type { RequisitesView } from '../../requisites/requisites-view.ts'
import type { Html } from '../page.ts'
import { copiedNumber, numberText } from '../rules/requisite-number.ts'
import type { Texts } from '../texts/texts.ts'
import { hiddenInputs } from './hidden-inputs.ts'

export type RequisitesParts = {
  readonly view: RequisitesView
  readonly words: Texts
  /** With currency, in the language of the page. */
  readonly amount: string
  /** The same to be pasted into a bank's app. */
  readonly copied_amount: string
  /** When the time is over, in the language of the page. */
  readonly until: string
  /** What the shop knows the payment by. */
  readonly order: readonly [name: string, value: string]
  /** Where the forms go. */
  readonly actions: Readonly<Record<'paid' | 'other' | 'cancel', string>>
  /** Tells these requisites from earlier and later ones, so that an old form changes nothing. */
  readonly mark: string
}

/** Where and what to transfer, as long as it may be done. */
export function requisitesPage(parts: RequisitesParts): Html {
  const { view, words, actions, mark } = parts
  const { requisites } = words
  const { method } = view
  const left_ms = view.expires_at ? view.expires_at.getTime() - view.now.getTime() : 0
  return html`<h1>${requisites.title[method]}</h1>
<div data-live>
<p class="until"><span>${requisites.until} <time datetime="${view.expires_at?.toISOString() ?? ''}">${parts.until}</time></span><span class="clock" role="timer" data-left="${String(Math.max(0, Math.floor(left_ms / 1000)))}">${durationText(left_ms)}</span></p>
!${rowsOf(parts)}
!${warningsOf(words)}
!${howOf(words, method)}
!${view.may_claim ? actForm(actions.paid, mark, requisites.paid, 'primary') : ''}
!${view.may_ask_other ? asking(requisites.other, requisites.other_question, actForm(actions.other, mark, requisites.other_confirm, 'plain')) : ''}
!${view.may_cancel ? asking(words.cancel.open, requisites.cancel_question, actForm(actions.cancel, mark, requisites.cancel_confirm, 'plain')) : ''}
</div>
<div class="status warning" data-over role="alert" hidden><h2>${requisites.time_over}</h2><p class="status-text">${requisites.time_over_text}</p></div>`
}

function rowsOf({ view, words, amount, copied_amount, order }: RequisitesParts): Html {
  const { requisites } = words
  const { shown, method } = view
  if (!shown) return ''
  const rows = [
    rowOf(requisites.amount, amount, copyButton(copied_amount, requisites.amount, requisites)),
    rowOf(
      requisites.number[method],
      numberText(method, shown.number),
      shown.masked ? '' : copyButton(copiedNumber(shown.number), requisites.number[method], requisites),
    ),
    rowOf(requisites.owner, shown.owner, ''),
    rowOf(requisites.bank, shown.bank, ''),
    rowOf(order[0], order[1], ''),
  ]
  return html`<dl class="requisites">!${rows.join('')}</dl>
<p class="unseen" role="status" data-copied></p>`
}

/** The first two rows are what is typed into the bank's app. */
function rowOf(name: string, value: string, button: Html): Html {
  return html`<div><dt class="requisite-name">${name}</dt><dd class="requisite"><span class="requisite-text!${button === '' ? '' : ' value'}">${value}</span>!${button}</dd></div>`
}

/** Shown where scripts run; elsewhere a tap on the text selects it whole. */
function copyButton(text: string, what: string, words: Texts['requisites']): Html {
  return html`<button type="button" class="icon-button copy" data-copy="${text}" data-done="${words.copied}: ${what}" aria-label="${words.copy}: ${what}" hidden><svg class="copy-sign" viewBox="0 0 16 16" aria-hidden="true"><path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3"/></svg><svg class="done-sign" viewBox="0 0 16 16" aria-hidden="true"><path d="M3 8.5l3.5 3.5L13 4.5"/></svg></button>`
}

function warningsOf({ requisites }: Texts): Html {
  return html`<section class="warnings" aria-labelledby="warnings"><h2 id="warnings">${requisites.please}</h2><ul>!${requisites.warnings.map((line) => html`<li>${line}</li>`).join('')}</ul></section>`
}

function howOf({ requisites }: Texts, method: RequisiteMethod): Html {
  return html`<section class="how" aria-labelledby="how"><h2 id="how">${requisites.how}</h2><ol>!${requisites.steps[method].map((line) => html`<li>${line}</li>`).join('')}</ol></section>`
}

/** A button that changes something; the same form sent twice changes it once. */
export function actForm(action: string, mark: string, text: string, kind: 'primary' | 'plain'): Html {
  return html`<form method="post" action="${action}" data-once>!${hiddenInputs([['mark', mark]])}<button class="button ${kind}" type="submit">${text}</button></form>`
}

/** Asks once more before it is done; a plain disclosure, so that it needs no script. */
export function asking(open: string, question: string, form: Html): Html {
  return html`<details class="cancel"><summary>${open}</summary><p>${question}</p>!${form}</details>`
}
