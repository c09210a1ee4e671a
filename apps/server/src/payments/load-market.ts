/** What a scheme's strategies must know besides the gateways: prices for `cost`, counts for `conversion`. Only what it asks for. */
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import { exchangeRate } from '../directory/exchange-rate.ts'
import type { RoutingInput } from '../routing/choice.ts'
import type { Routing } from '../routing/load-routing.ts'
import { needsOf } from '../routing/rules/compile-scheme.ts'
import type { Prices } from '../routing/rules/strategies/cost.ts'
import { recentStatistics } from '../routing/statistics.ts'

export type Market = Pick<RoutingInput, 'prices' | 'statistics'>

/** `currency` is the payer's: all costs are compared in it. */
export async function loadMarket(
  ctx: Context,
  account_id: string,
  { scheme, gateways }: Routing,
  currency: string,
): Promise<Market> {
  const { costs, counts } = needsOf(scheme)
  return {
    ...(costs ? { prices: await pricesIn(ctx, account_id, gateways, currency) } : {}),
    ...(counts ? { statistics: await recentStatistics(ctx) } : {}),
  }
}

async function pricesIn(
  ctx: Context,
  account_id: string,
  gateways: Routing['gateways'],
  currency: string,
): Promise<Prices> {
  const known = await currencies(ctx)
  const foreign = new Set([...gateways.values()].flatMap(({ tariff }) => (tariff ? [tariff.currency] : [])))
  foreign.delete(currency)
  const rates = new Map<string, string>()
  for (const from of foreign) {
    const rate = await exchangeRate(ctx, account_id, from, currency)
    if (rate !== null) rates.set(from, rate)
  }
  return { exponents: new Map([...known].map(([code, { exponent }]) => [code, exponent])), rates }
}
