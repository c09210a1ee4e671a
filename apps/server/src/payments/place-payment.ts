/** A creation as it comes in by any API: the same request a second time finds the first one's payment. Contract 2.3, 5. */
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import type { JsonObject } from '../http/json.ts'
import { InvalidFields } from '../http/problem.ts'
import { type Created, createPayment } from './create-payment.ts'
import { findPaymentByReference } from './find-payment.ts'
import type { Payment, PaymentSource } from './payment.ts'
import { type PaymentAsker, readNewPayment, readPaymentKey } from './request.ts'

/**
 * Creates the payment that the attributes describe. `created: false`: the reference_id is known, `payment` is the one that
 * has it, and nothing was written, whatever else is wrong with the request. Throws InvalidFields.
 */
export async function placePayment(
  ctx: Context,
  account: Account,
  sent: { readonly attributes: JsonObject; readonly asker: PaymentAsker; readonly source: PaymentSource },
): Promise<Created> {
  const key = readPaymentKey(sent.attributes, sent.asker)
  const known = async (): Promise<Payment | null> =>
    key.reference_id === null ? null : findPaymentByReference(ctx, account.id, key.test_mode, key.reference_id)
  const request = await readNewPayment(ctx, account, { ...sent, key }).catch(async (error: unknown) => {
    const existing = error instanceof InvalidFields ? await known() : null
    if (existing) return existing
    throw error
  })
  if ('id' in request) return { payment: request, created: false }
  // The unique constraint finds a repetition by itself. A customer is saved before that, so it is looked for first.
  const existing = request.wish.customer === null ? null : await known()
  if (existing) return { payment: existing, created: false }
  return createPayment(ctx, account, request.wish, request.plan)
}
