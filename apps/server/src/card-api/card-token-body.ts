import type { Shop } from '../accounts/shop.ts'
import type { Context } from '../context.ts'
import { showCard } from './rules/show-card.ts'
import type { VaultCard } from './vault.ts'

/** The answer about a kept card, the same in both versions. Card API contract 17.1. */
export function cardTokenBody(ctx: Context, { shop_id }: Shop, card: VaultCard): object {
  const { token, holder, number, exp_month, exp_year } = card
  const shown = showCard({ number, holder, exp_month: String(exp_month), exp_year: String(exp_year) })
  return {
    token,
    holder,
    stamp: ctx.secrets.cardStamp(shop_id, number),
    brand: shown.brand,
    first_1: shown.first_1,
    last_4: shown.last_4,
    bin: shown.bin,
    bin_8: shown.bin_8,
    issuer_country: shown.issuer_country,
    issuer_name: shown.issuer_name,
    product: null,
    exp_month,
    exp_year,
    token_provider: null,
  }
}
