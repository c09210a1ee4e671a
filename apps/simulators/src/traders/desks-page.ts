import type { FastifyReply } from 'fastify'
import { html } from 'ghtml'
import { sendPage } from '../pages/page.ts'
import type { Desk, TraderAppeal } from './desk.ts'
import type { Desks, PaymentView } from './desks.ts'
import { amountSteps, stepForms } from './step.ts'
import type { Trader } from './trader.ts'

const rows_max = 50

/** Every desk with its next steps, traders, payments and appeals; works without scripts in the browser. */
export function sendDesksPage(reply: FastifyReply, desks: Desks): FastifyReply {
  const body = html`<main>
<div class="row"><h1>Trader desks</h1><span><a href="/control/traders">Refresh</a> · <a href="/control">Terminals</a></span></div>
<p class="soft">Each desk is one cascade provider: it gives a trader's card, phone or account, to which the payer transfers.
Their clock shows ${time(desks.now_ms())} UTC.</p>
<form class="inline" method="post" action="/control/traders/clock"><input name="advance_s" inputmode="numeric" pattern="[0-9]+"
value="60" aria-label="Seconds" /><button class="small">Move the clock on</button></form>
!${amountTable()}
!${desks.names().map((name) => deskSection(desks, desks.find(name) as Desk))}
<form method="post" action="/control/traders/reset"><div class="row"><p class="soft">The same by JSON:
<code>POST /control/traders/volga/script</code> <code>{"match":{"method":"card"},"steps":["refuse:NO_REQUISITES"],"repeat":null}</code>,
the calls: <code>GET /control/traders/volga/log</code></p><button class="small bad">Forget everything</button></div></form>
</main>`
  return sendPage(reply, { title: 'Trader desks', lang: 'en', body, wide: true })
}

function amountTable(): string {
  const rows = amountSteps.map(
    ([digits, step]) =>
      html`<tr><td>….${digits}</td><td><code>${step}</code></td><td>${stepForms[nameOf(step)].says}</td></tr>`,
  )
  return html`<details><summary><h2>Amounts that misbehave</h2> <span class="soft">where no script matches</span></summary>
<div class="scroll"><table><thead><tr><th>Amount</th><th>Step</th><th>Meaning</th></tr></thead><tbody>!${rows}</tbody></table></div></details>`
}

function nameOf(step: string): keyof typeof stepForms {
  return step.split(':')[0] as keyof typeof stepForms
}

function deskSection(desks: Desks, desk: Desk): string {
  const payments = desks.payments(desk.name)
  const appeals = desks.appeals(desk.name)
  const at = `/control/traders/${encodeURIComponent(desk.name)}`
  const state = desk.scripts[0] ? `next: ${desk.scripts[0].steps.join(', ')}` : 'by amount'
  return html`<details id="${desk.name}" open>
<summary><h2>${desk.name}</h2> <span class="soft">${state} · ${payments.length} payments · ${desk.calls.length} calls</span></summary>
<form class="script" method="post" action="${at}/script">
<label>Next payments<select name="step">!${Object.entries(stepForms).map(stepOption)}</select></label>
<label>Argument<input name="argument" autocomplete="off" /></label>
<label>How often (empty = until forgotten)<input name="repeat" inputmode="numeric" pattern="[0-9]*" /></label>
<button class="main">Set ${desk.name}</button></form>
<form method="post" action="${at}/scripts/forget"><button class="small">Forget the scripts</button></form>
!${table(
    `Traders of ${desk.name}`,
    ['Trader', 'Bank', 'Card', 'Phone', 'Account', 'At work'],
    desk.traders.map((one) => traderRow(at, one)),
  )}
!${table(
    `Payments of ${desk.name}`,
    ['Time', 'Id', 'Method', 'Amount', 'Trader', 'Step', 'Status', 'Decide'],
    newest(payments).map((one) => paymentRow(at, one)),
  )}
!${table(
    `Appeals of ${desk.name}`,
    ['Id', 'Payment', 'Amount', 'Receipt', 'State', 'Verdict', 'Judge'],
    newest(appeals).map((one) => appealRow(at, one)),
  )}
</details>`
}

function stepOption([name, form]: [string, (typeof stepForms)[keyof typeof stepForms]]): string {
  return html`<option value="${name}">${name}${form.usual === '' ? '' : `:${form.usual}`} – ${form.says}</option>`
}

function newest<T>(rows: readonly T[]): T[] {
  return rows.slice(-rows_max).reverse()
}

function table(title: string, heads: readonly string[], rows: readonly string[]): string {
  const none = html`<tr><td class="soft" colspan="${heads.length}">None yet.</td></tr>`
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${title}"><table>
<thead><tr>!${heads.map((head) => html`<th>${head}</th>`)}</tr></thead><tbody>!${rows.length > 0 ? rows : none}</tbody></table></div>`
}

function traderRow(at: string, trader: Trader): string {
  return html`<tr><td>${trader.owner}</td><td>${trader.bank}</td><td>${trader.numbers.card}</td><td>${trader.numbers.sbp}</td>
<td>${trader.numbers.account}</td><td><form method="post" action="${at}/traders/${trader.id}">
<button class="small" name="active" value="${String(!trader.active)}">${trader.active ? 'Send home' : 'Call back'}</button></form></td></tr>`
}

function paymentRow(at: string, payment: PaymentView): string {
  const tone = payment.status === 'success' ? 'good' : payment.status === 'failed' ? 'bad' : ''
  const { name, argument } = payment.step
  return html`<tr><td>${time(payment.created_at_ms)}</td><td><code>${payment.id}</code></td><td>${payment.asked.method}</td>
<td class="number">${payment.asked.amount} ${payment.asked.currency}</td><td>${payment.trader}</td>
<td>${name}${argument === '' ? '' : `:${argument}`}</td><td class="${tone}">${payment.status}</td>
<td><form class="inline" method="post" action="${at}/payments/${encodeURIComponent(payment.id)}">
<button class="small" name="status" value="success">Paid</button><button class="small bad" name="status" value="failed">Failed</button></form></td></tr>`
}

function appealRow(at: string, appeal: TraderAppeal): string {
  const link = /^https?:/.test(appeal.url) ? appeal.url : ''
  return html`<tr><td><code>${appeal.id}</code></td><td><code>${appeal.payment_id}</code></td><td class="number">${appeal.amount}</td>
<td><a href="${link}" rel="noreferrer noopener">receipt</a></td><td>${appeal.state}</td><td>${appeal.verdict ?? 'none yet'}</td>
<td><form class="inline" method="post" action="${at}/appeals/${encodeURIComponent(appeal.id)}">
<button class="small" name="verdict" value="accept">Accept</button><button class="small bad" name="verdict" value="reject">Reject</button></form></td></tr>`
}

function time(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ')
}
