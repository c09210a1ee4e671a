import { html } from 'ghtml'
import type { Html } from '../page.ts'
import type { Mood } from '../rules/choose-view.ts'
import type { Texts } from '../texts/texts.ts'

/** Title and text of a waiting page; the script puts in others as the payment goes on. */
export function waitingTexts(mood: Mood, words: Texts): { readonly title: string; readonly text: string } {
  const { waiting } = words
  switch (mood) {
    case 'first':
      return { title: waiting.title, text: waiting.text }
    case 'another':
      return { title: waiting.another_title, text: waiting.another_text }
    case 'slow':
      return { title: waiting.slow_title, text: waiting.slow_text }
    case 'provider':
      return { title: waiting.provider_title, text: waiting.provider_text }
  }
}

/** A payer need not stay where somebody else's answer may take long. */
export function mayLeave(mood: Mood): boolean {
  return mood === 'slow' || mood === 'provider'
}

export function waitingPage(parts: {
  readonly mood: Mood
  readonly words: Texts
  readonly again: string
  /** The way back to the shop, if there is one. */
  readonly leave: string | null
  readonly actions: readonly Html[]
}): Html {
  const { waiting } = parts.words
  const { title, text } = waitingTexts(parts.mood, parts.words)
  return html`<div class="status waiting" role="status">
<span class="spinner" aria-hidden="true"></span>
<h1 data-title>${title}</h1>
<p class="status-text" data-text data-offline="${waiting.offline}">${text}</p>
</div>
<div class="actions"><noscript><a class="button plain" href="${parts.again}">${waiting.refresh}</a></noscript>!${parts.actions.join('')}</div>
!${
    parts.leave
      ? html`<p class="aside" data-leave-shop!${mayLeave(parts.mood) ? '' : ' hidden'}>${waiting.leave_text}<br><a href="${parts.leave}" target="_top">${waiting.leave}</a></p>`
      : ''
  }`
}
