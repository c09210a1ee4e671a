/** The simulated Stripe's answers, errors and signed events. */
import { createHmac } from 'node:crypto'
import type { Face, FaceAnswer } from '../world.ts'
import { paymentError } from './declines.ts'
import { api_version, errorObject, intentDocument, refundDocument } from './documents.ts'

const answers_max = 20_000

const eventTypes: Readonly<Record<string, string>> = {
  succeeded: 'payment_intent.succeeded',
  requires_capture: 'payment_intent.amount_capturable_updated',
  processing: 'payment_intent.processing',
  canceled: 'payment_intent.canceled',
  requires_action: 'payment_intent.requires_action',
  requires_payment_method: 'payment_intent.payment_failed',
}

/** Our shared refusals in Stripe's form: HTTP status, type, code. */
const refusals: Readonly<Record<string, readonly [status: number, type: string, code: string | null]>> = {
  idempotency_conflict: [400, 'idempotency_error', null],
  unauthorized: [401, 'invalid_request_error', null],
  too_many_requests: [429, 'invalid_request_error', 'rate_limit'],
  not_found: [404, 'invalid_request_error', 'resource_missing'],
}

/** A repeat under the same key gets the first answer word for word, so the face remembers those. */
export function createStripeFace(): Face {
  const first = new Map<string, FaceAnswer>()
  return {
    document: (operation, public_url) => intentDocument(operation, public_url, false),
    refundDocument,
    childDocument: (kind, child, operation) =>
      kind === 'refund' ? refundDocument(child, operation) : intentDocument(operation, '', true),
    voidDocument: ({ id, reference }) => ({ id, object: 'payment_intent', metadata: { cascad_reference: reference } }),
    answer(operation, public_url, repeated) {
      const known = repeated ? first.get(operation.id) : undefined
      if (known) return { ...known, headers: { 'idempotent-replayed': 'true' } }
      const error = paymentError(operation)
      // Errors show the intent as it is stored, without the charge.
      const intent = intentDocument(operation, public_url, error === null)
      const answer = error
        ? { status: 402, document: { error: { ...error, payment_intent: intent } } }
        : { status: 200, document: intent }
      if (first.size >= answers_max) first.delete(first.keys().next().value as string)
      first.set(operation.id, answer)
      return answer
    },
    refusal(status, code, text) {
      const [as, type, stripe_code] = refusals[code] ?? [status, 'invalid_request_error', code]
      return { status: as, document: errorObject(type, stripe_code, text) }
    },
    notification(intent, event_id, terminal) {
      const { status, livemode } = intent as { status: string; livemode: boolean }
      const now = Math.floor(Date.now() / 1000)
      const body = JSON.stringify({
        id: `evt_${event_id}`,
        object: 'event',
        api_version,
        created: now,
        data: { object: intent },
        livemode,
        pending_webhooks: 1,
        type: eventTypes[status] ?? 'payment_intent.created',
      })
      const signature = createHmac('sha256', terminal.webhook_secret).update(`${now}.${body}`).digest('hex')
      return { body, headers: { 'stripe-signature': `t=${now},v1=${signature}` } }
    },
  }
}
