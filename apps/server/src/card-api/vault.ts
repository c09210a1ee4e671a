/** Cards kept for a merchant account under a token: the number encrypted, never a security code. Card API contract 17. */
import { randomUUID } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Fragment, Sql } from '../database/connect.ts'
import type { Contract } from './transaction.ts'

/** A kept card, with its number: for one operation in memory. */
export type VaultCard = {
  readonly account_id: string
  readonly token: string
  readonly number: string
  readonly holder: string
  readonly exp_month: number
  readonly exp_year: number
  readonly contract: readonly Contract[]
}

type VaultRow = Omit<VaultCard, 'number'> & { readonly number_encrypted: Uint8Array }

const purposeOf = (account_id: string, token: string): string => `vault-card:${account_id}:${token}`

export function newToken(): string {
  return randomUUID()
}

/** The CTE that keeps a card, guarded by an earlier expression. */
export function insertVaultCard(ctx: Context, card: VaultCard, guard: Fragment): Fragment {
  const now = ctx.now()
  const encrypted = ctx.secrets.encrypt(card.number, purposeOf(card.account_id, card.token))
  return ctx.sql`new_vault_card as (
    insert into vault_cards (account_id, token, number_encrypted, fingerprint, holder, exp_month, exp_year, contract, created_at, updated_at)
    select ${card.account_id}, ${card.token}, ${encrypted}::bytea, ${ctx.secrets.cardFingerprint(card.number)}, ${card.holder},
      ${card.exp_month}::integer, ${card.exp_year}::integer, ${JSON.stringify(card.contract)}::json, ${now}::timestamptz, ${now}::timestamptz
    from ${guard} returning token
  )`
}

/** The CTE that forgets a card that was kept for a transaction which came to nothing. */
export function deleteVaultCard(sql: Sql, account_id: string, token: string): Fragment {
  return sql`gone_vault_card as (
    delete from vault_cards where account_id = ${account_id} and token = ${token} and exists (select 1 from moved)
  )`
}

/** The card of a token of this account, or `null`. */
export async function findVaultCard(ctx: Context, account_id: string, token: string): Promise<VaultCard | null> {
  const [row] = await ctx.sql<VaultRow[]>`
    select account_id, token, number_encrypted, holder, exp_month, exp_year, contract from vault_cards
    where account_id = ${account_id} and token = ${token}`
  if (!row) return null
  const { number_encrypted, ...rest } = row
  return { ...rest, number: ctx.secrets.decrypt(number_encrypted, purposeOf(account_id, token)) }
}

export type VaultChange = {
  /** `null` = as it is. */
  readonly holder: string | null
  readonly exp_month: number | null
  readonly exp_year: number | null
  readonly contract: readonly Contract[] | null
}

/** The CTE that writes what changed of a kept card, guarded by an earlier expression; no row when the account has no such token. */
export function changeVaultCard(
  ctx: Context,
  account_id: string,
  token: string,
  change: VaultChange,
  guard: Fragment,
): Fragment {
  const contract = change.contract && JSON.stringify(change.contract)
  return ctx.sql`changed_vault_card as (
    update vault_cards set holder = coalesce(${change.holder}, holder), exp_month = coalesce(${change.exp_month}::integer, exp_month),
      exp_year = coalesce(${change.exp_year}::integer, exp_year), contract = coalesce(${contract}::json, contract), updated_at = ${ctx.now()}
    where account_id = ${account_id} and token = ${token} and exists (select 1 from ${guard}) returning token
  )`
}
