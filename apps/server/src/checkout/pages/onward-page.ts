import { html } from 'ghtml'
import type { Html } from '../page.ts'

export type Onward = {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly params: Readonly<Record<string, string>>
}

/**
 * Sends the payer to the bank or the provider: by itself the first time where scripts run, by the button always. `key` tells
 * the first time from a reload and from the back button.
 */
export function onwardPage(parts: {
  readonly title: string
  readonly text: string
  readonly button: string
  readonly onward: Onward
  readonly key: string
  readonly more: Html
}): Html {
  return html`<div class="status">
<h1>${parts.title}</h1>
<p class="status-text">${parts.text}</p>
</div>
<div class="actions">!${onwardForm(parts.onward, parts.button, 'primary', parts.key)}</div>
!${parts.more}`
}

/** A form that opens the page of the bank or the provider. A GET form would lose the query of its address, so that is a link. */
export function onwardForm(onward: Onward, button: string, kind: 'primary' | 'plain', key: string | null): Html {
  const automatic = key === null ? '' : html` data-leave="${key}"`
  const params = Object.entries(onward.params)
  if (onward.method === 'GET' && params.length === 0) {
    return html`<a class="button ${kind}" href="${onward.url}" rel="noreferrer"!${automatic}>${button}</a>`
  }
  if (onward.method === 'GET') {
    const url = new URL(onward.url)
    for (const [name, value] of params) url.searchParams.set(name, value)
    return html`<a class="button ${kind}" href="${url.href}" rel="noreferrer"!${automatic}>${button}</a>`
  }
  const inputs = params.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)
  return html`<form method="post" action="${onward.url}"!${automatic}>!${inputs.join('')}<button class="button ${kind}" type="submit">${button}</button></form>`
}
