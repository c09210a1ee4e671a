import type { Context } from '../context.ts'
import type { Provider } from './provider.ts'
import { type ProviderBalance, readBalance } from './read-balance.ts'
import { type BalanceLevel, levelOf } from './rules/balance-level.ts'
import { sumDebits } from './settlement-table.ts'

const day_ms = 86_400_000

/** A balance with how far down it is, as it stands now. */
export async function readBalanceLevel(
  ctx: Pick<Context, 'sql' | 'now'>,
  provider: Pick<Provider, 'id' | 'settlement_currency' | 'low_balance_alert_minor'>,
  test_mode: boolean,
): Promise<{ readonly figures: ProviderBalance; readonly level: BalanceLevel }> {
  const figures = await readBalance(ctx.sql, provider, test_mode)
  const { available_minor } = figures
  const since = new Date(ctx.now().getTime() - day_ms)
  const day_debits_minor = available_minor < 0n ? await sumDebits(ctx.sql, provider.id, test_mode, since) : 0n
  const { low_balance_alert_minor } = provider
  return { figures, level: levelOf({ available_minor, low_balance_alert_minor, day_debits_minor }) }
}
