import type { Context } from '../context.ts'
import { hashKey } from '../database/secrets.ts'
import { forgetAccount } from './find-account.ts'
import type { AccountKeys, ModeKeys } from './keys.ts'
import { forgetPrivateKey, privateKeyPurpose } from './private-key.ts'
import { updateApiKey, upsertKeys } from './table.ts'

/** Stores the API key of an account as a hash; `null` revokes it. The one before is refused from now on. */
export async function saveApiKey(ctx: Context, account_id: string, api_key: string | null): Promise<void> {
  const found = await updateApiKey(ctx.sql, account_id, api_key === null ? null : hashKey(api_key), ctx.now())
  if (!found) throw new Error(`There is no account ${account_id}.`)
  forgetAccount(ctx, account_id)
}

/** Stores the pair of keys of one mode, the private one encrypted. The pair before is refused from now on. */
export async function saveModeKeys(
  ctx: Context,
  account_id: string,
  test_mode: boolean,
  keys: ModeKeys,
): Promise<void> {
  const private_key_encrypted = ctx.secrets.encrypt(keys.private_key, privateKeyPurpose(account_id, test_mode))
  await upsertKeys(ctx.sql, { account_id, test_mode, public_key: keys.public_key, private_key_encrypted })
  forgetAccount(ctx, account_id)
  forgetPrivateKey(ctx, account_id, test_mode)
}

/** Stores all keys of an account. */
export async function saveKeys(ctx: Context, account_id: string, keys: AccountKeys): Promise<void> {
  await saveApiKey(ctx, account_id, keys.api_key)
  await saveModeKeys(ctx, account_id, false, keys.live)
  await saveModeKeys(ctx, account_id, true, keys.test)
}
