import type { Context } from '../context.ts'
import { foldAccount, selectUnfoldedAccounts } from './table.ts'

const accounts_per_page = 500
const transfers_per_batch = 1000
const batches_per_account_max = 100

/**
 * Adds the transfers not yet folded to the balances, account by account, each batch in one statement: a crash loses and
 * doubles nothing, and any number of folders may run at once. Returns how many transfers were folded. Reads are exact
 * without it; folding keeps them short. At most 100,000 transfers of one account in a round, so that others get their turn.
 */
export async function foldBalances(ctx: Pick<Context, 'sql' | 'now'>, signal?: AbortSignal): Promise<number> {
  let folded = 0
  let after = ''
  while (!signal?.aborted) {
    const accounts = await selectUnfoldedAccounts(ctx.sql, after, accounts_per_page)
    for (const account_id of accounts) folded += await foldOneAccount(ctx, account_id, signal)
    const last = accounts.at(-1)
    if (last === undefined || accounts.length < accounts_per_page) break
    after = last
  }
  return folded
}

async function foldOneAccount(
  ctx: Pick<Context, 'sql' | 'now'>,
  account_id: string,
  signal?: AbortSignal,
): Promise<number> {
  let folded = 0
  for (let batch = 0; batch < batches_per_account_max && !signal?.aborted; batch += 1) {
    const count = await foldAccount(ctx.sql, account_id, transfers_per_batch, ctx.now())
    folded += count
    if (count < transfers_per_batch) break
  }
  return folded
}
