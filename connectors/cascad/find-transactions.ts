import type { Send } from '@cascad/connector'
import { asObject, type JsonObject } from '@cascad/connector/answer'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'
import type { TransactionType } from './read-transaction.ts'

export type Found =
  /** Those that carry exactly this reference, newest first; none = the other installation has nothing under it. */
  | { readonly type: 'found'; readonly transactions: readonly JsonObject[] }
  | { readonly type: 'not_sent' | 'unknown'; readonly detail: string }

/** Asks by our reference. The list is never a 404: whatever is not a list says nothing. */
export async function findTransactions(
  send: Send,
  { credentials, reference }: { readonly credentials: Credentials; readonly reference: string },
): Promise<Found> {
  const path = `/v2/transactions/tracking_id/${encodeURIComponent(reference)}`
  const answer = await call(send, { credentials, method: 'GET', path })
  if (answer.type === 'not_sent') return answer
  if (answer.type !== 'document') return { type: 'unknown', detail: saidInstead(answer) }
  const list = answer.document.transactions
  if (!Array.isArray(list)) return { type: 'unknown', detail: 'look-up without a list' }
  const transactions = list.map(asObject).filter((one) => one?.tracking_id === reference) as JsonObject[]
  if (transactions.length < list.length) return { type: 'unknown', detail: 'look-up with transactions of others' }
  return { type: 'found', transactions }
}

export function ofTypes(transactions: readonly JsonObject[], types: readonly TransactionType[]): JsonObject[] {
  return transactions.filter(({ type }) => types.some((one) => one === type))
}

/** Why a question has no answer. */
export function saidInstead(answer: {
  readonly type: string
  readonly detail?: string
  readonly code?: string
}): string {
  return answer.detail ?? `look-up refused: ${answer.code ?? answer.type}`
}
