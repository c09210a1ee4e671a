import type { DeclineSignals, Outcome } from '@cascad/connector'
import { asObject } from '@cascad/connector/answer'
import type { Refusal } from './call.ts'

type Reading = Pick<DeclineSignals, 'resolution' | 'unified_code'>

/** `F.0102` and `F.0107` are faults of our set-up: the route is passed over and a person is told. */
const readings: ReadonlyMap<string, Reading> = new Map([
  ['E.1001', { resolution: 'provider_fatal_error', unified_code: 'F.0102' }],
  ['E.1002', { resolution: 'provider_fatal_error', unified_code: 'F.0107' }],
  ['E.1065', { resolution: 'provider_fatal_error', unified_code: 'F.0107' }],
  ['E.1011', { resolution: 'provider_error', unified_code: 'F.0123' }],
  ['E.1037', { resolution: 'invalid_card', unified_code: 'F.0127' }],
  ['F.0108', { resolution: 'duplicated_transaction', unified_code: 'F.0108' }],
  ['F.0135', { resolution: 'duplicated_transaction', unified_code: 'F.0135' }],
])
const invalid: Reading = { resolution: 'invalid_request', unified_code: 'F.0128' }

/** A definite no, made before any gateway of the other installation was called. */
export function declinedBy(refusal: Refusal): Outcome & { readonly type: 'declined' } {
  return declined({ ...readingOf(refusal), provider_code: refusal.code, provider_text: refusal.text })
}

export function declined(
  signals: Reading & Pick<DeclineSignals, 'provider_code' | 'provider_text'>,
  provider_reference: string | null = null,
): Outcome & { readonly type: 'declined' } {
  return { type: 'declined', provider_reference, signals: { network_code: null, advice_code: null, ...signals } }
}

function readingOf({ code, errors }: Refusal): Reading {
  const known = readings.get(code)
  if (known) return known
  if (code !== 'E.1025') return invalid
  const card = asObject(errors.credit_card)
  if (card?.date !== undefined) return { resolution: 'card_expired', unified_code: 'F.0111' }
  if (card?.verification_value !== undefined) return { resolution: 'invalid_cvv', unified_code: 'F.0112' }
  if (card) return { resolution: 'invalid_card', unified_code: 'F.0127' }
  // Kind or state of the transaction forbids what was asked for.
  return errors.base === undefined ? invalid : { resolution: 'invalid_request', unified_code: 'F.0104' }
}

/** What is left of the parent in minor units, where the refusal says that more was asked for; `null` = it says nothing of it. */
export function leftBy({ code, errors }: Refusal): bigint | null {
  const texts = code === 'E.1025' && Array.isArray(errors.amount) ? errors.amount : []
  for (const text of texts) {
    const left = typeof text === 'string' ? /^can't be greater than (\d{1,18})$/.exec(text) : null
    if (left) return BigInt(left[1] as string)
  }
  return null
}
