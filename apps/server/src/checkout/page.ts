/** The frame around every page of the checkout, and the headers that keep it safe. */
import { randomBytes } from 'node:crypto'
import { html } from 'ghtml'
import type { Account } from '../accounts/account.ts'
import { durationText } from '../directory/amount-text.ts'
import { script, styles } from './assets.ts'
import { linkTo, type Place } from './link.ts'
import type { Look } from './rules/read-look.ts'
import { type Texts, texts } from './texts/texts.ts'

/** A piece of a page; made by `html` only. */
export type Html = string

export type Step = 'method' | 'details' | 'result'

/** What stands above every step: how much, for what, how long. Amounts are text already. */
export type Summary = {
  readonly amount: string
  /** The same amount in the shop's currency, when the payer pays in another. */
  readonly other_amount: string | null
  readonly description: string | null
  readonly expires_at: Date | null
}

export type Page = {
  readonly status?: number
  /** For styles and tests. */
  readonly view: string
  readonly title: string
  readonly main: Html
  readonly account: Pick<Account, 'name' | 'icon'> | null
  readonly test_mode?: boolean
  readonly summary?: Summary | null
  /** Under the summary, on large screens only. */
  readonly beside?: Html | null
  readonly step?: Step | null
  /** Where the language switch leads; `null` = no switch. */
  readonly here: Place | null
  /** Origins that may show this page in a frame beside our own; absent = all. */
  readonly framed_by?: readonly string[]
  /** Origins a form of this page may post to beside our own. */
  readonly form_targets?: readonly string[]
  /** Loads `url` after a time; `always` also where scripts run. */
  readonly refresh?: { readonly after_s: number; readonly url: string; readonly always: boolean } | null
  /** What the script asks while it waits for news. */
  readonly poll?: string | null
  /** Left out = as often as the script wants to. */
  readonly poll_every_ms?: number
  /** Opens the page anew when the answer bears another one. */
  readonly mark?: string
}

export type Rendered = { readonly body: string; readonly headers: Readonly<Record<string, string>> }

/** The whole document with its headers. `now` for the countdown. */
export function renderPage(page: Page, look: Look, now: Date): Rendered {
  const nonce = randomBytes(18).toString('base64url')
  const words = texts[look.locale]
  return {
    body: documentOf(page, look, words, nonce, now),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policyOf(page, nonce),
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    },
  }
}

function policyOf(page: Page, nonce: string): string {
  const icon = page.account?.icon ? originOf(page.account.icon) : null
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    `img-src 'self' data:${icon ? ` ${icon}` : ''}`,
    "connect-src 'self'",
    `form-action ${["'self'", ...(page.form_targets ?? [])].join(' ')}`,
    "base-uri 'none'",
    `frame-ancestors ${page.framed_by ? ["'self'", ...page.framed_by].join(' ') : '*'}`,
  ].join('; ')
}

/** Scheme, host and port of a web address; `null` for anything else. */
export function originOf(url: string): string | null {
  if (!URL.canParse(url)) return null
  const { protocol, origin } = new URL(url)
  return protocol === 'https:' || protocol === 'http:' ? origin : null
}

