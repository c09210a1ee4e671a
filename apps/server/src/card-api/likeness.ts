/** What makes two transactions alike, as one short text each: amounts and the keyed stamp of the card, never its number. */
import { createHash } from 'node:crypto'
import type { Transaction } from './transaction.ts'

type Facts = Pick<Transaction, 'shop_id' | 'type' | 'tracking_id' | 'stamp' | 'parent_uid'> & {
  readonly amount_minor: bigint
  readonly currency: string
}

const hashed = (parts: readonly (string | number | bigint | null)[]): string =>
  createHash('sha256')
    .update(JSON.stringify(parts.map((part) => (typeof part === 'bigint' ? `${part}` : part))))
    .digest('base64url')

/** Of the duplicate check: parents by amount and card, children by parent and amount. Card API contract 12. */
export function duplicateLikeness(t: Facts): string {
  const alike = t.parent_uid === null ? [t.currency, t.stamp] : [t.parent_uid]
  return hashed(['duplicate', t.shop_id, t.type, t.amount_minor, ...alike])
}

/** Of chains: the same order of the merchant, amount and card. Card API contract 14.1. */
export function chainLikeness(t: Facts): string {
  return hashed(['chain', t.shop_id, t.tracking_id, t.amount_minor, t.currency, t.stamp])
}
