import type { Context } from '../context.ts'
import type { Account, AccountOptions, ReturnUrls } from './account.ts'
import { forgetAccount } from './find-account.ts'
import { updateAccount } from './table.ts'

/** What an operator sets beside options and return addresses. */
export type AccountFields = Pick<
  Account,
  'name' | 'description' | 'website' | 'checkout_domain' | 'time_zone' | 'api_ip_allowlist' | 'callback_url'
>

export const returnKinds = ['success', 'pending', 'fail', 'common'] as const satisfies readonly (keyof ReturnUrls)[]

export type AccountChanges = Partial<AccountFields> & {
  readonly status?: 'active' | 'inactive'
  /** `null` takes the address away. */
  readonly return_urls?: { readonly [kind in keyof ReturnUrls]?: string | null }
  readonly options?: Partial<AccountOptions>
}

/**
 * Writes what is named into the account as it is now, the rest stays: of two changes at the same time neither is lost.
 * `false`: there is no such account. Other processes know within a second.
 */
export async function changeAccount(ctx: Context, id: string, changes: AccountChanges): Promise<boolean> {
  const found = await updateAccount(ctx.sql, id, changes, ctx.now())
  forgetAccount(ctx, id)
  return found
}