function documentOf(page: Page, look: Look, words: Texts, nonce: string, now: Date): string {
  const refresh = page.refresh
  const meta = refresh ? html`<meta http-equiv="refresh" content="${refresh.after_s};url=${refresh.url}">` : ''
  const own = look.style === '' ? '' : html`<style nonce="${nonce}">:root:root{!${look.style}}</style>`
  return html`<!doctype html>
<html lang="${look.locale}"!${look.theme ? html` data-theme="${look.theme}"` : ''}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="${look.theme ?? 'light dark'}">
<title>${page.title}!${page.account ? html` · ${page.account.name}` : ''}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${styles.path}" nonce="${nonce}">
!${own}!${refresh?.always ? meta : meta && html`<noscript>!${meta}</noscript>`}
<script type="module" src="${script.path}" nonce="${nonce}"></script>
</head>
<body data-view="${page.view}"!${page.poll ? html` data-poll="${page.poll}"` : ''}!${page.poll_every_ms ? html` data-every="${String(page.poll_every_ms)}"` : ''}!${page.mark ? html` data-mark="${page.mark}"` : ''}>
<div class="shell">
!${look.hidden.has('header') ? '' : headerOf(page, look, words)}
!${page.summary ? summaryOf(page, look, words, now) : ''}
<main class="panel" id="main">
!${page.step && !look.hidden.has('progress') ? stepsOf(page.step, words) : ''}
!${page.main}
</main>
!${look.hidden.has('footer') ? '' : html`<footer class="foot"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4.5 7V5a3.5 3.5 0 0 1 7 0v2M3 7h10v7H3z"/></svg><span>${words.secure}</span></footer>`}
</div>
</body>
</html>
`
}

function headerOf(page: Page, look: Look, words: Texts): Html {
  const { account, here } = page
  const icon = account?.icon && originOf(account.icon) ? account.icon : null
  const letter = [...(account?.name.replace(/[^\p{L}\p{N}]/gu, '') ?? '')][0] ?? ''
  const sign = icon
    ? html`<img class="sign" src="${icon}" alt="" width="40" height="40">`
    : html`<span class="sign" aria-hidden="true">${letter.toUpperCase()}</span>`
  if (!account && !here) return ''
  return html`<header class="bar">
!${account ? sign : ''}
<div class="merchant">!${account ? html`<p class="merchant-name!${isLong(account.name, 28) ? ' long' : ''}"><span class="unseen">${words.pay_to} </span>${account.name}</p>` : ''}!${page.test_mode ? html`<p class="test-mode">${words.test_mode}</p>` : ''}</div>
!${here && look.locales.length > 1 ? languagesOf(here, look, words) : ''}
<button type="button" class="icon-button" data-frame="close" aria-label="${words.close}" hidden><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 3l10 10M13 3L3 13"/></svg></button>
</header>`
}

function languagesOf(here: Place, look: Look, words: Texts): Html {
  const links = look.locales.map((locale) =>
    locale === look.locale
      ? html`<a href="${linkTo(here, look, locale)}" lang="${locale}" hreflang="${locale}" aria-current="true"><span class="unseen">${texts[locale].language}</span><span aria-hidden="true">${locale}</span></a>`
      : html`<a href="${linkTo(here, look, locale)}" lang="${locale}" hreflang="${locale}"><span class="unseen">${texts[locale].language}</span><span aria-hidden="true">${locale}</span></a>`,
  )
  return html`<nav class="languages" aria-label="${words.switch_language}">!${links.join('')}</nav>`
}

function summaryOf(page: Page, look: Look, words: Texts, now: Date): Html {
  const { summary } = page
  if (!summary) return ''
  const { expires_at } = summary
  const left_ms = expires_at ? expires_at.getTime() - now.getTime() : 0
  const counts = expires_at !== null && left_ms > 0 && !look.hidden.has('countdown')
  return html`<section class="summary" aria-label="${words.amount}">
<p class="amount!${amountSize(summary.amount)}">${summary.amount}</p>
!${summary.other_amount ? html`<p class="other-amount">${summary.other_amount}</p>` : ''}
!${summary.description ? descriptionOf(summary.description) : ''}
!${counts ? html`<p class="countdown">${words.time_left} <span class="clock" role="timer" data-left="${Math.floor(left_ms / 1000)}">${durationText(left_ms)}</span></p>` : ''}
!${page.beside ?? ''}
</section>`
}

function isLong(text: string, length: number): boolean {
  return [...text].length > length
}

/** An amount keeps to one line as long as it can. */
export function amountSize(amount: string): '' | ' long' | ' very-long' {
  if (!isLong(amount, 16)) return ''
  return isLong(amount, 24) ? ' very-long' : ' long'
}

/** A long text opens by a tap; without the few lines on top the form would be far down. */
function descriptionOf(text: string): Html {
  return isLong(text, 120)
    ? html`<details class="description"><summary class="clamped">${text}</summary></details>`
    : html`<p class="description">${text}</p>`
}

const steps: readonly Step[] = ['method', 'details', 'result']

function stepsOf(now: Step, words: Texts): Html {
  const at = steps.indexOf(now)
  const items = steps.map(
    (step, i) =>
      html`<li class="${i < at ? 'past' : i === at ? 'now' : 'next'}"!${i === at ? ' aria-current="step"' : ''}>${words.steps[step]}</li>`,
  )
  return html`<ol class="steps" aria-label="${words.steps.label}">!${items.join('')}</ol>`
}
