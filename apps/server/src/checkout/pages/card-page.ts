import { html } from 'ghtml'
import { linkTo, type Place } from '../link.ts'
import type { Html } from '../page.ts'
import type { CardFormProblems, CardFormText } from '../read-card-form.ts'
import type { Look } from '../rules/read-look.ts'
import type { Texts } from '../texts/texts.ts'
import { alertBox } from './alert.ts'

export type CardPageParts = {
  readonly place: Place
  readonly look: Look
  readonly words: Texts
  /** Of the submission that this form will be; an older form submits nothing. */
  readonly submission: number
  /** "Pay 100.00 USD" */
  readonly button: string
  readonly holder_length_max: number
  /** What may be shown again: never the number nor the security code. */
  readonly kept: { readonly expiry: string; readonly holder: string }
  readonly problems: CardFormProblems
  /** Pay with this card: only its security code is asked for. */
  readonly saved: { readonly brand: string | null; readonly last: string } | null
  /** Why the try before this one failed. */
  readonly failed: string | null
  readonly cancel: Html
}

/** The card form: fills in by itself where the browser knows the card, and says at the field what is wrong. */
export function cardPage(parts: CardPageParts): Html {
  const { words, problems } = parts
  const { card } = words
  const wrong = Object.keys(problems).length > 0
  return html`<h1>${card.title}</h1>
!${
    wrong
      ? alertBox(
          card.check,
          Object.entries(problems).map(([key, text]) => ({ href: `#${key}`, text: text ?? '' })),
        )
      : parts.failed
        ? alertBox(words.result.failed_once, [{ href: null, text: parts.failed }])
        : ''
  }
<form class="card-form" method="post" action="${linkTo(parts.place, parts.look)}" novalidate data-once!${parts.saved ? '' : ' data-check="card"'}>
<input type="hidden" name="submission" value="${parts.submission}">
!${parts.saved ? savedFields(parts, parts.saved) : allFields(parts)}
<button class="button primary" type="submit" data-sending="${card.sending}">${parts.button}</button>
<p class="note">${card.several_messages}</p>
</form>
!${parts.cancel}`
}

function savedFields({ words, problems }: CardPageParts, saved: NonNullable<CardPageParts['saved']>): Html {
  const { card } = words
  return html`<p class="saved-card">${card.saved} <strong>${saved.brand ?? ''} •••• ${saved.last}</strong></p>
!${textField({ key: 'cvv', label: card.cvv, problem: problems.cvv, hint: card.cvv_hint, attributes: cvvAttributes, texts: { blank: card.cvv_blank, invalid: card.cvv_invalid } })}`
}

function allFields(parts: CardPageParts): Html {
  const { words, problems } = parts
  const { card } = words
  return html`<div class="brand-holder">
!${textField({ key: 'card_number', label: card.number, problem: problems.card_number, hint: null, attributes: cardNumberAttributes, texts: { blank: card.number_blank, invalid: card.number_invalid } })}
<span class="brand" id="brand" aria-live="polite"></span>
</div>
<div class="pair">
!${textField({ key: 'expiry', label: card.expiry, value: parts.kept.expiry, problem: problems.expiry, hint: null, placeholder: card.expiry_hint, attributes: expiryAttributes, texts: { blank: card.expiry_blank, invalid: card.expiry_invalid } })}
!${textField({ key: 'cvv', label: card.cvv, problem: problems.cvv, hint: card.cvv_hint, attributes: cvvAttributes, texts: { blank: card.cvv_blank, invalid: card.cvv_invalid } })}
</div>
!${textField({ key: 'holder', label: card.holder, note: words.fields.optional, value: parts.kept.holder, problem: problems.holder, hint: null, attributes: html`autocomplete="cc-name" autocapitalize="characters" spellcheck="false" maxlength="${parts.holder_length_max}"`, texts: null })}`
}

const cardNumberAttributes = html`autocomplete="cc-number" inputmode="numeric" spellcheck="false" maxlength="23" required`
const expiryAttributes = html`autocomplete="cc-exp" inputmode="numeric" spellcheck="false" maxlength="9" required`
const cvvAttributes = html`autocomplete="cc-csc" inputmode="numeric" spellcheck="false" maxlength="4" required`

type Field = {
  readonly key: keyof CardFormText
  readonly label: string
  readonly note?: string
  readonly value?: string
  readonly placeholder?: string
  readonly problem: string | undefined
  readonly hint: string | null
  readonly attributes: Html
  /** Messages the page's own script shows before sending. */
  readonly texts: { readonly blank: string; readonly invalid: string } | null
}

function textField(field: Field): Html {
  const { key, problem, hint, texts } = field
  const described = [problem ? `${key}-problem` : '', hint ? `${key}-hint` : ''].filter(Boolean).join(' ')
  return html`<div class="field">
<label for="${key}">${field.label}!${field.note ? html` <span class="optional">${field.note}</span>` : ''}</label>
<input id="${key}" name="${key}" type="text" !${field.attributes} value="${field.value ?? ''}"!${field.placeholder ? html` placeholder="${field.placeholder}"` : ''}!${problem ? ' aria-invalid="true"' : ''}!${described ? html` aria-describedby="${described}"` : ''}!${texts ? html` data-blank="${texts.blank}" data-invalid="${texts.invalid}"` : ''}>
!${problem ? html`<p class="problem" id="${key}-problem">${problem}</p>` : ''}!${hint ? html`<p class="hint" id="${key}-hint">${hint}</p>` : ''}
</div>`
}
