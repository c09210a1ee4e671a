import type { Context } from '../context.ts'
import { settingsMemory } from '../database/settings-memory.ts'
import { newId } from '../ids.ts'
import type { CurrencyAccount } from './account.ts'
import { insertCurrencyAccounts, selectCurrencyAccounts } from './table.ts'

const lists = settingsMemory<readonly CurrencyAccount[]>({ entries_max: 10_000, tables: ['currency_accounts'] })

/** Every currency account of the merchant, by currency; at most one second old. */
export async function listCurrencyAccounts(ctx: Context, account_id: string): Promise<readonly CurrencyAccount[]> {
  return lists(ctx).get(account_id, () => selectCurrencyAccounts(ctx.sql, account_id))
}

/** The merchant's account in a currency, or `null`: then it cannot take money in it. */
export async function findCurrencyAccount(
  ctx: Context,
  account_id: string,
  currency: string,
): Promise<CurrencyAccount | null> {
  const list = await listCurrencyAccounts(ctx, account_id)
  return list.find((account) => account.currency === currency) ?? null
}

/** Opens accounts in these currencies where the merchant has none yet. */
export async function openCurrencyAccounts(
  ctx: Context,
  account_id: string,
  currencies: readonly string[],
): Promise<void> {
  const accounts = currencies.map((currency) => ({ id: newId('currency_account', ctx.now()), currency }))
  await insertCurrencyAccounts(ctx.sql, account_id, accounts)
  lists(ctx).forget(account_id)
}
