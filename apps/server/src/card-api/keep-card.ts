/** `POST /credit_cards`: a token for a card, or another holder and expiry for one. Card API contract 17.1. */
import type { Context } from '../context.ts'
import { CardProblem } from './card-problem.ts'
import { cardTokenBody } from './card-token-body.ts'
import { readCardTokenRequest } from './read-card-token-request.ts'
import { findMade, requestClaim } from './request-id.ts'
import type { ShopCall, ShopReply } from './shop-route.ts'
import { claimedRequest } from './table.ts'
import { findVaultCard, insertVaultCard, newToken, updateVaultCard, type VaultCard } from './vault.ts'

/** `token_in_path` = the token to change; without it the body may name one. */
export async function keepCard(ctx: Context, call: ShopCall, token_in_path: string | null): Promise<ShopReply> {
  const { account } = call
  const claim = requestClaim(call)
  const made = await findMade(ctx, account.id, claim)
  if (made !== null) return repeated(ctx, call, made)
  const wish = readCardTokenRequest(call.body, token_in_path, call.shop, ctx.now())
  if (wish.token !== null) {
    const changed = await updateVaultCard(ctx, account.id, wish.token, wish)
    if (!changed) throw new CardProblem(422, 'E.1037', { token: ['does not exist'] })
    return { body: cardTokenBody(ctx, call.shop, changed) }
  }
  const card: VaultCard = {
    account_id: account.id,
    token: newToken(),
    number: wish.number,
    holder: wish.holder,
    exp_month: wish.exp_month,
    exp_year: wish.exp_year,
    contract: wish.contract ?? [],
  }
  if (claim) {
    const created_at = ctx.now()
    const claimed = claimedRequest(ctx.sql, { ...claim, account_id: account.id, made: card.token, created_at })
    const kept =
      await ctx.sql`with ${claimed}, ${insertVaultCard(ctx, card, ctx.sql`claimed_request`)} select token from new_vault_card`
    const first = kept.length === 0 ? await findMade(ctx, account.id, claim) : null
    if (first !== null) return repeated(ctx, call, first)
  } else {
    await ctx.sql`with ${insertVaultCard(ctx, card, ctx.sql`(values (1)) as always`)} select token from new_vault_card`
  }
  return { body: cardTokenBody(ctx, call.shop, card) }
}

async function repeated(ctx: Context, { account, shop }: ShopCall, token: string): Promise<ShopReply> {
  const card = await findVaultCard(ctx, account.id, token)
  if (!card) throw new CardProblem(422, 'E.1037', { token: ['does not exist'] })
  return { body: cardTokenBody(ctx, shop, card), headers: { 'idempotent-replayed': 'true' } }
}
