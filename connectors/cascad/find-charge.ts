import type { Send, StatusRequest } from '@cascad/connector'
import type { JsonObject } from '@cascad/connector/answer'
import { isClosing } from './closing.ts'
import type { Credentials } from './credentials.ts'
import { findTransactions, ofTypes } from './find-transactions.ts'
import { chargeTypes } from './read-transaction.ts'

export type FoundCharge =
  | {
      readonly type: 'charge'
      readonly charge: JsonObject
      /** A void or refund of the whole by us stands beside it, in this status. */
      readonly undone: string | null
    }
  /** Nothing but what keeps a charge from arriving. */
  | { readonly type: 'closed' }
  | { readonly type: 'not_found' }
  | { readonly type: 'not_sent' | 'unknown'; readonly detail: string }

/** Marks a refund of ours that gives back all that was left. */
export function reasonOfVoid(reference: string): string {
  return `Void of ${reference}`
}

/** The payment or authorization under our reference; several = the newest. */
export async function findCharge(send: Send, request: StatusRequest<Credentials>): Promise<FoundCharge> {
  const found = await findTransactions(send, request)
  if (found.type !== 'found') return found
  const charges = ofTypes(found.transactions, chargeTypes)
  const charge = charges.find((one) => !isClosing(one))
  if (!charge) {
    const closes = (type: string) => charges.some((one) => one.type === type)
    return { type: chargeTypes.every(closes) ? 'closed' : 'not_found' }
  }
  const undoings = ofTypes(found.transactions, ['void', 'refund']).filter(
    ({ parent_uid, amount, reason, status }) =>
      parent_uid === charge.uid &&
      status !== 'failed' &&
      (amount === charge.amount || reason === reasonOfVoid(request.reference)),
  )
  const status = undoings.find((one) => one.status === 'successful')?.status ?? undoings[0]?.status
  return { type: 'charge', charge, undone: typeof status === 'string' ? status : null }
}
