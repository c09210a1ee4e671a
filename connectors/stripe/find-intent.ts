import type { Send } from '@cascad/connector'
import { asObject, idOf, type JsonObject } from '@cascad/connector/answer'
import { type Answer, call } from './call.ts'
import type { Credentials } from './credentials.ts'
import { referenceOf } from './read-intent.ts'

export type Found =
  | { readonly type: 'document'; readonly document: JsonObject }
  | { readonly type: 'not_found' }
  | { readonly type: 'not_sent'; readonly detail: string }
  | { readonly type: 'unknown'; readonly detail: string }

/** Small enough that the answer stays far below the size limit of the platform. */
const newest = 25

/**
 * The payment intent as it is now: by its id, else by our reference. The search by metadata knows an intent after up to a
 * minute, in outages after an hour, and does not exist for accounts in India; the list of the newest knows it at once. So
 * the second stands in for the first, and `not_found` proves nothing. Source: https://docs.stripe.com/search, "Data freshness".
 */
export async function findIntent(
  send: Send,
  wanted: {
    readonly credentials: Credentials
    readonly reference: string
    readonly provider_reference: string | null
  },
): Promise<Found> {
  const { credentials, reference, provider_reference } = wanted
  if (provider_reference?.startsWith('pi_')) return await retrieve(send, credentials, provider_reference)
  // Other characters would have to be quoted in the search; our references have none.
  if (/^[\w-]+$/.test(reference)) {
    const query = `metadata['cascad_reference']:'${reference}'`
    const answer = await call(send, credentials, (stripe) => stripe.paymentIntents.search({ query, limit: 10 }))
    if (answer.type === 'not_sent' || answer.type === 'unknown') return answer
    const found = await pick(send, credentials, reference, answer)
    if (found.type === 'document') return found
  }
  const answer = await call(send, credentials, (stripe) => stripe.paymentIntents.list({ limit: newest }))
  return await pick(send, credentials, reference, answer)
}

type Operation = { readonly credentials: Credentials; readonly payment_reference: string }

/** The intent a later operation is about: named by its id, or by our reference where the id never reached us. */
export async function findPayment(send: Send, { credentials, payment_reference }: Operation): Promise<Found> {
  return await findIntent(send, { credentials, reference: payment_reference, provider_reference: payment_reference })
}

type FoundId = Exclude<Found, { readonly type: 'document' }> | { readonly type: 'id'; readonly id: string }

/** Its id alone, without a request where that is known. */
export async function findPaymentId(send: Send, operation: Operation): Promise<FoundId> {
  const { payment_reference } = operation
  if (payment_reference.startsWith('pi_')) return { type: 'id', id: payment_reference }
  const found = await findPayment(send, operation)
  if (found.type !== 'document') return found
  const id = idOf(found.document.id)
  return id === null ? { type: 'unknown', detail: 'answer without an id' } : { type: 'id', id }
}

/** Of several intents under one reference the one that was not cancelled; more than one of those is not for us to choose. */
async function pick(send: Send, credentials: Credentials, reference: string, answer: Answer): Promise<Found> {
  if (answer.type === 'error') return refused(answer)
  if (answer.type !== 'document') return answer
  const { data } = answer.document
  if (!Array.isArray(data)) return { type: 'unknown', detail: 'answer without a list' }
  const ours = data.map(asObject).filter((intent) => intent !== null && referenceOf(intent) === reference)
  const alive = ours.filter((intent) => intent?.status !== 'canceled')
  if (alive.length > 1) return { type: 'unknown', detail: 'several payment intents under one reference' }
  const id = idOf((alive[0] ?? ours[0])?.id)
  return id === null ? { type: 'not_found' } : await retrieve(send, credentials, id)
}

async function retrieve(send: Send, credentials: Credentials, id: string): Promise<Found> {
  const answer = await call(send, credentials, (stripe) =>
    stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] }),
  )
  return answer.type === 'error' ? refused(answer) : answer
}

function refused({ status, error }: Answer & { type: 'error' }): Found {
  if (status === 404 && error.code === 'resource_missing') return { type: 'not_found' }
  return { type: 'unknown', detail: `look-up refused: status ${status} ${idOf(error.code) ?? ''}`.trim() }
}
