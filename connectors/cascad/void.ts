import type { Outcome, Send, VoidRequest } from '@cascad/connector'
import { idOf, type JsonObject } from '@cascad/connector/answer'
import type { Answer } from './call.ts'
import { type ChildWish, postChild } from './child.ts'
import { close } from './closing.ts'
import type { Credentials } from './credentials.ts'
import { findCharge, reasonOfVoid } from './find-charge.ts'
import { declinedBy, leftBy } from './read-refusal.ts'
import { amountOf, outcomeOf } from './read-transaction.ts'

/**
 * Undoes a charge: voids a hold, voids or refunds a payment, closes what has not arrived. What is still open there cannot be
 * undone yet and stays `unknown`. The children carry the charge's own reference, so that later questions see them.
 */
export async function voidPayment(request: VoidRequest<Credentials>, send: Send): Promise<Outcome> {
  const found = await findCharge(send, request)
  if (found.type === 'not_sent' || found.type === 'unknown') return found
  if (found.type !== 'charge') {
    const open = await close(send, request)
    return open === null ? undone(null) : failedCall(open, 'the charge has arrived meanwhile')
  }
  const { charge } = found
  const uid = idOf(charge.uid)
  const amount_minor = amountOf(charge.amount)
  if (uid === null || amount_minor === null) return { type: 'unknown', detail: 'a charge that cannot be read' }
  if (found.undone === 'successful' || charge.status === 'failed' || charge.status === 'expired') return undone(uid)
  if (charge.status !== 'successful') return { type: 'unknown', detail: `the charge is ${idOf(charge.status)} there` }
  const { credentials, reference, void_id } = request
  const wish = { credentials, parent_uid: uid, amount_minor, tracking_id: reference, request_id: void_id }
  const answer = await postChild(send, 'void', wish)
  // Gateways that cannot void a payment, or no longer, give it back.
  return answer.type === 'refused' && charge.type === 'payment'
    ? await giveBack(send, wish, charge)
    : readVoid(answer, wish, 'void')
}

/** All that is left of the payment. */
async function giveBack(send: Send, wish: ChildWish, { uid }: JsonObject): Promise<Outcome> {
  const reason = { reason: reasonOfVoid(wish.tracking_id) }
  const order = (amount_minor: bigint) =>
    postChild(send, 'refund', { ...wish, amount_minor, request_id: `${wish.request_id}:${amount_minor}` }, reason)
  const answer = await order(wish.amount_minor)
  const left = answer.type === 'refused' ? leftBy(answer) : null
  if (left === 0n) return undone(idOf(uid))
  return readVoid(left === null ? answer : await order(left), wish, 'refund')
}

function readVoid(answer: Answer, { tracking_id, parent_uid }: ChildWish, type: 'void' | 'refund'): Outcome {
  if (answer.type !== 'document') return failedCall(answer, 'the void has another body')
  const outcome = outcomeOf(answer.document, { reference: tracking_id, types: [type] })
  return outcome.type === 'approved' ? undone(parent_uid) : outcome
}

function failedCall(answer: Exclude<Answer, { type: 'document' }>, other_body: string): Outcome {
  switch (answer.type) {
    case 'refused':
      return declinedBy(answer)
    case 'other_body':
      return { type: 'unknown', detail: other_body }
    case 'not_found':
      return { type: 'unknown', detail: 'answered status 404 to an order' }
    default:
      return answer
  }
}

function undone(provider_reference: string | null): Outcome {
  return { type: 'approved', provider_reference, amount_minor: null, rrn: null, approval_code: null, card_token: null }
}
