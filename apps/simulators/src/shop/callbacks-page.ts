import { html } from 'ghtml'
import {
  type AnswerKind,
  answerKinds,
  type CallbackBook,
  type Check,
  type ReceivedCallback,
  type ReceivedEvent,
  type ReceivedNotification,
} from './received-callbacks.ts'

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

/** What the shop was told by both APIs, newest first, and how it answers next time. */
export function callbacksPage(book: CallbackBook): string {
  const events = book.list()
  return html`<h1>Callbacks</h1>
<p class="soft">Every delivery from the platform, of the merchant API and of the Card API, newest first. Refuse some and watch them come again.</p>
!${controlForm(book)}
!${
    events.length === 0
      ? '<p class="note">None yet. Buy something.</p>'
      : html`<ol class="events">!${events.map(eventItem)}</ol>
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
<label>The next deliveries <select name="kind">!${options}</select></label>
<label>How many, empty = all <input name="times" inputmode="numeric" pattern="[0-9]{0,3}" autocomplete="off" value="${now.times ?? ''}" /></label>
<button class="main">Set</button></form>`
}

function eventItem(event: ReceivedEvent): string {
  const time = event.received_at.toISOString()
  return html`<li class="card">
<div class="top"><span class="status">${event.status || 'not readable'}</span>
<time class="soft" datetime="${time}">${time.slice(0, 19).replace('T', ' ')} UTC</time></div>
!${event.kind === 'callback' ? callbackAmounts(event) : notificationAmounts(event)}
<div>!${event.checks.map(checkText).join(' · ')}
<span class="soft">${event.signer ?? 'by nobody we know'}</span></div>
<dl>!${event.kind === 'callback' ? callbackFacts(event) : notificationFacts(event)}<dt>Delivery</dt>
<dd>attempt ${event.attempt}, ${answeredTexts[event.answered]}!${event.kind === 'callback' ? nextText(event) : ''}</dd></dl>
<details><summary>Body</summary><pre>${pretty(event.body)}</pre></details>
</li>`
}

function callbackAmounts(callback: ReceivedCallback): string {
  const { amount, currency, payment_amount, fee, resolution, appeal } = callback
  if (appeal) {
    return html`<div>appeal about ${amount} of ${appeal.original_amount} ${currency} <span class="soft">· ${appeal.reason}!${resolution === '' ? '' : html` · resolution ${resolution}`}</span></div>`
  }
  return html`<div>${amount} ${currency} <span class="soft">· paid by the payer ${payment_amount}, fee ${fee} · resolution ${resolution}</span></div>`
}

function notificationAmounts({ type, amount, currency, message }: ReceivedNotification): string {
  return html`<div>${type} of ${amount} ${currency} <span class="soft">in minor units · ${message}</span></div>`
}

function callbackFacts({ event_id, payment_id, reference_id, appeal }: ReceivedCallback): string {
  const subject = appeal
    ? html`<dt>Appeal</dt><dd><code>${appeal.id}</code></dd>`
    : html`<dt>Order</dt><dd><code>${reference_id}</code></dd>`
  return html`<dt>Event</dt><dd><code>${event_id}</code></dd><dt>Payment</dt><dd><code>${payment_id}</code></dd>
!${subject}`
}

function notificationFacts({ event_id, uid, tracking_id, gateway_id }: ReceivedNotification): string {
  return html`<dt>Notification</dt><dd><code>${event_id}</code></dd><dt>Transaction</dt><dd><code>${uid}</code></dd>
<dt>Order</dt><dd><code>${tracking_id}</code></dd><dt>Gateway</dt><dd>${gateway_id || 'none'}</dd>`
}

function nextText({ answered, next_retry }: ReceivedCallback): string {
  const next = answered === 'refuse' || answered === 'never' ? Number(next_retry) : 0
  return next > 0 ? html`<span class="soft">, next at ${clock(next)}</span>` : ''
}

function checkText({ name, right }: Check): string {
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
