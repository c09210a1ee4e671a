import type { Send } from '@cascad/connector'
import { idOf, type JsonObject } from '@cascad/connector/answer'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'

/**
 * The card of a paid intent as a token: `{customer}/{payment method}`, for Stripe charges a saved card only together with
 * the customer it belongs to. `null` when nobody asked to save it, or it could not be saved: the payment stands anyway.
 */
export async function saveCard(send: Send, credentials: Credentials, intent: JsonObject): Promise<string | null> {
  const [id, payment_method] = [idOf(intent.id), idOf(intent.payment_method)]
  if (id === null || payment_method === null || typeof intent.setup_future_usage !== 'string') return null
  const known = idOf(intent.customer)
  if (known !== null) return `${known}/${payment_method}`
  const answer = await call(send, credentials, (stripe) =>
    stripe.customers.create({ payment_method }, { idempotencyKey: `${id}-customer` }),
  )
  const customer = answer.type === 'document' ? idOf(answer.document.id) : null
  return customer === null ? null : `${customer}/${payment_method}`
}

/** The two ids of a token, `null` when it is none of ours. */
export function savedCardOf(token: string): { readonly customer: string; readonly payment_method: string } | null {
  const [customer, payment_method, ...more] = token.split('/')
  return customer?.startsWith('cus_') && payment_method && more.length === 0 ? { customer, payment_method } : null
}
