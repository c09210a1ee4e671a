import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import type { Account } from './account.ts'
import { getAccount } from './find-account.ts'
import { type AccountKeys, newKeys } from './keys.ts'
import { type AccountSettings, saveAccount } from './save-account.ts'
import { saveKeys } from './save-keys.ts'

/** Creates an account with fresh keys. The keys are shown once: the API key is stored as a hash, the private keys encrypted. */
export async function createAccount(
  ctx: Context,
  settings: Omit<AccountSettings, 'id'>,
): Promise<{ account: Account; keys: AccountKeys }> {
  const id = newId('account', ctx.now())
  const keys = newKeys()
  await saveAccount(ctx, { ...settings, id })
  await saveKeys(ctx, id, keys)
  return { account: await getAccount(ctx, id), keys }
}
