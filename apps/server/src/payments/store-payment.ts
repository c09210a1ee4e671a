import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import type { Payment } from './payment.ts'
import { insertPayment } from './table.ts'

/** Stores a new payment of a face with what the face adds to the statement. `false`: its reference_id is taken. */
export async function storePayment(ctx: Context, payment: Payment, more: readonly Fragment[]): Promise<boolean> {
  const stored = await insertPayment(ctx.sql, payment, more)
  if (stored) ctx.events.paymentStatus(payment)
  return stored
}
