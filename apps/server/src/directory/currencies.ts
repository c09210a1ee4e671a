import type { Context } from '../context.ts'
import { settingsMemory } from '../database/settings-memory.ts'
import type { Currency } from './service.ts'
import { selectCurrencies } from './table.ts'

const known = settingsMemory<ReadonlyMap<string, Currency>>({ entries_max: 1, tables: ['currencies'] })

/** All currencies by code; at most one second old. */
export async function currencies(ctx: Context): Promise<ReadonlyMap<string, Currency>> {
  return known(ctx).get('all', async () => {
    const rows = await selectCurrencies(ctx.sql)
    return new Map(rows.map((row) => [row.code, row]))
  })
}

/** Decimals of a currency (USD 2, JPY 0, BTC 8), or `null` when there is no such currency. */
export async function exponentOf(ctx: Context, currency: string): Promise<number | null> {
  return (await currencies(ctx)).get(currency)?.exponent ?? null
}

/** Decimals of a currency that a stored row refers to; throws when the directory lost it. */
export async function getExponent(ctx: Context, currency: string): Promise<number> {
  const exponent = await exponentOf(ctx, currency)
  if (exponent === null) throw new Error(`The directory has no currency ${currency}.`)
  return exponent
}

/** Called after currencies were added. */
export function forgetCurrencies(ctx: Context): void {
  known(ctx).forgetAll()
}
