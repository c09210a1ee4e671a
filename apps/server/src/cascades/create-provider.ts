import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import type { Provider } from './provider.ts'
import { insertProvider } from './table.ts'

export type NewProvider = Pick<
  Provider,
  'name' | 'settlement_currency' | 'settlement_scale' | 'low_balance_alert_minor'
>

/** Registers a provider, with an empty balance in each mode. Its settlement currency and scale are for good. */
export async function createProvider(ctx: Pick<Context, 'sql' | 'now'>, given: NewProvider): Promise<Provider> {
  const now = ctx.now()
  const provider: Provider = { ...given, id: newId('provider', now), active: true, draining: false }
  await insertProvider(ctx.sql, provider, now)
  return provider
}
