/** Finding an account by its credentials. Credentials: merchant API contract, section 2. */
import type { Context } from '../context.ts'
import { hashKey, sameHash } from '../database/secrets.ts'
import { settingsMemory } from '../database/settings-memory.ts'
import { isId } from '../ids.ts'
import type { Account } from './account.ts'
import { selectAccount, selectOwnerOfPublicKey } from './table.ts'

const accounts = settingsMemory<Account | null>({ entries_max: 10_000, tables: ['accounts'] })
const publicKeys = settingsMemory<{ account_id: string; test_mode: boolean } | null>({
  entries_max: 10_000,
  tables: ['account_keys'],
})

// Stands in for the hash of an account that does not exist, so that both refusals cost the same work.
const nobody = Buffer.alloc(32)

/** The account, or `null`; at most one second old. */
export async function findAccount(ctx: Context, id: string): Promise<Account | null> {
  if (!isId('account', id)) return null
  return accounts(ctx).get(id, () => selectAccount(ctx.sql, id))
}

/** The account; throws when it does not exist, which is a fault of ours: ids of callers go to `findAccount`. */
export async function getAccount(ctx: Context, id: string): Promise<Account> {
  const account = await findAccount(ctx, id)
  if (!account) throw new Error(`There is no account ${id}.`)
  return account
}

/** The account whose API key this is, or `null`. The key is hashed and compared in constant time, also for unknown accounts. */
export async function findAccountByApiKey(ctx: Context, id: string, api_key: string): Promise<Account | null> {
  const given = hashKey(api_key)
  const account = await findAccount(ctx, id)
  const right = sameHash(given, account?.api_key_hash ?? nobody)
  return right && account?.api_key_hash ? account : null
}

const publicKeyForm = /^pk_(live|test)_[A-Za-z0-9_-]{43}$/

/** The account and the mode of a public key, or `null` for every text that is no public key of ours. */
export async function findAccountByPublicKey(
  ctx: Context,
  public_key: string,
): Promise<{ account: Account; test_mode: boolean } | null> {
  if (!publicKeyForm.test(public_key)) return null
  const owner = await publicKeys(ctx).get(public_key, () => selectOwnerOfPublicKey(ctx.sql, public_key))
  if (!owner || owner.test_mode !== public_key.startsWith('pk_test_')) return null
  return { account: await getAccount(ctx, owner.account_id), test_mode: owner.test_mode }
}

/** Called after every change of an account or its keys: what this process remembers of them is read again. */
export function forgetAccount(ctx: Context, id: string): void {
  accounts(ctx).forget(id)
  publicKeys(ctx).forgetAll()
}
