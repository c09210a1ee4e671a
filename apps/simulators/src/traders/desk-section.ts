/** One desk on the control page. */
import { html } from 'ghtml'
import { appealItem } from './appeal-item.ts'
import { callItem } from './call-item.ts'
import type { Desk } from './desk.ts'
import type { Desks, PaymentView } from './desks.ts'
import { deskPresets, presetOf } from './presets.ts'
import { stepForms } from './step.ts'
import type { Trader } from './trader.ts'

const shown_max = 20

export function deskSection(desks: Desks, desk: Desk): string {
  const payments = desks.payments(desk.name)
  const appeals = desks.appeals(desk.name)
  const at = `/control/traders/${encodeURIComponent(desk.name)}`
  const state = desk.scripts[0] ? `next: ${desk.scripts[0].steps.join(', ')}` : 'by amount'
  return html`<section class="terminal" id="${desk.name}" aria-label="Desk ${desk.name}">
<form class="presets" method="post" action="${at}/preset"><h2>${desk.name}</h2>
<span class="soft">${state} · ${count(payments.length, 'payment')} · ${count(desk.calls.length, 'call')}</span>
<div class="choices">!${presetButtons(desk)}</div></form>
!${byHand(desk, at)}
!${list('Payments', payments, (one) => paymentItem(at, one, desk.traders))}
!${list('Appeals', appeals, (one) => appealItem(at, one, desk.payments.get(one.payment_id)))}
<details><summary><h3>Calls</h3> <span class="soft">what the platform sent, and what it was answered</span></summary>
!${items(desk.calls, callItem)}</details>
<details><summary><h3>Traders</h3> <span class="soft">${desk.traders.filter(({ active }) => active).length} of ${desk.traders.length} at work</span></summary>
<ul class="items">!${desk.traders.map((one) => traderItem(at, one))}</ul></details></section>`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function presetButtons(desk: Desk): string[] {
  const now = presetOf(desk)
  return deskPresets.map(
    (one) =>
      html`<button class="small" name="preset" value="${one.name}" aria-pressed="${one === now ? 'true' : 'false'}">${one.label}</button>`,
  )
}

function byHand({ name, settings, scripts }: Desk, at: string): string {
  const own = Object.entries(settings.amount_steps).map(
    ([digits, step]) => html`<li>….${digits} <code>${step}</code></li>`,
  )
  const forget = html`<form method="post" action="${at}/scripts/forget"><button class="small">Forget the scripts</button></form>`
  return html`<details><summary>By hand <span class="soft">any step, and the amounts that mean something else here</span></summary>
<form class="script" method="post" action="${at}/script">
<label>Next payments<select name="step">!${Object.entries(stepForms).map(stepOption)}</select></label>
<label>Argument<input name="argument" autocomplete="off" /></label>
<label>How often (empty = until forgotten)<input name="repeat" inputmode="numeric" pattern="[0-9]*" /></label>
<button class="main">Set ${name}</button></form>
!${scripts.length > 0 ? forget : ''}
!${own.length > 0 ? html`<p class="soft">At this desk only, and before the common ones:</p><ul class="inline-list">!${own}</ul>` : ''}</details>`
}

function stepOption([name, form]: [string, (typeof stepForms)[keyof typeof stepForms]]): string {
  return html`<option value="${name}">${name}${form.usual === '' ? '' : `:${form.usual}`} – ${form.says}</option>`
}

function list<T>(title: string, rows: readonly T[], item: (row: T) => string): string {
  return html`<h3>${title}</h3>!${items(rows, item)}`
}

/** Newest first. */
function items<T>(rows: readonly T[], item: (row: T) => string): string {
  if (rows.length === 0) return '<p class="soft">None yet.</p>'
  const more = rows.length - shown_max
  return html`<ul class="items">!${rows.slice(-shown_max).reverse().map(item)}</ul>
!${more > 0 ? html`<p class="soft">And ${more} older.</p>` : ''}`
}

function paymentItem(at: string, payment: PaymentView, traders: readonly Trader[]): string {
  const tone = payment.status === 'success' ? 'good' : payment.status === 'failed' ? 'bad' : ''
  const { id, asked, step, received, cancelled_at_ms } = payment
  const trader = traders.find((one) => one.id === payment.trader)
  const facts = [
    html`<code>${id}</code>`,
    html`${trader?.owner ?? payment.trader}, ${trader?.numbers[asked.method] ?? ''}`,
    html`${step.name}${step.argument === '' ? '' : `:${step.argument}`}`,
    ...(received === null ? [] : [html`the payer sent ${received}`]),
    ...(cancelled_at_ms === null ? [] : [html`cancelled at ${timeText(cancelled_at_ms)}`]),
  ]
  return html`<li><div class="row"><span><strong>${asked.amount} ${asked.currency}</strong> by ${asked.method}
<span class="state ${tone}">${payment.status}</span></span><span class="soft">${timeText(payment.created_at_ms)}</span></div>
<div class="facts">!${facts.join(' · ')}</div>
<form class="acts" method="post" action="${at}/payments/${encodeURIComponent(id)}">
<button class="small" name="status" value="success">Paid</button><button class="small bad" name="status" value="failed">Failed</button></form>
<form class="acts" method="post" action="${at}/payments/${encodeURIComponent(id)}">
<input class="short" name="received" inputmode="decimal" pattern="[0-9]+([.][0-9]+)?" placeholder="${asked.amount}" required aria-label="Amount the payer sent" />
<button class="small">Payer sent this</button></form></li>`
}

function traderItem(at: string, trader: Trader): string {
  const { owner, bank, numbers, active } = trader
  return html`<li><div class="row"><span><strong>${owner}</strong>, ${bank}</span>
<form method="post" action="${at}/traders/${trader.id}">
<button class="small" name="active" value="${String(!active)}">${active ? 'Send home' : 'Call back'}</button></form></div>
<div class="facts">${numbers.card} · ${numbers.sbp} · ${numbers.account}</div></li>`
}

export function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}
