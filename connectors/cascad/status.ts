import type { Outcome, Send, StatusRequest } from '@cascad/connector'
import { idOf } from '@cascad/connector/answer'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'
import { findCharge } from './find-charge.ts'
import { saidInstead } from './find-transactions.ts'
import { declined } from './read-refusal.ts'
import { chargeTypes, outcomeOf } from './read-transaction.ts'

/**
 * Asks by our reference: that answer also shows whether the charge was taken back, and is the one that may say "not found".
 * Of what is still open it asks again by id, which makes the other installation ask its gateway.
 */
export async function status(request: StatusRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, reference, test_mode } = request
  const expected = { reference, types: chargeTypes, test_mode }
  const found = await findCharge(send, request)
  switch (found.type) {
    case 'not_found':
      return found
    case 'not_sent':
    case 'unknown':
      return { type: 'unknown', detail: found.detail }
    case 'closed':
      return takenBack('closed', null)
    case 'charge':
      break
  }
  const { charge, undone } = found
  const uid = idOf(charge.uid)
  if (undone === 'successful') return takenBack('voided', uid)
  if (charge.status !== 'pending' || uid === null) return outcomeOf(charge, expected)
  const answer = await call(send, { credentials, method: 'GET', path: `/transactions/${encodeURIComponent(uid)}` })
  if (answer.type !== 'document') return { type: 'unknown', detail: saidInstead(answer) }
  return outcomeOf(answer.document, expected)
}

function takenBack(provider_code: string, uid: string | null): Outcome {
  return declined({ resolution: null, unified_code: 'F.0109', provider_code, provider_text: null }, uid)
}
