/** Tokens of saved cards: made when a payment with `tokenize` succeeds, used by later payments of the same customer. Contract 19.3. */
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import { randomText } from '../ids.ts'
import type { Attempt, CardPayload, Payment } from './payment.ts'

/** A saved card as a payment uses it. */
export type SavedCard = {
  readonly token: string
  readonly customer_id: string | null
  /** The only gateway that knows the card. */
  readonly gateway_id: number
  /** What that gateway calls it. */
  readonly provider_token: string
  readonly card: CardPayload
  /** Keyed hash of its number; `null` = saved before this was kept. */
  readonly fingerprint: string | null
}

const purposeOf = (account_id: string): string => `card-token:${account_id}`

type TokenRow = Omit<SavedCard, 'provider_token'> & { readonly provider_token_encrypted: Uint8Array }

/** The card behind a token of this account and mode that has not expired, or `null`. */
export async function findSavedCard(
  ctx: Context,
  account_id: string,
  test_mode: boolean,
  token: string,
): Promise<SavedCard | null> {
  const [row] = await ctx.sql<TokenRow[]>`
    select token, customer_id, gateway_id, provider_token_encrypted, card, fingerprint from card_tokens
    where account_id = ${account_id} and token = ${token} and test_mode = ${test_mode} and expires_at > ${ctx.now()}`
  if (!row) return null
  const { provider_token_encrypted, ...rest } = row
  return { ...rest, provider_token: ctx.secrets.decrypt(provider_token_encrypted, purposeOf(account_id)) }
}

/** Did the merchant ask for a token of the card this payment is paid with? */
export function wantsToken(payment: Payment): boolean {
  return payment.card_token === null && cardPageOption(payment, 'tokenize')
}

/** Is the saved card to be charged without the payer? */
export function chargesAtOnce(payment: Payment): boolean {
  return payment.card_token !== null && cardPageOption(payment, 'instant')
}

function cardPageOption(payment: Payment, name: string): boolean {
  const page = payment.gateway_options?.cardgate
  return typeof page === 'object' && page !== null && (page as Record<string, unknown>)[name] === true
}

/**
 * The token of a card that has just paid, and the CTE, guarded by `moved`, that keeps it. `null` when none was asked for, the
 * gateway gave none, or nothing is known of the card's expiry.
 */
export function newCardToken(
  ctx: Context,
  account: Account,
  payment: Payment,
  attempt: Attempt,
  provider_token: string | null,
): { readonly token: string; readonly part: Fragment } | null {
  const card = payment.payload?.payment_card
  if (provider_token === null || !card || !wantsToken(payment)) return null
  const token = `tok_${randomText(32)}`
  const encrypted = ctx.secrets.encrypt(provider_token, purposeOf(account.id))
  const expires_at = new Date(Date.UTC(2000 + Number(card.expiry_year), Number(card.expiry_month), 1))
  const part = ctx.sql`new_card_token as (
    insert into card_tokens (account_id, token, test_mode, customer_id, gateway_id, provider_token_encrypted, card, fingerprint, expires_at, created_at)
    select ${account.id}, ${token}, ${payment.test_mode}::boolean, ${payment.customer_id}, ${attempt.gateway_id}::integer,
      ${encrypted}::bytea, ${JSON.stringify(card)}::json, ${payment.card_fingerprint}, ${expires_at}::timestamptz, ${ctx.now()}::timestamptz
    from moved
  )`
  return { token, part }
}
