import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import { forgetServices } from './find-service.ts'
import { type ServiceTerms, upsertAccountServices } from './table.ts'

export type { ServiceTerms } from './table.ts'

/** Active, no fees, no reserve. */
export const freeTerms: ServiceTerms = {
  active: true,
  enabled: true,
  fee_rate: '0',
  fee_fix_minor: 0n,
  fee_min_minor: 0n,
  fee_max_minor: 0n,
  reserve_rate: '0',
  reserve_lifetime_minutes: 0,
}

/** Gives an account these services of the directory on these terms, in the modes named; stored ones get the new terms. */
export async function saveAccountServices(
  ctx: Context,
  account_id: string,
  services: readonly string[],
  terms: ServiceTerms = freeTerms,
  modes: readonly boolean[] = [true, false],
): Promise<void> {
  const now = ctx.now()
  const rows = modes.flatMap((test_mode) =>
    services.map((service) => ({ ...terms, id: newId('payment_service', now), service, test_mode })),
  )
  await upsertAccountServices(ctx.sql, account_id, rows, now)
  forgetServices(ctx)
}
