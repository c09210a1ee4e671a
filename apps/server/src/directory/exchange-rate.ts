import type { Context } from '../context.ts'
import { settingsMemory } from '../database/settings-memory.ts'
import { selectExchangeRate, upsertExchangeRates } from './table.ts'

const rates = settingsMemory<string | null>({ entries_max: 10_000, tables: ['exchange_rates'] })

/**
 * Units of `to` for one unit of `from` as this account gets them: decimal text with at most 12 decimals, at most one second
 * old. The same currency is "1"; an account that has only the opposite rate gets 1 ÷ rate; no rate is `null`.
 * Merchant API contract, 18.6.
 */
export async function exchangeRate(ctx: Context, account_id: string, from: string, to: string): Promise<string | null> {
  if (from === to) return '1'
  return rates(ctx).get(`${account_id}:${from}:${to}`, () => selectExchangeRate(ctx.sql, account_id, from, to))
}

/** Stores rates of an account: decimal text, more than 0. */
export async function saveExchangeRates(
  ctx: Context,
  account_id: string,
  pairs: readonly { readonly from: string; readonly to: string; readonly rate: string }[],
): Promise<void> {
  await upsertExchangeRates(ctx.sql, account_id, pairs)
  rates(ctx).forgetAll()
}
