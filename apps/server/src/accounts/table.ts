/** SQL of accounts, their keys, currency accounts and customers. */
import type { Database } from '../database/connect.ts'
import { type Account, type AccountOptions, type CurrencyAccount, defaultOptions } from './account.ts'
import type { AccountChanges } from './change-account.ts'
import type { NewCustomer } from './save-customer.ts'

type AccountRow = Omit<Account, 'options'> & { readonly options: Partial<AccountOptions> }

const toAccount = (row: AccountRow): Account => ({ ...row, options: { ...defaultOptions, ...row.options } })

const columns = (sql: Database) => sql`
  id, name, description, icon, website, checkout_domain, status, organisation_id, base_currency, ledger_scheme, time_zone,
  api_key_hash, api_ip_allowlist, callback_url, return_urls, options, created_at, updated_at`

export async function selectAccount(sql: Database, id: string): Promise<Account | null> {
  const [row] = await sql<AccountRow[]>`select ${columns(sql)} from accounts where id = ${id}`
  return row ? toAccount(row) : null
}

export async function selectAccounts(sql: Database): Promise<Account[]> {
  const rows = await sql<AccountRow[]>`select ${columns(sql)} from accounts order by created_at, id`
  return rows.map(toAccount)
}

export async function selectOwnerOfPublicKey(
  sql: Database,
  public_key: string,
): Promise<{ account_id: string; test_mode: boolean } | null> {
  const [row] = await sql<{ account_id: string; test_mode: boolean }[]>`
    select account_id, test_mode from account_keys where public_key = ${public_key}`
  return row ?? null
}

export async function selectPrivateKey(sql: Database, account_id: string, test_mode: boolean): Promise<Buffer | null> {
  const [row] = await sql<{ private_key_encrypted: Buffer }[]>`
    select private_key_encrypted from account_keys where account_id = ${account_id} and test_mode = ${test_mode}`
  return row?.private_key_encrypted ?? null
}

/** Inserts the account or brings the stored one to these values; the API key stays as it is. The same values write nothing. */
export async function upsertAccount(sql: Database, account: Omit<Account, 'api_key_hash'>): Promise<void> {
  await sql`
    insert into accounts (id, name, description, icon, website, checkout_domain, status, organisation_id, base_currency,
      ledger_scheme, time_zone, api_ip_allowlist, callback_url, return_urls, options, created_at, updated_at)
    values (${account.id}, ${account.name}, ${account.description}, ${account.icon}, ${account.website},
      ${account.checkout_domain}, ${account.status}, ${account.organisation_id}, ${account.base_currency},
      ${account.ledger_scheme}, ${account.time_zone}, ${[...account.api_ip_allowlist]}, ${account.callback_url},
      ${JSON.stringify(account.return_urls)}::json, ${JSON.stringify(account.options)}::json, ${account.created_at}, ${account.updated_at})
    on conflict (id) do update set
      name = excluded.name, description = excluded.description, icon = excluded.icon, website = excluded.website,
      checkout_domain = excluded.checkout_domain, status = excluded.status, organisation_id = excluded.organisation_id,
      base_currency = excluded.base_currency, ledger_scheme = excluded.ledger_scheme, time_zone = excluded.time_zone,
      api_ip_allowlist = excluded.api_ip_allowlist, callback_url = excluded.callback_url,
      return_urls = excluded.return_urls, options = excluded.options, updated_at = excluded.updated_at
    where (accounts.name, accounts.description, accounts.icon, accounts.website, accounts.checkout_domain, accounts.status,
        accounts.organisation_id, accounts.base_currency, accounts.ledger_scheme, accounts.time_zone,
        accounts.api_ip_allowlist, accounts.callback_url, accounts.return_urls::text, accounts.options::text)
      is distinct from (excluded.name, excluded.description, excluded.icon, excluded.website, excluded.checkout_domain,
        excluded.status, excluded.organisation_id, excluded.base_currency, excluded.ledger_scheme, excluded.time_zone,
        excluded.api_ip_allowlist, excluded.callback_url, excluded.return_urls::text, excluded.options::text)`
}

/** Writes what is named into the row as it is now, in one statement. `false`: there is no such account. */
export async function updateAccount(sql: Database, id: string, changes: AccountChanges, now: Date): Promise<boolean> {
  const { options = {}, return_urls = {}, ...fields } = changes
  const { count } = await sql`
    update accounts set ${sql({ ...fields, updated_at: now })},
      options = (options::jsonb || ${JSON.stringify(options)}::text::jsonb)::json,
      return_urls = jsonb_strip_nulls(return_urls::jsonb || ${JSON.stringify(return_urls)}::text::jsonb)::json
    where id = ${id}`
  return count === 1
}

