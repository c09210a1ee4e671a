/** The payments' share of a worker: due payments, and due refunds, captures and voids. */
import type { Context } from '../context.ts'
import { type RunningWork, runDueWork } from '../jobs/run-due-work.ts'
import { advanceOperation } from './advance-operation.ts'
import { advancePayment } from './advance-payment.ts'
import { claimDueOperations } from './operation-table.ts'
import { claimDuePayments } from './table.ts'

/** Longer than the longest step; a dead worker's payment is taken up after it. */
const lease_ms = 60_000
const concurrency = 32
const idle_ms = 250

export function startPaymentWork(ctx: Context): RunningWork[] {
  const lease = (): [Date, Date] => {
    const now = ctx.now()
    return [now, new Date(now.getTime() + lease_ms)]
  }
  return [
    runDueWork({
      name: 'payments',
      claim: (limit) => claimDuePayments(ctx.sql, ...lease(), limit),
      handle: (row, signal) => advancePayment(ctx, row.account_id, row.id, signal),
      concurrency,
      idle_ms,
      onFault: (error) => ctx.events.fault('payment work', error),
    }),
    runDueWork({
      name: 'operations',
      claim: (limit) => claimDueOperations(ctx.sql, ...lease(), limit),
      handle: (row) => advanceOperation(ctx, row.account_id, row.payment_id, row.id),
      concurrency,
      idle_ms,
      onFault: (error) => ctx.events.fault('operation work', error),
    }),
  ]
}
