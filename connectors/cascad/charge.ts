import type { ChargeRequest, Outcome, Send } from '@cascad/connector'
import { withoutCardNumber } from '@cascad/connector/answer'
import { call } from './call.ts'
import { chargeBody, pathOf } from './charge-body.ts'
import type { Credentials } from './credentials.ts'
import { declinedBy } from './read-refusal.ts'
import { outcomeOf } from './read-transaction.ts'
import { status } from './status.ts'

/** Charges or holds a card. The attempt's id is the RequestID: a repeat is the same transaction there. */
export async function charge(request: ChargeRequest<Credentials>, send: Send): Promise<Outcome> {
  return withoutCardNumber(await order(request, send), request.card)
}

async function order(request: ChargeRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, reference, currency, test_mode, attempt_id } = request
  const operation = request.operation === 'authorize' ? 'authorize' : 'charge'
  const answer = await call(send, {
    credentials,
    method: 'POST',
    path: pathOf(operation),
    request_id: attempt_id,
    request: chargeBody(request),
  })
  switch (answer.type) {
    case 'document':
      return outcomeOf(answer.document, {
        reference,
        types: [operation === 'authorize' ? 'authorization' : 'payment'],
        currency,
        test_mode,
      })
    case 'refused':
      return declinedBy(answer)
    // Something of this attempt is there already: itself with a body of another release, or what closed it.
    case 'other_body': {
      const made = await status({ credentials, reference, provider_reference: null, test_mode }, send)
      return made.type === 'not_found' ? { type: 'unknown', detail: 'the RequestID has another body' } : made
    }
    case 'not_found':
      return { type: 'unknown', detail: 'answered status 404 to a charge' }
    default:
      return answer
  }
}
