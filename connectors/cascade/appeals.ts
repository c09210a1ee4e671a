import type { Send, SendResult } from '@cascad/connector'
import type { AppealRequest, AppealResult, CloseAppealRequest, CloseAppealResult } from '@cascad/connector/requisites'
import { formatMinor } from '@cascad/money'
import { call, isDone, isRefused } from './call.ts'
import type { Credentials } from './credentials.ts'
import { idOf, readJson } from './read-json.ts'
import { textOf } from './read-refusal.ts'

const answer_timeout_ms = 15_000

/** CREATE_APPEAL: the payer says that he paid, or that he sent another amount. A repeat carries the same key. */
export async function createAppeal(request: AppealRequest<Credentials>, send: Send): Promise<AppealResult> {
  const { credentials, payment_reference, amount_minor, exponent, receipt_url, appeal_id } = request
  const data = { id: payment_reference, amount: formatMinor(amount_minor, exponent), url: receipt_url }
  return readAppeal(
    await call(send, { credentials, event: 'CREATE_APPEAL', data, idempotency_key: appeal_id, answer_timeout_ms }),
  )
}

/** CONFIRM_APPEAL or CANCEL_APPEAL. Where the provider gave the appeal no id, the payment's stands for it. */
export async function closeAppeal(request: CloseAppealRequest<Credentials>, send: Send): Promise<CloseAppealResult> {
  const { credentials, verdict, payment_reference, appeal_reference, appeal_id } = request
  const event = verdict === 'confirm' ? 'CONFIRM_APPEAL' : 'CANCEL_APPEAL'
  const data = { id: appeal_reference ?? payment_reference }
  const idempotency_key = `close:${appeal_id}`
  return readClose(await call(send, { credentials, event, data, idempotency_key, answer_timeout_ms }))
}

/** What every answer to CREATE_APPEAL means. Source: Cascade API contract, section 4.4. */
export function readAppeal(result: SendResult): AppealResult {
  if (result.type !== 'response') return { type: 'undelivered', detail: result.detail }
  const { status, body } = result
  const document = readJson(body)
  const reference = idOf(document?.appealId)
  if (isDone(status)) return { type: 'acknowledged', reference, known_before: false }
  if (status === 409) return { type: 'acknowledged', reference, known_before: true }
  if (isRefused(status)) return { type: 'refused', status, text: textOf(document, body) }
  return { type: 'undelivered', detail: `answered status ${status}` }
}

/** What every answer to CONFIRM_APPEAL and CANCEL_APPEAL means. Source: Cascade API contract, section 4.5. */
export function readClose(result: SendResult): CloseAppealResult {
  if (result.type !== 'response') return { type: 'undelivered', detail: result.detail }
  const { status, body } = result
  if (isDone(status)) return { type: 'delivered', closed_before: false }
  if (status === 404 || status === 409) return { type: 'delivered', closed_before: true }
  if (isRefused(status)) return { type: 'refused', status, text: textOf(readJson(body), body) }
  return { type: 'undelivered', detail: `answered status ${status}` }
}
