import type { Context } from '../context.ts'
import { selectOperation, selectOperations } from './operation-table.ts'
import type { Operation } from './payment.ts'

/** An operation of a payment; `null` = there is none. */
export async function findOperation(
  ctx: Context,
  account_id: string,
  payment_id: string,
  id: string,
): Promise<Operation | null> {
  return selectOperation(ctx.sql, account_id, payment_id, id)
}

/** All operations of a payment, oldest first. */
export async function listOperations(ctx: Context, account_id: string, payment_id: string): Promise<Operation[]> {
  return selectOperations(ctx.sql, account_id, payment_id)
}
