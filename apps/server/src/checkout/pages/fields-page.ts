import { html } from 'ghtml'
import type { Locale, ServiceField } from '../../directory/service.ts'
import type { Html } from '../page.ts'
import type { Pair } from '../rules/read-look.ts'
import type { Texts } from '../texts/texts.ts'
import { alertBox } from './alert.ts'
import { hiddenInputs } from './hidden-inputs.ts'

export type FieldsPageParts = {
  readonly words: Texts
  readonly locale: Locale
  readonly title: string
  readonly fields: readonly ServiceField[]
  readonly values: Readonly<Record<string, string>>
  /** By key of the field, in the page's language. */
  readonly problems: Readonly<Record<string, string>>
  readonly hidden: readonly Pair[]
  readonly start: string
  readonly back: { readonly href: string; readonly text: string } | null
}

/** What a service wants to know of the payer, in the payer's language. */
export function fieldsPage(parts: FieldsPageParts): Html {
  const { words } = parts
  const wrong = parts.fields.filter(({ key }) => parts.problems[key] !== undefined)
  const items = wrong.map(({ key, label }) => ({
    href: `#field-${key}`,
    text: `${label[parts.locale]}: ${parts.problems[key]}`,
  }))
  return html`<h1>${parts.title}</h1>
!${wrong.length > 0 ? alertBox(words.fields.check, items) : html`<p class="lead">${words.fields.title}</p>`}
<form method="post" action="${parts.start}" novalidate data-once>
!${hiddenInputs(parts.hidden)}
!${parts.fields.map((field) => inputOf(field, parts)).join('')}
<button class="button primary" type="submit">${words.fields.next}</button>
</form>
!${parts.back ? html`<p class="aside"><a href="${parts.back.href}">${parts.back.text}</a></p>` : ''}`
}

function inputOf(field: ServiceField, parts: FieldsPageParts): Html {
  const { words, locale } = parts
  const { key } = field
  const problem = parts.problems[key]
  const label = field.label[locale]
  const example = field.example ? `${words.fields.example}: ${field.example}` : ''
  const hint = [field.hint[locale] === label ? '' : field.hint[locale], example].filter(Boolean).join('. ')
  const described = [problem ? `problem-${key}` : '', hint ? `hint-${key}` : ''].filter(Boolean).join(' ')
  return html`<div class="field">
<label for="field-${key}">${label}!${field.required ? '' : html` <span class="optional">${words.fields.optional}</span>`}</label>
<input id="field-${key}" name="service_fields[${key}]" type="text"!${keyboardOf(field)} value="${parts.values[key] ?? ''}" maxlength="500"!${field.required ? ' required' : ''}!${problem ? ' aria-invalid="true"' : ''}!${described ? html` aria-describedby="${described}"` : ''}>
!${problem ? html`<p class="problem" id="problem-${key}">${problem}</p>` : ''}!${hint ? html`<p class="hint" id="hint-${key}">${hint}</p>` : ''}
</div>`
}

/** The keyboard that fits what is asked, and what the browser may fill in. */
function keyboardOf({ key, regexp }: ServiceField): Html {
  if (key.includes('phone')) return html` inputmode="tel" autocomplete="tel"`
  if (key.includes('email'))
    return html` inputmode="email" autocomplete="email" autocapitalize="none" spellcheck="false"`
  if (/^\^?(\(?\\d|\[0-9\])/.test(regexp)) return html` inputmode="numeric" autocomplete="off"`
  return html` autocomplete="off" autocapitalize="none" spellcheck="false"`
}
