import type { OperationRequest, Outcome, Send } from '@cascad/connector'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'
import { findTransactions, ofTypes } from './find-transactions.ts'
import { declinedBy } from './read-refusal.ts'
import { outcomeOf, type TransactionType } from './read-transaction.ts'

/** What is done with a transaction afterwards. */
export type ChildType = Exclude<TransactionType, 'payment' | 'authorization'>

const paths = { capture: 'captures', void: 'voids', refund: 'refunds' } as const

export type ChildWish = {
  readonly credentials: Credentials
  readonly parent_uid: string
  readonly amount_minor: bigint
  readonly tracking_id: string
  readonly request_id: string
}

/** `more` = fields that only this kind has. */
export function postChild(send: Send, type: ChildType, wish: ChildWish, more: object = {}): ReturnType<typeof call> {
  const { credentials, parent_uid, amount_minor, tracking_id, request_id } = wish
  return call(send, {
    credentials,
    method: 'POST',
    path: `/transactions/${paths[type]}`,
    request_id,
    request: { parent_uid, amount: amount_minor.toString(), tracking_id, duplicate_check: false, ...more },
  })
}

/** Orders it; the operation's id is the RequestID. */
export async function orderChild(
  type: ChildType,
  request: OperationRequest<Credentials>,
  parent_uid: string,
  send: Send,
): Promise<Outcome> {
  const { credentials, reference, currency, amount_minor, operation_id } = request
  const wish = { credentials, parent_uid, amount_minor, tracking_id: reference, request_id: operation_id }
  const reason = type === 'refund' ? { reason: `Refund ${reference}` } : {}
  const answer = await postChild(send, type, wish, reason)
  switch (answer.type) {
    case 'document':
      return outcomeOf(answer.document, { reference, types: [type], currency })
    case 'refused':
      return declinedBy(answer)
    case 'other_body': {
      const made = await askChild(type, request, send)
      return made.type === 'not_found' ? { type: 'unknown', detail: 'the operation has another body' } : made
    }
    case 'not_found':
      return { type: 'unknown', detail: 'answered status 404 to an order' }
    default:
      return answer
  }
}

/** Asks about it by our reference; several = the newest. */
export async function askChild(type: ChildType, request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  const { reference, currency } = request
  const found = await findTransactions(send, request)
  if (found.type !== 'found') return { type: 'unknown', detail: found.detail }
  const [newest] = ofTypes(found.transactions, [type])
  return newest ? outcomeOf(newest, { reference, types: [type], currency }) : { type: 'not_found' }
}
