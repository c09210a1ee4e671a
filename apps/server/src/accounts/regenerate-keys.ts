import type { Context } from '../context.ts'
import { type ModeKeys, newApiKey, newModeKeys } from './keys.ts'
import { saveApiKey, saveModeKeys } from './save-keys.ts'

/**
 * A new API key, shown once. This process refuses the old one from the next request on; other processes within a second,
 * the age of what they remember.
 */
export async function regenerateApiKey(ctx: Context, account_id: string): Promise<string> {
  const api_key = newApiKey()
  await saveApiKey(ctx, account_id, api_key)
  return api_key
}

/** A new public and private key of one mode, shown once. Callbacks not delivered yet are signed with the new one. */
export async function regenerateModeKeys(ctx: Context, account_id: string, test_mode: boolean): Promise<ModeKeys> {
  const keys = newModeKeys(test_mode)
  await saveModeKeys(ctx, account_id, test_mode, keys)
  return keys
}
