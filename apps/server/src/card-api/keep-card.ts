/** `POST /credit_cards`: a token for a card, or another holder and expiry for one. Card API contract 17.1. */
import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import { CardProblem } from './card-problem.ts'
import { cardTokenBody } from './card-token-body.ts'
import { readCardTokenRequest } from './read-card-token-request.ts'
import { findMade, requestClaim } from './request-id.ts'
import type { ShopCall, ShopReply } from './shop-route.ts'
import { claimedRequest } from './table.ts'
import { changeVaultCard, findVaultCard, insertVaultCard, newToken } from './vault.ts'

/** `token_in_path` = the token to change; without it the body may name one. */
export async function keepCard(ctx: Context, call: ShopCall, token_in_path: string | null): Promise<ShopReply> {
  const { account } = call
  const claim = requestClaim(call)
  const made = await findMade(ctx, account.id, claim)
  if (made !== null) return repeated(ctx, call, made)
  const wish = readCardTokenRequest(call.body, token_in_path, call.shop, ctx.now())
  const account_id = account.id
  const guard = ctx.sql`claimed_request`
  let token: string
  let part: Fragment
  if (wish.token === null) {
    token = newToken()
    part = insertVaultCard(ctx, { ...wish, account_id, token }, guard)
  } else {
    token = wish.token
    if (!(await findVaultCard(ctx, account_id, token))) throw unknownToken()
    part = changeVaultCard(ctx, account_id, token, wish, guard)
  }
  const claimed = claim
    ? claimedRequest(ctx.sql, { ...claim, account_id, made: token, created_at: ctx.now() })
    : ctx.sql`claimed_request as (select 1)`
  const kept = await ctx.sql`with ${claimed}, ${part} select 1 from claimed_request`
  const first = kept.length === 0 ? await findMade(ctx, account.id, claim) : null
  if (first !== null) return repeated(ctx, call, first)
  const card = await findVaultCard(ctx, account_id, token)
  if (!card) throw unknownToken()
  return { body: cardTokenBody(ctx, call.shop, card) }
}

async function repeated(ctx: Context, { account, shop }: ShopCall, token: string): Promise<ShopReply> {
  const card = await findVaultCard(ctx, account.id, token)
  if (!card) throw unknownToken()
  return { body: cardTokenBody(ctx, shop, card), headers: { 'idempotent-replayed': 'true' } }
}

function unknownToken(): CardProblem {
  return new CardProblem(422, 'E.1037', { token: ['does not exist'] })
}
