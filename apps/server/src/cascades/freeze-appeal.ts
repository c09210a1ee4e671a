import type { Database } from '../database/connect.ts'
import { newId } from '../ids.ts'
import type { Provider } from './provider.ts'
import { settlementMinor } from './rules/settlement-amount.ts'
import { type Appeal, freeze, selectSettlement } from './settlement-table.ts'

export type AppealAmount = {
  /** What the payer is said to have sent, in minor units of the payment currency. */
  readonly amount_minor: bigint
  readonly exponent: number
}

/**
 * Freezes what an appeal would take beyond what was debited or is held, in full, even below zero (Cascade API, 11.3). The amount
 * is priced at the payment's own rate. One booking per appeal. `null` = this appeal was frozen before, or another is open.
 * Throws when the attempt never held anything: whoever opens an appeal checks the attempt's state first.
 */
export async function freezeAppeal(
  sql: Database,
  provider: Pick<Provider, 'id' | 'settlement_scale'>,
  appeal: Appeal,
  amount: AppealAmount,
  now: Date,
): Promise<{ readonly appeal_minor: bigint; readonly freeze_minor: bigint } | null> {
  const settlement = await selectSettlement(sql, appeal)
  if (!settlement) throw new Error(`${appeal.attempt_id} never held anything at ${appeal.provider_id}.`)
  const appeal_minor = settlementMinor({ ...amount, rate: settlement.rate, scale: provider.settlement_scale })
  const frozen = await freeze(sql, appeal, appeal_minor, newId('transfer', now), now)
  return frozen && { appeal_minor, ...frozen }
}
