import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import { forgetServices } from './find-service.ts'
import { freeTerms } from './save-account-services.ts'
import {
  lockAccountServices,
  type ServiceTerms,
  selectAccountService,
  selectCodes,
  upsertAccountServices,
} from './table.ts'

export type ServiceChange = {
  readonly service: string
  readonly terms: Partial<ServiceTerms>
  /** `true` = test; each mode has terms of its own. */
  readonly modes: readonly boolean[]
}

export type ServiceRefusal = 'unknown_service' | 'not_given' | 'fee_min_above_max' | 'half_a_reserve'

/**
 * Gives the account a service, free of fees but for the terms named, or brings the terms named of one it has to these values;
 * the rest stays, and of two changes at the same time neither is lost. What is switched off must have been given before.
 * A refusal in one mode changes nothing in the other. `null` = done. Other processes know within a second.
 */
export async function changeAccountService(
  ctx: Context,
  account_id: string,
  { service, terms, modes }: ServiceChange,
): Promise<ServiceRefusal | null> {
  const now = ctx.now()
  const refusal = await ctx.sql.begin(async (tx) => {
    await lockAccountServices(tx, account_id)
    if (!(await selectCodes(tx, 'payment_services')).has(service)) return 'unknown_service'
    const rows: Parameters<typeof upsertAccountServices>[2][number][] = []
    for (const test_mode of modes) {
      const before = await selectAccountService(tx, account_id, service, test_mode)
      if (before === null && terms.active === false) continue
      const after = { ...(before ? termsOf(before) : freeTerms), ...terms }
      const wrong = refusalOf(after)
      if (wrong !== null) return wrong
      rows.push({ ...after, id: before?.id ?? newId('payment_service', now), service, test_mode })
    }
    if (rows.length === 0) return 'not_given'
    await upsertAccountServices(tx, account_id, rows, now)
    return null
  })
  if (refusal === null) forgetServices(ctx)
  return refusal
}

/** A row of the table has more than terms. */
function termsOf(row: ServiceTerms): ServiceTerms {
  const { active, enabled, fee_rate, fee_fix_minor, fee_min_minor, fee_max_minor } = row
  const { reserve_rate, reserve_lifetime_minutes } = row
  const fee = { fee_rate, fee_fix_minor, fee_min_minor, fee_max_minor }
  return { active, enabled, ...fee, reserve_rate, reserve_lifetime_minutes }
}

function refusalOf({ active, ...terms }: ServiceTerms): ServiceRefusal | null {
  if (!active) return null
  const { fee_min_minor, fee_max_minor, reserve_rate, reserve_lifetime_minutes } = terms
  if (fee_max_minor > 0n && fee_min_minor > fee_max_minor) return 'fee_min_above_max'
  const rated = reserve_rate !== null && /[1-9]/.test(reserve_rate)
  return rated === (reserve_lifetime_minutes ?? 0) > 0 ? null : 'half_a_reserve'
}
