import type { Database } from '../database/connect.ts'
import { sentRate } from './rules/settlement-amount.ts'

/** How long a reference rate is used that is not agreed for good. Cascade API, section 10. */
export const fresh_ms = 10 * 60_000

export type RateTerms = {
  readonly settlement_currency: string
  readonly rate_source: string | null
  readonly rate_margin_percent: string
}

/**
 * Units of the payment currency for one of the settlement currency as the provider is told: the reference with the provider's
 * margin, decimal text. Equal currencies are "1". `null` = there is no rate, it is older than ten minutes, or too small to be
 * sent: the connection is left out, and no other one with it.
 */
export async function currencyRate(
  sql: Database,
  terms: RateTerms,
  currency: string,
  now: Date,
): Promise<string | null> {
  if (terms.settlement_currency === currency) return '1'
  if (terms.rate_source === null) return null
  const [found] = await sql<{ rate: string; as_of: Date | null }[]>`
    select trim_scale(rate)::text as rate, as_of from provider_rates
    where source = ${terms.rate_source} and from_currency = ${terms.settlement_currency} and to_currency = ${currency}`
  if (!found || (found.as_of !== null && found.as_of.getTime() < now.getTime() - fresh_ms)) return null
  return sentRate(found.rate, terms.rate_margin_percent)
}
