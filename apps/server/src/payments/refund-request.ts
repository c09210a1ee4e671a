/** What a merchant asks for when refunding: attributes → wish, or every mistake at once. Merchant API contract 12.1. */
import { envelopeId } from '../http/attributes.ts'
import { Fields } from '../http/fields.ts'
import type { JsonObject } from '../http/json.ts'
import { messages } from '../http/messages.ts'

export const refundTypes = ['refund', 'refunds'] as const

export type RefundWish = {
  /** Minor units of the payment's currency; `null` = all that is left. */
  readonly amount_minor: bigint | null
  readonly reference_id: string
  readonly description: string | null
}

/** The reference of the request as far as it can be read, to know a repetition by before its fields are checked. */
export function peekRefundReference(attributes: JsonObject): string | null {
  return new Fields(attributes).text('reference_id', { trim: true, numbers: true, min: 1, max: 255 })
}

/** Throws InvalidFields. `body` is the whole request: its `data.id`, when given, must name the payment of the path. */
export function readRefundRequest(
  sent: { readonly body: JsonObject; readonly attributes: JsonObject },
  payment: { readonly id: string; readonly exponent: number },
): RefundWish {
  const fields = new Fields(sent.attributes)
  const id = envelopeId(sent.body)
  if (id !== null && id !== payment.id) fields.fail('id', messages.invalid)
  const invoiceId = fields.text('invoiceId', { trim: true })
  if (invoiceId !== null && invoiceId !== payment.id) fields.fail('invoiceId', messages.invalid)
  const reference_id = fields.text('reference_id', { required: true, trim: true, numbers: true, max: 255 })
  const amount_minor = fields.amount('amount', payment.exponent)
  const description = fields.text('description', { max: 500 })
  fields.check()
  if (reference_id === null) throw new Error('a missing reference is no problem')
  return { amount_minor, reference_id, description }
}
