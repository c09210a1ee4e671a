import type { Context } from '../context.ts'
import { settingsMemory } from '../database/settings-memory.ts'
import { selectPrivateKey } from './table.ts'

const keys = settingsMemory<string>({ entries_max: 10_000, tables: ['account_keys'] })

/** What an encrypted private key is bound to: it cannot be moved to another account or mode. */
export const privateKeyPurpose = (account_id: string, test_mode: boolean): string =>
  `private-key:${account_id}:${test_mode ? 'test' : 'live'}`

/** The key that signs this account's callbacks (`sk_…`), at most one second old; throws when the account has none. */
export async function privateKey(ctx: Context, account_id: string, test_mode: boolean): Promise<string> {
  return keys(ctx).get(privateKeyPurpose(account_id, test_mode), async () => {
    const encrypted = await selectPrivateKey(ctx.sql, account_id, test_mode)
    if (!encrypted) throw new Error(`Account ${account_id} has no ${test_mode ? 'test' : 'live'} keys.`)
    return ctx.secrets.decrypt(encrypted, privateKeyPurpose(account_id, test_mode))
  })
}

/** Called after a change of the keys. */
export function forgetPrivateKey(ctx: Context, account_id: string, test_mode: boolean): void {
  keys(ctx).forget(privateKeyPurpose(account_id, test_mode))
}
