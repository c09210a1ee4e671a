/** The account's own documents: profile and balances. Merchant API contract, 19.1 and 19.2. */
import { formatFixed } from '@cascad/money'
import type { Balances } from '../ledger/read-balances.ts'
import type { Account, CurrencyAccount } from './account.ts'

const unix = (time: Date): number => Math.floor(time.getTime() / 1000)

export function profileDocument(account: Account) {
  const { id, status, name, icon, website, checkout_domain, options, ledger_scheme, api_ip_allowlist, time_zone } =
    account
  return {
    data: {
      type: 'account',
      id,
      attributes: {
        status,
        name,
        icon,
        website,
        hp_domain: checkout_domain,
        payment_fee_shift_out: options.fee_strategy === 'external',
        ledger_scheme,
        api_ip_white_list: api_ip_allowlist,
        created: unix(account.created_at),
        updated: unix(account.updated_at),
        report: [],
        time_zone,
      },
      links: { self: '/api/account/profile' },
    },
  }
}

const none: Balances = { active_minor: 0n, pending_minor: 0n, reserved_minor: 0n }

/** Every currency account, with or without entries. `exponents`: decimals by currency. */
export function balancesDocument(
  account_id: string,
  accounts: readonly CurrencyAccount[],
  balances: ReadonlyMap<string, Balances>,
  exponents: ReadonlyMap<string, { readonly exponent: number }>,
) {
  const entries = accounts.map((account) => {
    const { active_minor, pending_minor, reserved_minor } = balances.get(account.currency) ?? none
    const fixed = (minor: bigint): string => formatFixed(minor, exponents.get(account.currency)!.exponent)
    const limit = account.balance_lower_limit_minor
    return [
      account.currency,
      {
        account_id: account.id,
        active_balance: fixed(active_minor),
        pending_balance: fixed(pending_minor),
        reserved_balance: fixed(reserved_minor),
        overdraft_limit: fixed(account.overdraft_limit_minor),
        balance_lower_limit: limit === null ? null : fixed(limit),
      },
    ]
  })
  return {
    data: {
      type: 'account-balances',
      id: account_id,
      attributes: { currency_accounts: entries.length === 0 ? [] : Object.fromEntries(entries) },
      links: { self: '/api/account/balances' },
    },
  }
}
