import type { Context } from '../context.ts'
import { cancelOrder } from './cancel-order.ts'
import { pollPayment } from './poll-payment.ts'
import { endLease, type Followed } from './table.ts'

/** Does what is due for a payment that a worker holds the lease of: its cancellation, then its question. */
export async function followPayment(ctx: Context, row: Followed): Promise<void> {
  const now = ctx.now()
  if (row.cancel_at !== null && row.cancel_at <= now) await cancelOrder(ctx, row)
  if (row.poll_at !== null && row.poll_at <= now) await pollPayment(ctx, row)
  else await endLease(ctx.sql, row)
}
