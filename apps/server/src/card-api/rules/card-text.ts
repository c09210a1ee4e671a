/** A card as its payer recognises it: network and last four digits. */
import type { ShownCard } from '../transaction.ts'

const networks: Readonly<Record<string, string>> = {
  visa: 'Visa',
  master: 'Mastercard',
  maestro: 'Maestro',
  mir: 'Mir',
  amex: 'American Express',
  unionpay: 'UnionPay',
  jcb: 'JCB',
  discover: 'Discover',
  diners: 'Diners Club',
}

/** The digits keep together; the name may stand on a line of its own. */
export function cardText(card: Pick<ShownCard, 'brand' | 'last_4'> | null): string | null {
  if (card === null) return null
  const digits = `••••\u00a0${card.last_4}`
  const network = Object.hasOwn(networks, card.brand) ? networks[card.brand] : undefined
  return network === undefined ? digits : `${network} ${digits}`
}
