import { html } from 'ghtml'
import type { Html } from '../page.ts'
import type { Texts } from '../texts/texts.ts'

/** Asks once more before the payment is ended; a plain disclosure, so that it needs no script. */
export function cancelForm(action: string, { cancel }: Texts): Html {
  return html`<details class="cancel"><summary>${cancel.open}</summary>
<form method="post" action="${action}"><p>${cancel.question}</p><button class="button plain" type="submit">${cancel.confirm}</button></form>
</details>`
}
