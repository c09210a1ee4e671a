import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import { type Correction, insertCorrection } from './correction-table.ts'
import type { Provider } from './provider.ts'

const reason_max = 2_000

export type CorrectionRequest = {
  readonly test_mode: boolean
  /** In settlement minor units; above zero = the provider gets it. */
  readonly change_minor: bigint
  readonly reason: string
  readonly requested_by: string
}

/**
 * Asks for a change of a provider's balance that nothing else explains. Nothing is booked before another person approves it.
 * `null` = it changes nothing, or no reason is given. Cascade API, 9.2.
 */
export async function requestCorrection(
  ctx: Pick<Context, 'sql' | 'now'>,
  provider: Pick<Provider, 'id' | 'settlement_currency'>,
  request: CorrectionRequest,
): Promise<Correction | null> {
  const reason = request.reason.trim().slice(0, reason_max)
  if (reason === '' || request.change_minor === 0n) return null
  const now = ctx.now()
  const correction: Correction = {
    ...request,
    reason,
    provider_id: provider.id,
    id: newId('correction', now),
    currency: provider.settlement_currency,
    status: 'requested',
    decided_by: null,
    note: null,
    created_at: now,
    updated_at: now,
  }
  await insertCorrection(ctx.sql, correction)
  return correction
}
