import type { DeclineSignals, Outcome } from '@cascad/connector'
import { idOf, type JsonObject, networkCodeOf, textOf } from '@cascad/connector/answer'
import type { Answer } from './call.ts'
import { type Reading, readingOf } from './decline-codes.ts'

type ErrorAnswer = Answer & { type: 'error' }

const unread: Reading = { resolution: null, unified_code: null }
const wrongKey: Reading = { resolution: 'provider_fatal_error', unified_code: 'F.0102' }
const notEnabled: Reading = { resolution: 'provider_fatal_error', unified_code: 'F.0107' }
const slowDown: Reading = { resolution: 'provider_error', unified_code: 'F.0123' }
const badRequest: Reading = { resolution: 'invalid_request', unified_code: 'F.0128' }

/** Something else is at work on the same object or under the same key: nothing is decided. */
const openCodes = new Set(['lock_timeout', 'idempotency_key_in_use'])

/** The same idempotency key came with other parameters, so an earlier request stands under it. */
export function isKeyTaken({ error }: ErrorAnswer): boolean {
  return error.type === 'idempotency_error'
}

/**
 * The outcome of an order that Stripe answered with an error. `declined` only where Stripe says in its own words that
 * nothing will come of it; conflicts, `api_error` and everything unreadable leave the result open.
 */
export function outcomeOfError({ status, error }: ErrorAnswer): Outcome {
  const code = textOf(error.code)
  const open = { type: 'unknown', detail: `answered status ${status} ${code ?? ''}`.trim() } as const
  if (isKeyTaken({ type: 'error', status, error }) || (code !== null && openCodes.has(code))) return open
  if (status === 401) return declinedFor(readingOf(code) ?? wrongKey, error, null)
  if (status === 403) return declinedFor(wrongKey, error, null)
  if (status === 429) return declinedFor(slowDown, error, null)
  if (error.type === 'card_error' && status === 402) return declinedByCardError(error, null)
  if (error.type === 'invalid_request_error' && (status === 400 || status === 402 || status === 404)) {
    // Has no code of its own: https://support.stripe.com/questions/enabling-access-to-raw-card-data-apis
    const raw_card = typeof error.message === 'string' && error.message.includes('raw-card-data-apis')
    return declinedFor(raw_card ? notEnabled : (readingOf(code) ?? badRequest), error, null)
  }
  return open
}

/**
 * A card error, of an answer or `last_payment_error` of a payment intent. Where the network gave no code, the advice
 * not to try again stands for a card that is never to be tried again.
 */
export function declinedByCardError(error: JsonObject, provider_reference: string | null): Outcome {
  const network_code = networkCodeOf(error.network_decline_code)
  if (network_code === '00') return { type: 'unknown', detail: 'decline that looks like an approval' }
  // 68 = the answer came too late for the network itself to know.
  if (network_code === '68') return { type: 'unknown', detail: 'network code 68' }
  const reading = readingOf(textOf(error.decline_code)) ?? readingOf(textOf(error.code)) ?? unread
  const never = error.advice_code === 'do_not_try_again' && network_code === null
  return declinedFor(never ? { ...reading, unified_code: 'F.0116' } : reading, error, provider_reference)
}

function declinedFor(reading: Reading, error: JsonObject, provider_reference: string | null): Outcome {
  const signals: DeclineSignals = {
    ...reading,
    network_code: networkCodeOf(error.network_decline_code),
    advice_code: networkCodeOf(error.network_advice_code),
    provider_code: textOf(error.decline_code) ?? textOf(error.code) ?? idOf(error.type),
    provider_text: textOf(error.message),
  }
  return { type: 'declined', provider_reference, signals }
}

/** A definite "no" in a word of our own, without Stripe's. */
export function declinedAs(provider_code: string, reading: Reading, provider_reference: string | null): Outcome {
  return declinedFor(reading, { code: provider_code }, provider_reference)
}
