/** The page on which a payer answers: the bank's question of 3-D Secure, or the provider's own payment page. */
import type { FastifyReply } from 'fastify'
import { html } from 'ghtml'
import type { Operation } from '../operations/operation.ts'
import { showAmount } from './amount.ts'
import { sendPage } from './page.ts'
import { type Language, languageNames, languages, texts } from './texts.ts'

type PayerPage = {
  readonly kind: 'issuer' | 'provider'
  readonly language: Language
  readonly operation: Operation
  /** Where the answer is posted, and hidden fields that go with it. */
  readonly action: string
  readonly hidden: Readonly<Record<string, string>>
  /** Answers that are offered; left out = confirm or decline at the bank, pay, decline or cancel at a provider. */
  readonly choices?: readonly Choice[]
  /** The address of this page in another language. */
  readonly link: (language: Language) => string
}

type Choice = 'confirm' | 'pay' | 'decline' | 'refuse' | 'cancel' | 'leave'

const styles: Readonly<Record<Choice, string>> = {
  confirm: 'main',
  pay: 'main',
  decline: 'bad',
  refuse: 'bad',
  cancel: '',
  leave: '',
}

export function sendPayerPage(reply: FastifyReply, page: PayerPage): FastifyReply {
  const { kind, language, operation } = page
  const text = texts[language]
  const issuer = kind === 'issuer'
  const answered = operation.status !== 'action_required'
  const title = answered ? text.done_title : issuer ? text.confirm_title : text.pay_title
  const lead = answered ? text.done_lead : issuer ? text.confirm_lead : text.pay_lead
  const hidden = Object.entries(page.hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )
  const choices: readonly Choice[] = page.choices ?? (issuer ? ['confirm', 'decline'] : ['pay', 'decline', 'cancel'])
  const buttons = choices.map(
    (choice) => html`<button class="${styles[choice]}" name="choice" value="${choice}">${text[choice]}</button>`,
  )
  const body = html`<main>
<div class="bank"><div class="mark" aria-hidden="true">${issuer ? 'B' : 'P'}</div>
<div><strong>${issuer ? text.bank : operation.method}</strong><div class="soft">${issuer ? text.bank_line : text.provider_line}</div></div></div>
<h1>${title}</h1>
<p class="soft">${lead}</p>
<div class="amount">${showAmount(operation.asked, operation.currency, operation.exponent, language)}</div>
<dl>!${facts(operation, text)}</dl>
!${
    answered
      ? html`<a class="button" href="${operation.return_url}">${text.back}</a>`
      : html`<form method="post" action="${page.action}">!${hidden}<div class="buttons">!${buttons}</div></form>`
  }
<p class="soft">${text.simulated}</p>
</main>
!${languageLinks(page.language, page.link)}`
  return sendPage(reply, { title, lang: language, body })
}

export function sendMissingPage(reply: FastifyReply, language: Language): FastifyReply {
  const text = texts[language]
  const body = html`<main><h1>${text.missing_title}</h1><p>${text.missing_lead}</p></main>`
  return sendPage(reply, { title: text.missing_title, lang: language, body, status: 404 })
}

function facts(operation: Operation, text: (typeof texts)[Language]): string[] {
  const rows: [string, string][] = []
  if (operation.description) rows.push([text.description, shortened(operation.description)])
  if (operation.card) rows.push([text.card, `•••• ${operation.card.last4}`])
  rows.push([text.order, operation.reference])
  return rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)
}

/** The question and its buttons stay in sight. */
function shortened(text: string): string {
  const letters = [...text]
  return letters.length > 90 ? `${letters.slice(0, 89).join('').trimEnd()}…` : text
}

function languageLinks(current: Language, link: (language: Language) => string): string {
  const links = languages.map((language) =>
    language === current
      ? html`<a href="${link(language)}" lang="${language}" aria-current="true">${languageNames[language]}</a>`
      : html`<a href="${link(language)}" lang="${language}">${languageNames[language]}</a>`,
  )
  return html`<nav class="languages" aria-label="${texts[current].language}">!${links}</nav>`
}
