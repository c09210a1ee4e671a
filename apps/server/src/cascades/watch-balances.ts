import type { Context } from '../context.ts'
import { type ProviderAvailable, readProvidersAvailable } from '../ledger/provider-entries.ts'
import { changeLevel, selectLevels } from './alarm-table.ts'
import { mailsOfCrossing } from './mail-balance.ts'
import type { Provider } from './provider.ts'
import { type BalanceLevel, levelOf } from './rules/balance-level.ts'
import { sumDebits } from './settlement-table.ts'
import { selectProviders, setDraining } from './table.ts'

const day_ms = 86_400_000

export type LevelChange = { readonly provider_id: string; readonly test_mode: boolean; readonly level: BalanceLevel }

/**
 * Looks at every balance and tells each crossing of a level once, however many processes look. A live balance more than a day's
 * business below zero takes no new payments until an operator says otherwise. Cascade API, 9.4.
 */
export async function watchBalances(
  ctx: Pick<Context, 'sql' | 'now' | 'events' | 'config'>,
  signal?: AbortSignal,
): Promise<LevelChange[]> {
  const noted = await selectLevels(ctx.sql)
  const providers = new Map((await selectProviders(ctx.sql)).map((provider) => [provider.id, provider]))
  const changes: LevelChange[] = []
  for (const balance of await readProvidersAvailable(ctx.sql, [...providers.keys()])) {
    const provider = providers.get(balance.provider_id)
    if (signal?.aborted || !provider) break
    const { provider_id, test_mode } = balance
    const level = noted.find((one) => one.provider_id === provider_id && one.test_mode === test_mode)?.level ?? null
    const change = await watchOne(ctx, provider, balance, level)
    if (change) changes.push(change)
  }
  return changes
}

async function watchOne(
  ctx: Pick<Context, 'sql' | 'now' | 'events' | 'config'>,
  provider: Provider,
  { available_minor, test_mode }: ProviderAvailable,
  noted: BalanceLevel | null,
): Promise<LevelChange | null> {
  const now = ctx.now()
  const since = new Date(now.getTime() - day_ms)
  const day_debits_minor = available_minor < 0n ? await sumDebits(ctx.sql, provider.id, test_mode, since) : 0n
  const { low_balance_alert_minor } = provider
  const level = levelOf({ available_minor, low_balance_alert_minor, day_debits_minor })
  const from = noted ?? 'fine'
  if (level === from) return null
  const mails = await mailsOfCrossing(ctx, { provider, test_mode, from, level, available_minor, at: now })
  const step = { provider_id: provider.id, test_mode, from: noted, to: level, at: now }
  const told = await ctx.sql.begin(async (tx) => {
    if (!(await changeLevel(tx, step, mails))) return false
    if (level === 'overdrawn' && !test_mode) await setDraining(tx, provider.id, true, now)
    return true
  })
  if (!told) return null
  const change = { provider_id: provider.id, test_mode, level }
  ctx.events.providerBalance({ ...change, available_minor: String(available_minor) })
  return change
}
