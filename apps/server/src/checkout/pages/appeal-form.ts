import { html } from 'ghtml'
import type { AppealReason } from '../../appeals/appeal.ts'
import type { Html } from '../page.ts'
import { type AppealField, type AppealProblems, type AppealText, appealFields } from '../rules/read-appeal-form.ts'
import type { Texts } from '../texts/texts.ts'
import { alertBox } from './alert.ts'

export type AppealFormParts = {
  readonly words: Texts
  readonly action: string
  readonly back: string
  /** What can have happened; with one, nothing is asked. */
  readonly reasons: readonly AppealReason[]
  /** What can have been paid to, and which is chosen; with one, nothing is asked. */
  readonly sets: readonly { readonly asked: number; readonly text: string }[]
  readonly set: number
  readonly currency: string
  readonly file_bytes_max: number
  readonly kept: AppealText
  readonly problems: AppealProblems
}

/** The payer tells of a transfer and attaches the receipt. A chosen file is lost when the form comes back: that is said. */
export function appealForm(parts: AppealFormParts): Html {
  const { words, problems } = parts
  const { appeal } = words
  const wrong = appealFields.filter((field) => problems[field] !== undefined)
  const items = wrong.map((field) => ({ href: `#${anchorOf(field, parts)}`, text: problems[field] ?? '' }))
  return html`<h1>${appeal.title}</h1>
!${items.length > 0 ? alertBox(words.fields.check, items) : html`<p class="lead">${appeal.lead}</p>`}
<form method="post" action="${parts.action}" enctype="multipart/form-data" novalidate data-once>
!${setsOf(parts)}
!${reasonsOf(parts)}
!${amountOf(parts)}
!${receiptOf(parts, wrong.length > 0)}
<div class="field">
<label for="comment">${appeal.comment} <span class="optional">${words.fields.optional}</span></label>
<textarea id="comment" name="comment" rows="3"!${stateOf('comment', problems, false)}>${parts.kept.comment}</textarea>
!${problemOf('comment', problems)}
</div>
<button class="button primary" type="submit" data-sending="${words.card.sending}">${appeal.send}</button>
</form>
<p class="aside"><a href="${parts.back}">${appeal.back}</a></p>`
}

function anchorOf(field: AppealField, { reasons }: AppealFormParts): string {
  return field === 'reason' ? `reason-${reasons[0]}` : field
}

function setsOf({ words, sets, set }: AppealFormParts): Html {
  if (sets.length < 2) return ''
  const choices = sets.map(
    ({ asked, text }) =>
      html`<label class="choice"><input type="radio" name="set" value="${String(asked)}"!${asked === set ? ' checked' : ''}><span>${text}</span></label>`,
  )
  return html`<fieldset class="field"><legend>${words.appeal.which}</legend>!${choices.join('')}</fieldset>`
}

function reasonsOf({ words, reasons, kept, problems }: AppealFormParts): Html {
  const [only, ...others] = reasons
  if (only && others.length === 0) return html`<input type="hidden" name="reason" value="${only}">`
  const choices = reasons.map(
    (reason) =>
      html`<label class="choice"><input type="radio" id="reason-${reason}" name="reason" value="${reason}"!${kept.reason === reason ? ' checked' : ''}><span>${words.appeal[reason]}</span></label>`,
  )
  return html`<fieldset class="field"!${problems.reason ? ' aria-describedby="reason-problem"' : ''}><legend>${words.appeal.reason}</legend>!${choices.join('')}!${problemOf('reason', problems)}</fieldset>`
}

function amountOf({ words, reasons, currency, kept, problems }: AppealFormParts): Html {
  const hint = reasons.length > 1
  return html`<div class="field only-other">
<label for="amount">${words.appeal.amount}, ${currency}</label>
<input id="amount" name="amount" type="text" inputmode="decimal" autocomplete="off" maxlength="20" value="${kept.amount}"!${stateOf('amount', problems, hint)}>
!${problemOf('amount', problems)}!${hint ? html`<p class="hint" id="amount-hint">${words.appeal.amount_hint}</p>` : ''}
</div>`
}

function receiptOf({ words, problems, file_bytes_max }: AppealFormParts, lost: boolean): Html {
  const { appeal } = words
  const all = lost ? { receipt: appeal.receipt_again, ...problems } : problems
  return html`<div class="field">
<label for="receipt">${appeal.receipt}</label>
<input id="receipt" name="receipt" type="file" accept=".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png" data-bytes-max="${String(file_bytes_max)}" data-blank="${appeal.receipt_blank}" data-invalid="${appeal.receipt_invalid}"!${stateOf('receipt', all, true)}>
!${problemOf('receipt', all)}<p class="hint" id="receipt-hint">${appeal.receipt_hint}</p>
</div>`
}

function stateOf(field: AppealField, problems: AppealProblems, hint: boolean): Html {
  const wrong = problems[field] !== undefined
  const described = [wrong ? `${field}-problem` : '', hint ? `${field}-hint` : ''].filter(Boolean).join(' ')
  return html`!${wrong ? ' aria-invalid="true"' : ''}!${described ? html` aria-describedby="${described}"` : ''}`
}

function problemOf(field: AppealField, problems: AppealProblems): Html {
  const text = problems[field]
  return text === undefined ? '' : html`<p class="problem" id="${field}-problem">${text}</p>`
}
