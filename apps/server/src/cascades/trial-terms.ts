/** What a trial asks requisites for: as the person wishes, else something the connection is likely to take. */
import type { RequisiteMethod } from '@cascad/connector/requisites'
import type { Context } from '../context.ts'
import { selectRate, selectRatesFrom } from './rate-table.ts'
import { methodsOf, type OwnConnection } from './read-connection.ts'
import { sentRate } from './rules/settlement-amount.ts'
import { selectProvider } from './table.ts'

/** Decimal text in major units. */
export type TrialWish = {
  readonly method?: RequisiteMethod
  readonly amount?: string
  readonly currency?: string
  readonly currency_rate?: string
}

export type TrialTerms = Required<TrialWish>

const usual_amount = '1000'

/** A rate of any age will do: nothing is settled by it. */
export async function trialTerms(
  ctx: Pick<Context, 'sql'>,
  own: OwnConnection,
  wish: TrialWish,
): Promise<TrialTerms | { readonly fields: Readonly<Record<string, string>> }> {
  const provider = await selectProvider(ctx.sql, own.row.provider_id)
  const settlement = provider?.settlement_currency ?? ''
  const [method, currency] = [
    wish.method ?? methodsOf(own)[0],
    wish.currency ?? (await usualCurrency(ctx, own, settlement)),
  ]
  if (method === undefined) return { fields: { method: 'must be given: no method is enabled' } }
  if (currency === null) return { fields: { currency: 'must be given' } }
  const currency_rate = wish.currency_rate ?? (await rateOf(ctx, own, settlement, currency))
  if (currency_rate === null)
    return { fields: { currency_rate: `must be given: there is no reference rate from ${settlement} to ${currency}` } }
  const amount = wish.amount ?? own.row.limits[method]?.min ?? usual_amount
  return { method, amount, currency, currency_rate }
}

async function usualCurrency(
  ctx: Pick<Context, 'sql'>,
  { gateway, row }: OwnConnection,
  settlement: string,
): Promise<string | null> {
  const [first] = gateway.currencies ?? []
  if (first !== undefined) return first
  const [rate] = row.rate_source === null ? [] : await selectRatesFrom(ctx.sql, row.rate_source, settlement)
  return rate?.to ?? (/^[A-Z]{3}$/.test(settlement) ? settlement : null)
}

async function rateOf(
  ctx: Pick<Context, 'sql'>,
  { row }: OwnConnection,
  settlement: string,
  currency: string,
): Promise<string | null> {
  if (settlement === currency) return '1'
  if (row.rate_source === null) return null
  const found = await selectRate(ctx.sql, { source: row.rate_source, from: settlement, to: currency })
  return found && sentRate(found.rate, row.rate_margin_percent)
}
