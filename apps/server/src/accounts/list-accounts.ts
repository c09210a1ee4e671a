import type { Context } from '../context.ts'
import type { Account } from './account.ts'
import { selectAccounts } from './table.ts'

/** Every merchant account, the oldest first. */
export async function listAccounts(ctx: Context): Promise<Account[]> {
  return await selectAccounts(ctx.sql)
}