export async function updateApiKey(
  sql: Database,
  account_id: string,
  api_key_hash: Buffer | null,
  now: Date,
): Promise<boolean> {
  const { count } = await sql`
    update accounts set api_key_hash = ${api_key_hash}::bytea,
      updated_at = case when api_key_hash is distinct from ${api_key_hash}::bytea then ${now} else updated_at end
    where id = ${account_id}`
  return count === 1
}

export async function upsertKeys(
  sql: Database,
  keys: { account_id: string; test_mode: boolean; public_key: string; private_key_encrypted: Buffer },
): Promise<void> {
  await sql`
    insert into account_keys (account_id, test_mode, public_key, private_key_encrypted)
    values (${keys.account_id}, ${keys.test_mode}, ${keys.public_key}, ${keys.private_key_encrypted})
    on conflict (account_id, test_mode) do update set
      public_key = excluded.public_key, private_key_encrypted = excluded.private_key_encrypted`
}

export async function selectCurrencyAccounts(sql: Database, account_id: string): Promise<CurrencyAccount[]> {
  return await sql<CurrencyAccount[]>`
    select id, currency, overdraft_limit_minor, balance_lower_limit_minor
    from currency_accounts where account_id = ${account_id} order by currency`
}

/** Opens the currency accounts that are not there yet. */
export async function insertCurrencyAccounts(
  sql: Database,
  account_id: string,
  accounts: readonly { readonly id: string; readonly currency: string }[],
): Promise<void> {
  await sql`
    insert into currency_accounts (account_id, id, currency)
    select ${account_id}, id, currency
    from json_to_recordset(${JSON.stringify(accounts)}::json) as new (id text, currency text)
    on conflict (account_id, currency) do nothing`
}

/** One statement; writes nothing, and so takes no lock, when the stored customer already has every value given. */
export async function upsertCustomer(
  sql: Database,
  account_id: string,
  id: string,
  customer: NewCustomer,
  now: Date,
): Promise<{ id: string; payment_enabled: boolean }> {
  const { reference_id, email, name, phone, individual_tax_id, date_of_birth } = customer
  const address = customer.address && JSON.stringify(customer.address)
  const metadata = customer.metadata && JSON.stringify(customer.metadata)
  const [row] = await sql<{ id: string; payment_enabled: boolean }[]>`
    with unchanged as (
      select id, payment_enabled from customers
      where account_id = ${account_id} and reference_id = ${reference_id}
        and (${email}::text is null or email = ${email}::text)
        and (${name}::text is null or name = ${name}::text)
        and (${phone}::text is null or phone = ${phone}::text)
        and (${individual_tax_id}::text is null or individual_tax_id = ${individual_tax_id}::text)
        and (${date_of_birth}::text is null or date_of_birth = ${date_of_birth}::text::date)
        and (${address}::text is null or address::text = ${address}::text)
        and (${metadata}::text is null or metadata::text = ${metadata}::text)
    ), saved as (
      insert into customers (account_id, id, reference_id, email, name, phone, individual_tax_id, date_of_birth, address,
        metadata, created_at, updated_at)
      select ${account_id}, ${id}, ${reference_id}, ${email}::text, ${name}::text, ${phone}::text,
        ${individual_tax_id}::text, ${date_of_birth}::text::date, ${address}::text::json, ${metadata}::text::json,
        ${now}::timestamptz, ${now}::timestamptz
      where not exists (select 1 from unchanged)
      on conflict (account_id, reference_id) do update set
        email = coalesce(excluded.email, customers.email), name = coalesce(excluded.name, customers.name),
        phone = coalesce(excluded.phone, customers.phone),
        individual_tax_id = coalesce(excluded.individual_tax_id, customers.individual_tax_id),
        date_of_birth = coalesce(excluded.date_of_birth, customers.date_of_birth),
        address = coalesce(excluded.address, customers.address),
        metadata = coalesce(excluded.metadata, customers.metadata), updated_at = excluded.updated_at
      returning id, payment_enabled
    )
    select id, payment_enabled from unchanged union all select id, payment_enabled from saved`
  return row!
}
