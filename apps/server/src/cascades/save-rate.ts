import type { Context } from '../context.ts'
import { type ProviderRate, upsertRate } from './rate-table.ts'

export type { ProviderRate } from './rate-table.ts'

/**
 * Keeps a reference rate that is sent on to providers, see `reference-rate.ts`. Returns what is wrong with it; `null` = it is kept, or
 * a newer one of the source was there already. Cascade API, section 10.
 */
export async function saveProviderRate(ctx: Pick<Context, 'sql'>, rate: ProviderRate): Promise<string | null> {
  const mistake = mistakeIn(rate)
  if (mistake === null) await upsertRate(ctx.sql, rate)
  return mistake
}

function mistakeIn({ source, from, to, rate }: ProviderRate): string | null {
  if (!/^[a-z0-9][a-z0-9_-]{0,49}$/.test(source))
    return 'the source is a word of small letters, digits, "-" and "_", at most 50'
  for (const code of [from, to])
    if (!/^[A-Z0-9]{3,10}$/.test(code)) return 'a currency is 3 to 10 capital letters or digits'
  if (from === to) return 'a rate is between two currencies'
  if (!/^\d{1,15}(\.\d{1,12})?$/.test(rate) || !/[1-9]/.test(rate))
    return 'the rate is a decimal above 0 with at most 12 decimals'
  return null
}
