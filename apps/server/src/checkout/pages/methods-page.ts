import { html } from 'ghtml'
import type { Html } from '../page.ts'
import type { Pair } from '../rules/read-look.ts'
import type { Texts } from '../texts/texts.ts'
import { hiddenInputs } from './hidden-inputs.ts'

export type MethodItem = {
  readonly service: string
  readonly name: string
  /** Words the search finds besides the name. */
  readonly words: string
  readonly category: string
  readonly icon: string | null
  /** Under the name: another currency, another way. */
  readonly note: string | null
  readonly free: boolean
  /** Paid in another currency than the shop's. */
  readonly exchanged: boolean
}

export type MethodsPageParts = {
  readonly words: Texts
  readonly items: readonly MethodItem[]
  readonly search: string
  readonly category: string
  readonly with_filter: boolean
  /** What the next request needs to know. */
  readonly pairs: readonly Pair[]
  /** The look; the address of a GET form cannot carry it. */
  readonly look_pairs: readonly Pair[]
  readonly start: string
  readonly filter: string
  readonly show_all: string
}

/** The ways to pay. Search and categories work as a plain form; the script does the same at once. */
export function methodsPage(parts: MethodsPageParts): Html {
  const { words } = parts
  const shown = parts.items.filter((item) => fits(item, parts.search, parts.category))
  const items = parts.items.map((item) => itemOf(item, words, shown.includes(item)))
  return html`<h1>${words.methods.title}</h1>
!${parts.items.length === 0 ? html`<p class="empty">${words.methods.nothing_offered}</p>` : ''}
!${parts.with_filter ? filterOf(parts) : ''}
<form method="post" action="${parts.start}" data-once>
!${hiddenInputs(parts.pairs)}
<ul class="payment-wrap__items">!${items.join('')}</ul>
</form>
<p class="empty" id="no-method" role="status"!${shown.length > 0 || parts.items.length === 0 ? ' hidden' : ''}>${words.methods.none} <a href="${parts.show_all}">${words.methods.show_all}</a></p>`
}

function fits(item: MethodItem, search: string, category: string): boolean {
  if (category !== '' && item.category !== category) return false
  const text = `${item.name} ${item.words}`.toLowerCase()
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

function itemOf(item: MethodItem, words: Texts, shown: boolean): Html {
  return html`<li data-words="${`${item.name} ${item.words}`.toLowerCase()}" data-category="${item.category}"!${shown ? '' : ' hidden'}><button class="method" type="submit" name="service" value="${item.service}">
!${item.icon ? html`<img src="${item.icon}" alt="" width="40" height="40" loading="lazy">` : ''}
<span class="method-name"><span>${item.name}</span>!${item.note ? html`<small>${item.note}</small>` : ''}</span>
!${item.free ? html`<span class="badge badge-free">${words.methods.no_fee}</span>` : ''}
<svg class="chevron" viewBox="0 0 16 16" aria-hidden="true"><path d="M6 3l5 5-5 5"/></svg>
</button></li>`
}

function filterOf(parts: MethodsPageParts): Html {
  const { methods } = parts.words
  const codes = [...new Set(parts.items.map(({ category }) => category))]
  const choices = [['', methods.all] as const, ...codes.map((code) => [code, categoryName(code, parts.words)] as const)]
  const chips = choices.map(
    ([code, name], i) =>
      html`<label class="chip"><input type="radio" name="category" value="${code}"!${parts.category === code || (i === 0 && !codes.includes(parts.category)) ? ' checked' : ''}><span>${name}</span></label>`,
  )
  return html`<form class="filter" method="get" action="${parts.filter}" role="search" data-filter>
!${hiddenInputs([...parts.pairs, ...parts.look_pairs])}
<label class="unseen" for="q">${methods.search}</label>
<input id="q" name="q" type="search" value="${parts.search}" placeholder="${methods.search}" maxlength="60" autocomplete="off">
<fieldset class="chips"><legend class="unseen">${methods.filter}</legend>!${chips.join('')}</fieldset>
<button class="button plain" type="submit" data-without-script>${methods.filter}</button>
</form>`
}

/** The category in words; a code that nobody here knows is shown as it is written. */
function categoryName(code: string, words: Texts): string {
  return words.methods.categories[code] ?? code.replaceAll('_', ' ')
}
