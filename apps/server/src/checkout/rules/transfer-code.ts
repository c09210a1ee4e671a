/**
 * What a bank's app reads from a picture to fill in a transfer. Only one such form needs nothing but what we know: the credit
 * transfer of the euro area (European Payments Council, EPC069-12, version 002). Card and phone numbers have none: a camera would
 * call the one, and look the other up on the web.
 */
import type { RequisiteMethod } from '@cascad/connector/requisites'

export type Transfer = {
  readonly method: RequisiteMethod
  readonly currency: string
  readonly number: string
  readonly owner: string
  /** Major units, decimal text. */
  readonly amount: string
}

/** `null` = no app would understand a picture of this transfer. */
export function transferCode({ method, currency, number, owner, amount }: Transfer): string | null {
  if (method !== 'account' || currency !== 'EUR' || !isIban(number)) return null
  if (!/^\d{1,9}(\.\d{1,2})?$/.test(amount)) return null
  const name = owner.replace(/\s+/g, ' ').trim().slice(0, 70)
  if (name === '') return null
  return ['BCD', '002', '1', 'SCT', '', name, number, `EUR${amount}`].join('\n')
}

/** Country, check digits, and a remainder of one. ISO 13616. */
function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[0-9A-Z]{11,30}$/.test(text)) return false
  const digits = [...(text.slice(4) + text.slice(0, 4))].map((sign) => Number.parseInt(sign, 36)).join('')
  let rest = 0
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97
  return rest === 1
}
