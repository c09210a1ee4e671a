/** One appeal on the control page: what is claimed, what the desk says, and whether the platform knows it. */
import { html } from 'ghtml'
import type { Told, TraderAppeal, TraderPayment } from './desk.ts'

const toldTexts: Readonly<Record<Told['state'], string>> = {
  not_yet: 'no verdict yet',
  waiting: 'the platform is being told',
  told: 'the platform was told',
  refused: 'the platform does not take it',
}

const reasons = ['payment_not_found', 'amount_differs', 'wrong_requisites', 'already_credited', 'receipt_invalid']

export function appealItem(at: string, appeal: TraderAppeal, payment: TraderPayment | undefined): string {
  const { id, payment_id, amount, url, state, verdict, reason, told } = appeal
  const link = /^https?:/.test(url) ? url : ''
  const tone = state === 'confirmed' ? 'good' : state === 'cancelled' ? 'bad' : ''
  const said = verdict === null ? '' : `the desk says ${verdict}${reason === null ? '' : ` (${reason})`}, `
  return html`<li><div class="row"><span><strong>${amount} ${payment?.asked.currency ?? ''}</strong> claimed
!${payment ? html` of ${payment.asked.amount}` : ''} <span class="state ${tone}">${state}</span></span>
<a href="${link}" rel="noreferrer noopener">receipt</a></div>
<div class="facts"><code>${id}</code> · payment <code>${payment_id}</code></div>
<div class="${told.state === 'refused' ? 'bad' : told.state === 'told' ? 'good' : 'soft'}">${said}${toldTexts[told.state]}${told.text === '' ? '' : `: ${told.text}`}</div>
!${state === 'open' && told.state !== 'told' ? judge(at, id) : ''}</li>`
}

function judge(at: string, id: string): string {
  const options = reasons.map((one) => html`<option value="${one}">${one.replaceAll('_', ' ')}</option>`)
  const action = `${at}/appeals/${encodeURIComponent(id)}`
  return html`<form class="acts" method="post" action="${action}"><button class="small" name="verdict" value="accept">Accept</button></form>
<form class="acts" method="post" action="${action}"><select class="short" name="reason" aria-label="Reason of a rejection">!${options}</select>
<button class="small bad" name="verdict" value="reject">Reject</button></form>`
}
