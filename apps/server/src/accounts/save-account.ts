import type { Context } from '../context.ts'
import type { Account, AccountOptions } from './account.ts'
import { defaultOptions } from './account.ts'
import { openCurrencyAccounts } from './currency-accounts.ts'
import { forgetAccount } from './find-account.ts'
import { upsertAccount } from './table.ts'

/** What a new account is given; the rest has its usual value. */
export type AccountSettings = Partial<Omit<Account, 'options' | 'api_key_hash' | 'created_at' | 'updated_at'>> & {
  readonly id: string
  readonly name: string
  readonly base_currency: string
  readonly options?: Partial<AccountOptions>
  /** Opened where missing, never closed. */
  readonly currencies?: readonly string[]
}

/** Creates the account, or brings the stored one with this id to these settings. Keys are saved by `saveKeys`. */
export async function saveAccount(ctx: Context, settings: AccountSettings): Promise<void> {
  const { currencies, options, ...given } = settings
  const now = ctx.now()
  await upsertAccount(ctx.sql, {
    description: '',
    icon: null,
    website: null,
    checkout_domain: null,
    status: 'active',
    organisation_id: given.id.replace(/^coma_/, 'org_'),
    ledger_scheme: 'simple',
    time_zone: 'UTC',
    api_ip_allowlist: [],
    callback_url: null,
    return_urls: {},
    ...given,
    options: { ...defaultOptions, ...options },
    created_at: now,
    updated_at: now,
  })
  await openCurrencyAccounts(ctx, given.id, currencies ?? [given.base_currency])
  forgetAccount(ctx, given.id)
}
