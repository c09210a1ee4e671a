import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import type { Payment } from './payment.ts'
import { insertPayment, type Written } from './table.ts'

/** Stores a new payment of a face with what the face adds to the statement. `null`: its reference_id is taken. */
export async function storePayment(
  ctx: Context,
  payment: Payment,
  more: readonly Fragment[],
  look: Fragment | null = null,
): Promise<Written | null> {
  const written = await insertPayment(ctx.sql, payment, more, look)
  if (written) ctx.events.paymentStatus(payment)
  return written
}
