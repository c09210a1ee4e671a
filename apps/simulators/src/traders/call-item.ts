/** One call of the platform on the control page: in a line, and in full when it is opened. */
import { html } from 'ghtml'
import type { DeskCall } from './desk.ts'

export function callItem({ at, request, status, answer, idempotency_key }: DeskCall): string {
  const { event, about } = readCall(request)
  const tone = typeof status === 'number' && status < 300 ? 'good' : 'bad'
  return html`<li><details class="bare"><summary><span><strong>${event}</strong> <span class="soft">${about}</span></span>
<span><span class="${tone}">${status}</span> <span class="soft">${at.slice(0, 19).replace('T', ' ')}</span></span></summary>
<pre>${request}</pre><pre>${answer === '' ? '(no answer)' : answer}</pre>
!${idempotency_key === null ? '' : html`<p class="soft">idempotency-key: ${idempotency_key}</p>`}</details></li>`
}

function readCall(request: string): { readonly event: string; readonly about: string } {
  try {
    const { event, data } = JSON.parse(request)
    const name = String(event).replace(/^CascadeEvents\./, '')
    const parts = [data?.id, data?.amount, data?.currency, data?.method]
    return { event: name, about: parts.filter((part) => part !== undefined).join(' ') }
  } catch {
    return { event: 'not readable', about: '' }
  }
}
