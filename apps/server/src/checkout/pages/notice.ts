import { html } from 'ghtml'
import type { Html } from '../page.ts'

/** Something that happened elsewhere and changes what the payer has to do: gets the focus. `link` = what he can do about it. */
export function noticeBox(
  title: string,
  lines: readonly string[],
  link: { readonly href: string; readonly text: string } | null,
): Html {
  return html`<div class="alert notice" role="alert" tabindex="-1" autofocus data-focus>
<p class="alert-title">${title}</p>
!${lines.map((line) => html`<p>${line}</p>`).join('')}
!${link ? html`<p><a href="${link.href}">${link.text}</a></p>` : ''}
</div>`
}
