import { html } from 'ghtml'
import { amountSize, type Html } from '../page.ts'

export type Tone = 'success' | 'danger' | 'info' | 'warning'

export type StatusParts = {
  readonly tone: Tone
  readonly title: string
  /** What nobody may overlook. */
  readonly urgent?: string | null
  readonly text: readonly string[]
  /** Large, above the facts. */
  readonly amount: string | null
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** Links and forms, the main one first. */
  readonly actions: readonly Html[]
}

const signs: Readonly<Record<Tone, string>> = {
  success: 'M6 12.5l4 4 8-9',
  danger: 'M12 6.5v7M12 17v.5',
  warning: 'M12 6.5v7M12 17v.5',
  info: 'M12 7v.5M12 11v6',
}

/** How a payment stands: a sign, a sentence, the facts, and what can be done now. */
export function statusPage(parts: StatusParts): Html {
  const facts = parts.facts.map(
    ([name, value]) =>
      html`<div!${value.length > 60 ? ' class="long"' : ''}><dt>${name}</dt><dd!${/^(cpi|apl)_\w{16}$/.test(value) ? ' class="code"' : ''}>${value}</dd></div>`,
  )
  return html`<div class="status ${parts.tone}">
<span class="sign-round" aria-hidden="true"><svg viewBox="0 0 24 24"><path d="${signs[parts.tone]}"/></svg></span>
<h1>${parts.title}</h1>
!${parts.amount ? html`<p class="amount!${amountSize(parts.amount)}">${parts.amount}</p>` : ''}
!${parts.urgent ? html`<p class="status-text urgent">${parts.urgent}</p>` : ''}
!${parts.text.map((line) => html`<p class="status-text">${line}</p>`).join('')}
</div>
!${facts.length > 0 ? html`<dl class="facts">!${facts.join('')}</dl>` : ''}
!${parts.actions.length > 0 ? html`<div class="actions">!${parts.actions.join('')}</div>` : ''}`
}

export function linkButton(href: string, text: string, kind: 'primary' | 'plain', top = false): Html {
  return html`<a class="button ${kind}" href="${href}"!${top ? ' target="_top"' : ''}>${text}</a>`
}

/** Shown by the script inside a frame only: tells the page around it. */
export function frameButton(message: 'reinit' | 'delete' | 'close', text: string): Html {
  return html`<button type="button" class="button plain" data-frame="${message}" hidden>${text}</button>`
}
