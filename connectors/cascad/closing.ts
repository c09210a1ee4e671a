import type { Send, VoidRequest } from '@cascad/connector'
import type { JsonObject } from '@cascad/connector/answer'
import { asObject } from '@cascad/connector/answer'
import { type Answer, call } from './call.ts'
import { pathOf } from './charge-body.ts'
import type { Credentials } from './credentials.ts'

/** ISO 4217 keeps it for tests: no gateway takes it, so a transaction in it fails before any is called. */
const currency = 'XTS'
const description = 'Closed: not to be charged'

/** Did we make this transaction only to take the RequestID of a charge? */
export function isClosing(transaction: JsonObject): boolean {
  return transaction.currency === currency && transaction.description === description
}

/**
 * Takes the RequestID of a charge that has not arrived, for a payment and for an authorization, with a transaction that
 * fails without a gateway. A charge that comes later under it is refused as another body. RequestIDs are kept for 24 hours.
 * `null` = closed.
 */
export async function close(
  send: Send,
  request: VoidRequest<Credentials>,
): Promise<Exclude<Answer, { type: 'document' }> | null> {
  for (const operation of ['charge', 'authorize'] as const) {
    const answer = await call(send, {
      credentials: request.credentials,
      method: 'POST',
      path: pathOf(operation),
      request_id: request.attempt_id,
      request: closingBody(request),
    })
    if (answer.type !== 'document') return answer
    if (!isClosed(answer.document, request.reference))
      return { type: 'unknown', detail: 'what should have closed the charge did something else' }
  }
  return null
}

/** The number is a published test number; with this currency nobody is asked about it. */
function closingBody({ reference, test_mode }: VoidRequest<Credentials>): object {
  return {
    amount: '1',
    currency,
    description,
    tracking_id: reference,
    duplicate_check: false,
    test: test_mode,
    credit_card: { number: '4000000000000002', holder: 'CLOSED', exp_month: '12', exp_year: '2099' },
    additional_data: { cascade: false, card_on_file: { initiator: 'merchant' } },
  }
}

function isClosed(document: JsonObject, reference: string): boolean {
  const { status, tracking_id, transaction } = document
  return (
    status === 'failed' &&
    tracking_id === reference &&
    isClosing(document) &&
    asObject(transaction)?.gateway_id === null
  )
}
