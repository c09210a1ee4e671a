/** What a card number tells without asking anybody, and what of a card may be kept. Contract 11.8, 14.4, 15. */
import type { CardPayload } from '../payment.ts'

type BrandRange = {
  readonly brand: string
  readonly pattern: RegExp
  readonly lengths: readonly number[]
  readonly cvv: number
}

const brands: readonly BrandRange[] = [
  { brand: 'visa', pattern: /^4/, lengths: [13, 16, 19], cvv: 3 },
  { brand: 'mastercard', pattern: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16], cvv: 3 },
  { brand: 'mir', pattern: /^220[0-4]/, lengths: [16, 17, 18, 19], cvv: 3 },
  { brand: 'amex', pattern: /^3[47]/, lengths: [15], cvv: 4 },
  { brand: 'unionpay', pattern: /^62/, lengths: [16, 17, 18, 19], cvv: 3 },
  { brand: 'jcb', pattern: /^35(2[89]|[3-8])/, lengths: [16], cvv: 3 },
  { brand: 'discover', pattern: /^(6011|64[4-9]|65)/, lengths: [16], cvv: 3 },
  { brand: 'diners', pattern: /^3(0[0-5]|[68])/, lengths: [14], cvv: 3 },
  { brand: 'maestro', pattern: /^(50|5[6-9]|6[0-9])/, lengths: [12, 13, 14, 15, 16, 17, 18, 19], cvv: 3 },
]

/** Every network a card number can be of. */
export const brandNames: readonly string[] = brands.map(({ brand }) => brand)

/** The network of a card number, `null` when no range fits. */
export function brandOf(number: string): string | null {
  return brands.find(({ pattern }) => pattern.test(number))?.brand ?? null
}

/** The check digit of ISO/IEC 7812. */
export function passesLuhn(number: string): boolean {
  let sum = 0
  for (let i = 0; i < number.length; i += 1) {
    const digit = number.charCodeAt(number.length - 1 - i) - 48
    if (digit < 0 || digit > 9) return false
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return number.length > 0 && sum % 10 === 0
}

type Issuer = { readonly name: string; readonly country: string }

/** Issuers of the numbers of the test cards; a full BIN table is an operator's to load. */
const issuers: Readonly<Record<string, Issuer>> = {
  '512381': { name: 'FIRST DATA CORPORATION', country: 'US' },
  '551928': { name: 'TEST BANK', country: 'US' },
  '441239': { name: 'TEST BANK', country: 'US' },
  '430291': { name: 'TEST BANK', country: 'US' },
}

export function issuerOf(number: string): Issuer | null {
  return issuers[number.slice(0, 6)] ?? null
}

/** The card as documents show it: first six, last four, never more. `exp_year` has four digits. */
export function maskCard(card: {
  number: string
  exp_month: string
  exp_year: string
  holder: string | null
}): CardPayload {
  const first = card.number.slice(0, 6)
  const last = card.number.slice(-4)
  const issuer = issuerOf(card.number)
  const brand = brandOf(card.number)
  return {
    last,
    mask: `${first}${'*'.repeat(Math.max(0, card.number.length - 10))}${last}`,
    brand,
    first,
    holder: card.holder,
    network: brand,
    expiry_year: card.exp_year.slice(-2),
    issuer_name: issuer?.name ?? null,
    expiry_month: card.exp_month.padStart(2, '0'),
    issuer_country: issuer?.country ?? null,
  }
}
