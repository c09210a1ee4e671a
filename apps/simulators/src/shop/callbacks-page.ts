import { html } from 'ghtml'
import { type AnswerKind, answerKinds, type CallbackBook, type ReceivedCallback } from './received-callbacks.ts'

export const slow_s = 5

const kindTexts: Readonly<Record<AnswerKind, string>> = {
  accept: 'accept: answer 200',
  refuse: 'refuse: answer 500',
  slow: `answer 200 after ${slow_s} seconds`,
  never: 'never answer',
}

const answeredTexts: Readonly<Record<AnswerKind, string>> = {
  accept: 'answered 200',
  refuse: 'answered 500',
  slow: `answered 200 after ${slow_s} s`,
  never: 'not answered',
}

/** The received callbacks, newest first, and how the shop answers the next ones. */
export function callbacksPage(book: CallbackBook): string {
  const callbacks = book.list()
  return html`<h1>Callbacks</h1>
<p class="soft">Every delivery from the platform, newest first. Refuse some and watch them come again.</p>
!${controlForm(book)}
!${
    callbacks.length === 0
      ? '<p class="note">None yet. Buy something.</p>'
      : html`<ol class="events">!${callbacks.map(callbackItem)}</ol>
<form method="post" action="/shop/callbacks/forget"><button class="plain">Forget them all</button></form>`
  }`
}

function controlForm(book: CallbackBook): string {
  const now = book.answering()
  const options = answerKinds.map((kind) =>
    kind === now.kind
      ? html`<option value="${kind}" selected>${kindTexts[kind]}</option>`
      : html`<option value="${kind}">${kindTexts[kind]}</option>`,
  )
  return html`<form class="control" method="post" action="/shop/callbacks/answer">
<label>The next callbacks <select name="kind">!${options}</select></label>
<label>How many, empty = all <input name="times" inputmode="numeric" pattern="[0-9]{0,3}" autocomplete="off" value="${now.times ?? ''}" /></label>
<button class="main">Set</button></form>`
}

function callbackItem(callback: ReceivedCallback): string {
  const time = callback.received_at.toISOString()
  const failed = callback.answered === 'refuse' || callback.answered === 'never'
  const next = failed ? Number(callback.next_retry) : 0
  return html`<li class="card">
<div class="top"><span class="status">${callback.status || 'not readable'}</span>
<time class="soft" datetime="${time}">${time.slice(0, 19).replace('T', ' ')} UTC</time></div>
<div>${callback.amount} ${callback.currency} <span class="soft">· paid by the payer ${callback.payment_amount}, fee ${callback.fee} · resolution ${callback.resolution}</span></div>
<div>!${signature('X-Signature', callback.x_signature)} · !${signature('webhook-signature', callback.webhook_signature)}
<span class="soft">${callback.signer ?? 'by nobody we know'}</span></div>
<dl><dt>Event</dt><dd><code>${callback.event_id}</code></dd><dt>Payment</dt><dd><code>${callback.payment_id}</code></dd>
<dt>Order</dt><dd><code>${callback.reference_id}</code></dd><dt>Delivery</dt>
<dd>attempt ${callback.attempt}, ${answeredTexts[callback.answered]}!${next > 0 ? html`<span class="soft">, next at ${clock(next)}</span>` : ''}</dd></dl>
<details><summary>Body</summary><pre>${pretty(callback.body)}</pre></details>
</li>`
}

function signature(name: string, right: boolean): string {
  return right ? html`<span class="good">${name} right</span>` : html`<span class="bad">${name} wrong</span>`
}

function clock(unix: number): string {
  const date = new Date(unix * 1000)
  return Number.isNaN(date.getTime()) ? '?' : `${date.toISOString().slice(11, 19)} UTC`
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
