/** What is kept and shown of a card number. Card API contract 6.3. */
import { brandOf, issuerOf } from '../../payments/rules/card.ts'
import type { ShownCard } from '../transaction.ts'

/** From this length on first eight and last four digits together still leave enough unsaid. */
const length_of_bin_8 = 16

export function showCard(card: {
  readonly number: string
  readonly holder: string | null
  readonly exp_month: string
  readonly exp_year: string
}): ShownCard {
  const { number, holder, exp_month, exp_year } = card
  const issuer = issuerOf(number)
  return {
    holder,
    brand: brandName(brandOf(number)),
    first_1: number.slice(0, 1),
    last_4: number.slice(-4),
    bin: number.slice(0, 6),
    bin_8: number.length >= length_of_bin_8 ? number.slice(0, 8) : null,
    issuer_country: issuer?.country ?? null,
    issuer_name: issuer?.name ?? null,
    exp_month: Number(exp_month),
    exp_year: Number(exp_year),
  }
}

function brandName(brand: string | null): string {
  if (brand === null) return 'unknown'
  return brand === 'mastercard' ? 'master' : brand
}
