import type { Context } from '../context.ts'
import { InvalidFields } from '../http/problem.ts'
import { firstIdAt } from '../ids.ts'
import { queueResend } from './table.ts'

const hour_ms = 3_600_000
const period_min_ms = hour_ms
const period_max_ms = 48 * hour_ms
const page = 1000

/**
 * Makes all events of an account that were made in the period (`from` included, `to` not) due once more; a worker sends them.
 * Those that had ended are sent once, without retries. Returns how many. Throws InvalidFields on `to` when the period is
 * shorter than 1 hour or longer than 2 days. Source: merchant API contract, 16.4.
 */
export async function resendPeriod(
  ctx: Pick<Context, 'sql' | 'now'>,
  account_id: string,
  period: { readonly from: Date; readonly to: Date },
): Promise<number> {
  const length_ms = period.to.getTime() - period.from.getTime()
  if (!(length_ms >= period_min_ms && length_ms <= period_max_ms)) {
    throw new InvalidFields({ to: 'The period must be from 1 hour to 2 days long.' })
  }
  // Ids are made a moment before or after what their event says.
  const before = firstIdAt('callback_event', new Date(period.to.getTime() + hour_ms))
  let after: string | null = firstIdAt('callback_event', new Date(period.from.getTime() - hour_ms))
  let total = 0
  while (after !== null) {
    const { queued, last } = await queueResend(
      ctx.sql,
      account_id,
      { ...period, now: ctx.now() },
      { after, before, limit: page },
    )
    total += queued
    after = last
  }
  return total
}
