import { html } from 'ghtml'
import type { Html } from '../page.ts'

/** What went wrong, on top of a form: gets the focus, and leads to each field. */
export function alertBox(
  title: string,
  items: readonly { readonly href: string | null; readonly text: string }[],
): Html {
  const lines = items.map(({ href, text }) =>
    href ? html`<li><a href="${href}">${text}</a></li>` : html`<li>${text}</li>`,
  )
  return html`<div class="alert" role="alert" tabindex="-1" autofocus data-focus>
<p class="alert-title">${title}</p>
<ul>!${lines.join('')}</ul>
</div>`
}
