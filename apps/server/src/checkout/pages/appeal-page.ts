import { html } from 'ghtml'
import type { RejectionReason } from '../../appeals/appeal.ts'
import type { AppealView } from '../../appeals/appeal-view.ts'
import type { Html } from '../page.ts'
import type { Texts } from '../texts/texts.ts'
import { hiddenInputs } from './hidden-inputs.ts'
import { linkButton, statusPage, type Tone } from './status-page.ts'

export type AppealPageParts = {
  readonly view: AppealView
  readonly words: Texts
  /** In the language of the page, as all amounts and times here. */
  readonly amount: string
  readonly promised: string
  /** What the payer may say to a no; `null` = nothing. */
  readonly answer: AppealAnswer | null
  /** Where another one can be opened. */
  readonly again: string | null
  readonly back: string
}

export type AppealAnswer = {
  readonly reason: RejectionReason
  readonly until: string
  /** The amount that the provider has seen instead. */
  readonly seen: string | null
  readonly actions: Readonly<Record<'contest' | 'accept', string>>
}

export function appealTitle({ state }: Pick<AppealView, 'state'>, { appeal }: Texts): string {
  switch (state) {
    case 'confirmed':
      return appeal.confirmed
    case 'cancelled':
      return appeal.cancelled
    case 'rejected':
      return appeal.rejected
    default:
      return appeal.checking
  }
}

/** How the search for a transfer stands, and until when an answer is promised. */
export function appealPage(parts: AppealPageParts): Html {
  const { view, words, answer, again, back } = parts
  const { appeal } = words
  return html`!${statusPage({
    tone: toneOf(view),
    title: appealTitle(view, words),
    text: textsOf(view, words, answer),
    amount: null,
    facts: factsOf(parts),
    actions: [],
  })}
!${view.last_words ? html`<blockquote class="words">${view.last_words.text}</blockquote>` : ''}
!${answer ? answerForms(view, words, answer) : ''}
<div class="actions">!${again ? linkButton(again, appeal.title, 'primary') : ''}!${linkButton(back, appeal.back, 'plain')}</div>`
}

function factsOf({ view, words, amount, promised, answer }: AppealPageParts): [string, string][] {
  const { appeal } = words
  const promise: [string, string][] = view.open && view.state !== 'rejected' ? [[appeal.answer_by, promised]] : []
  const seen: [string, string][] = answer?.seen ? [[appeal.seen_amount, answer.seen]] : []
  return [...promise, [appeal.sent_amount, amount], ...seen, [appeal.number, view.id]]
}

function toneOf({ state }: AppealView): Tone {
  if (state === 'confirmed') return 'success'
  return state === 'rejected' || state === 'cancelled' ? 'warning' : 'info'
}

function textsOf({ state }: AppealView, { appeal }: Texts, answer: AppealAnswer | null): string[] {
  switch (state) {
    case 'confirmed':
      return [appeal.confirmed_text]
    case 'cancelled':
      return [appeal.cancelled_text]
    case 'rejected':
      return answer ? [appeal.rejections[answer.reason]] : []
    default:
      return [appeal.checking_text, appeal.keep_link]
  }
}

/** The payer takes the amount that was found, or does not take the no. */
function answerForms({ id }: AppealView, { appeal, fields }: Texts, answer: AppealAnswer): Html {
  const mark = hiddenInputs([['mark', id]])
  const accept = answer.seen
    ? html`<form method="post" action="${answer.actions.accept}" data-once>!${mark}<button class="button primary" type="submit">${appeal.accept_amount}</button></form>`
    : ''
  return html`!${accept}
<form class="contest" method="post" action="${answer.actions.contest}" data-once>!${mark}
<p class="lead">${appeal.contest_lead} ${appeal.contest_until} ${answer.until}.</p>
<div class="field"><label for="comment">${appeal.comment} <span class="optional">${fields.optional}</span></label>
<textarea id="comment" name="comment" rows="3" maxlength="1000"></textarea></div>
<button class="button !${answer.seen ? 'plain' : 'primary'}" type="submit">${appeal.contest}</button>
</form>`
}
