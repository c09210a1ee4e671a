import { html } from 'ghtml'
import type { Html } from '../page.ts'
import type { Texts } from '../texts/texts.ts'

/** What the payer needs to pay by transfer. `simulate`: test mode, two buttons play the payer. */
export function invoicePage(parts: {
  readonly words: Texts
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly paid_link: string
  readonly simulate: string | null
}): Html {
  const { invoice } = parts.words
  const facts = parts.facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)
  return html`<h1>${invoice.title}</h1>
<p class="lead">${invoice.text}</p>
<dl class="facts">!${facts.join('')}</dl>
<div class="actions"><a class="button primary" href="${parts.paid_link}">${invoice.paid}</a></div>
!${parts.simulate ? simulation(parts.simulate, parts.words) : ''}`
}

function simulation(action: string, { invoice }: Texts): Html {
  return html`<form class="simulation" method="post" action="${action}" data-once>
<p class="note">${invoice.test_text}</p>
<div class="pair">
<button class="button plain" type="submit" name="result" value="paid">${invoice.test_paid}</button>
<button class="button plain" type="submit" name="result" value="fail">${invoice.test_fail}</button>
</div>
</form>`
}
