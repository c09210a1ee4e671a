/** SQL of provider_rates. */
import type { Database } from '../database/connect.ts'

/** Units of `to` for one of `from`, as decimal text. */
export type ProviderRate = {
  readonly source: string
  readonly from: string
  readonly to: string
  readonly rate: string
  /** `null` = agreed for good; else it is used for ten minutes from then on. */
  readonly as_of: Date | null
}

/** An older reading than the one that is there changes nothing: `false`. */
export async function upsertRate(sql: Database, { source, from, to, rate, as_of }: ProviderRate): Promise<boolean> {
  const { count } = await sql`
    insert into provider_rates (source, from_currency, to_currency, rate, as_of)
    values (${source}, ${from}, ${to}, ${rate}::numeric, ${as_of})
    on conflict (source, from_currency, to_currency) do update set rate = excluded.rate, as_of = excluded.as_of
    where provider_rates.as_of is null or excluded.as_of is null or provider_rates.as_of <= excluded.as_of`
  return count === 1
}

/** The same for a rate that came by itself: it also leaves alone what a person has agreed on for good. */
export async function upsertFeedRate(
  sql: Database,
  { source, from, to, rate, as_of }: ProviderRate & { readonly as_of: Date },
): Promise<void> {
  await sql`
    insert into provider_rates (source, from_currency, to_currency, rate, as_of)
    values (${source}, ${from}, ${to}, ${rate}::numeric, ${as_of})
    on conflict (source, from_currency, to_currency) do update set rate = excluded.rate, as_of = excluded.as_of
    where provider_rates.as_of <= excluded.as_of`
}

export async function selectRate(
  sql: Database,
  { source, from, to }: Pick<ProviderRate, 'source' | 'from' | 'to'>,
): Promise<Pick<ProviderRate, 'rate' | 'as_of'> | null> {
  const [row] = await sql<Pick<ProviderRate, 'rate' | 'as_of'>[]>`
    select trim_scale(rate)::text as rate, as_of from provider_rates
    where source = ${source} and from_currency = ${from} and to_currency = ${to}`
  return row ?? null
}

/** By currency. */
export async function selectRatesFrom(sql: Database, source: string, from: string): Promise<ProviderRate[]> {
  return sql<ProviderRate[]>`
    select source, from_currency as from, to_currency as to, trim_scale(rate)::text as rate, as_of from provider_rates
    where source = ${source} and from_currency = ${from} order by to_currency limit 500`
}
