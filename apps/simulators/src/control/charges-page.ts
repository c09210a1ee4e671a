import type { FastifyReply } from 'fastify'
import { html } from 'ghtml'
import type { LedgerEntry } from '../operations/operation.ts'
import { showAmount } from '../pages/amount.ts'
import { sendPage } from '../pages/page.ts'
import type { SentNotification } from '../world.ts'

const rows_max = 100

/** What the providers think was charged, newest first, and what they told the platform. */
export function sendChargesPage(
  reply: FastifyReply,
  ledger: readonly LedgerEntry[],
  sent: readonly SentNotification[],
): FastifyReply {
  const charges = ledger.slice(-rows_max).reverse().map(chargeRow)
  const notifications = sent.slice(-rows_max).reverse().map(notificationRow)
  const body = html`<main>
<div class="row"><h1>Charges</h1><span><a href="/control/charges">Refresh</a> · <a href="/control">Terminals</a></span></div>
<p class="soft">The providers' own books: ${ledger.length} operations, the newest ${Math.min(rows_max, ledger.length)} shown, times in UTC.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Charges"><table>
<thead><tr><th>Time</th><th>Terminal</th><th>Reference</th><th>Card or method</th><th class="number">Amount</th><th>Status</th>
<th class="number">Held</th><th class="number">Charged</th><th class="number">Refunded</th><th>Decide</th></tr></thead>
<tbody>!${charges.length > 0 ? charges : noneYet(10)}</tbody></table></div>
<h2>Notifications</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Notifications"><table>
<thead><tr><th>Time</th><th>Terminal</th><th>Reference</th><th>Status told</th><th>Answer</th></tr></thead>
<tbody>!${notifications.length > 0 ? notifications : noneYet(5)}</tbody></table></div>
</main>`
  return sendPage(reply, { title: 'Charges', lang: 'en', body, wide: true })
}

function noneYet(columns: number): string {
  return html`<tr><td class="soft" colspan="${columns}">None yet.</td></tr>`
}

function chargeRow(entry: LedgerEntry): string {
  const amount = (minor: string) => (minor === '0' ? '–' : showAmount(minor, entry.currency, null))
  const waits = entry.status === 'pending' || entry.status === 'action_required'
  const tone = entry.status === 'approved' ? 'good' : entry.status === 'declined' ? 'bad' : ''
  const children = entry.children.map(
    (child) =>
      html`<li>${child.kind} ${showAmount(child.amount, entry.currency, null)}: ${child.status} <code>${child.reference}</code>
!${child.status === 'pending' ? decideForm(entry.terminal, child.reference) : ''}</li>`,
  )
  return html`<tr><td>${entry.created_at.slice(0, 19).replace('T', ' ')}</td><td>${entry.terminal}</td><td><code>${entry.reference}</code></td>
<td>${entry.card ?? entry.method}</td><td class="number">${showAmount(entry.amount, entry.currency, null)}</td>
<td class="${tone}">${entry.status}${entry.operation === 'charge' ? '' : ` (${entry.operation})`}!${children.length > 0 ? html`<ul class="soft">!${children}</ul>` : ''}</td>
<td class="number">${amount(entry.held_amount)}</td><td class="number">${amount(entry.charged_amount)}</td><td class="number">${amount(entry.refunded_amount)}</td>
<td>!${waits ? decideForm(entry.terminal, entry.reference) : ''}</td></tr>`
}

function decideForm(terminal: string, reference: string): string {
  return html`<form class="inline" method="post" action="/control/decide"><input type="hidden" name="terminal" value="${terminal}" />
<input type="hidden" name="reference" value="${reference}" />
<button class="small" name="result" value="approved">Approve</button><button class="small bad" name="result" value="declined">Decline</button></form>`
}

function notificationRow(sent: SentNotification): string {
  return html`<tr><td>${sent.at.slice(0, 19).replace('T', ' ')}</td><td>${sent.terminal}</td><td><code>${sent.reference}</code></td>
<td>${sent.status}</td><td>${sent.answer}</td></tr>`
}
