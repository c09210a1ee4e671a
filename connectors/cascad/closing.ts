import type { Send, VoidRequest } from '@cascad/connector'
import type { JsonObject } from '@cascad/connector/answer'
import { type Answer, call } from './call.ts'
import { pathOf } from './charge-body.ts'
import type { Credentials } from './credentials.ts'

/** The code that ISO 4217 keeps for tests. */
const currency = 'XTS'
const description = 'Closed: not to be charged'
/** The most a request may name: no service goes so far. */
const amount = '999999999999'

/** Did we make this transaction only to take the RequestID of a charge? */
export function isClosing(transaction: JsonObject): boolean {
  return transaction.currency === currency && transaction.description === description
}

/**
 * Takes the RequestID of a charge that has not arrived, for a payment and for an authorization, with a transaction that
 * fails. A charge that comes later under it is refused as another body. RequestIDs are kept for 24 hours. The transaction is
 * a test, so no live gateway is asked; its amount finds no route, and a simulated gateway that is asked all the same is told
 * to refuse.
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
      request: closingBody(request.reference),
    })
    if (answer.type !== 'document') return answer
    if (!isClosed(answer.document, request.reference))
      return { type: 'unknown', detail: 'what should have closed the charge did something else' }
  }
  return null
}

/** The number is a published test number. */
function closingBody(reference: string): object {
  return {
    amount,
    currency,
    description,
    tracking_id: reference,
    duplicate_check: false,
    test: true,
    credit_card: { number: '4000000000000002', holder: 'CLOSED', exp_month: '12', exp_year: '2099' },
    additional_data: { cascade: false, card_on_file: { initiator: 'merchant' }, expected_bank_code: 'F.0132' },
  }
}

function isClosed(document: JsonObject, reference: string): boolean {
  const { status, tracking_id, test } = document
  return status === 'failed' && tracking_id === reference && test === true && isClosing(document)
}
