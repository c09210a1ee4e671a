import type { CardFacts, Outcome, ThreeDsFacts } from '@cascad/connector'
import { asObject, httpUrlOf, idOf, type JsonObject, networkCodeOf, textOf } from '@cascad/connector/answer'
import { declined } from './read-refusal.ts'

export type TransactionType = 'payment' | 'authorization' | 'capture' | 'void' | 'refund'

/** What the transaction must be; parts that the question does not know are left out. */
export type Expected = {
  readonly reference: string
  readonly types: readonly TransactionType[]
  readonly currency?: string
  readonly test_mode?: boolean
}

export const chargeTypes: readonly TransactionType[] = ['payment', 'authorization']

/**
 * The outcome that a transaction tells. One of another reference, type or currency, or one whose parts contradict each
 * other, is `unknown`: it must be asked about again, not guessed.
 */
export function outcomeOf(document: JsonObject, expected: Expected): Outcome {
  const uid = idOf(document.uid)
  if (uid === null) return unknown('answer without an id')
  if (document.tracking_id !== expected.reference) return unknown('answer about another reference')
  if (!expected.types.some((type) => type === document.type)) return unknown('answer about another type')
  const outcome = readTransaction(document, expected, uid)
  return outcome.type === 'unknown' ? { ...outcome, provider_reference: uid } : outcome
}

function readTransaction(document: JsonObject, expected: Expected, uid: string): Outcome {
  if (expected.currency !== undefined && document.currency !== expected.currency)
    return unknown('answer in another currency')
  if (expected.test_mode === true && document.test !== true) return unknown('a live transaction for a test')
  // A shop that only makes tests approves without money: no live payment may count it.
  if (expected.test_mode === false && document.test !== false)
    return document.test === true
      ? declined({ resolution: null, unified_code: 'F.0107', provider_code: 'test', provider_text: null }, uid)
      : unknown('answer that does not say whether it is a test')
  switch (document.status) {
    case 'successful':
      return approved(document, uid)
    case 'failed':
    case 'expired':
      return refused(document, uid)
    case 'incomplete': {
      const url = httpUrlOf(document.redirect_url)
      if (url === null) return unknown('answer without a usable redirect')
      return {
        type: 'action_required',
        provider_reference: uid,
        card_facts: cardFactsOf(document),
        action: { kind: 'three_ds', url, method: 'GET', params: {} },
      }
    }
    case 'pending':
      return { type: 'pending', provider_reference: uid }
    default:
      return unknown('answer with an unknown status')
  }
}

function approved(document: JsonObject, provider_reference: string): Outcome {
  const amount_minor = amountOf(document.amount)
  if (amount_minor === null) return unknown('approval without a readable amount')
  const section = sectionOf(document)
  return {
    type: 'approved',
    provider_reference,
    card_facts: cardFactsOf(document),
    amount_minor,
    rrn: idOf(section.rrn),
    approval_code: idOf(section.auth_code),
    card_token: idOf(asObject(document.payment_method)?.token),
  }
}

/** The code is one of ours already; network and advice codes come unchanged from the gateway that decided. */
function refused(document: JsonObject, provider_reference: string): Outcome {
  const { code } = document
  if (typeof code !== 'string' || !/^F\.\d{4}$/.test(code)) return unknown('decline without a code')
  const section = sectionOf(document)
  const network_code = networkCodeOf(section.bank_code)
  if (network_code === '00' || idOf(section.auth_code) !== null) return unknown('decline that looks like an approval')
  return {
    type: 'declined',
    provider_reference,
    card_facts: cardFactsOf(document),
    signals: {
      resolution: null,
      unified_code: code,
      network_code,
      advice_code: networkCodeOf(section.advice_code),
      provider_code: code,
      provider_text: textOf(document.message),
    },
  }
}

/** The operation at the gateway; in version 3 it stands under this name whatever the type. */
function sectionOf(document: JsonObject): JsonObject {
  return asObject(document.transaction) ?? {}
}

function cardFactsOf(document: JsonObject): CardFacts {
  const section = sectionOf(document)
  const checks = asObject(document.avs_cvc_verification)
  return {
    bank_code: idOf(section.bank_code),
    rrn: idOf(section.rrn),
    descriptor: textOf(section.billing_descriptor),
    avs_result: idOf(asObject(checks?.avs_verification)?.result_code),
    cvc_result: idOf(asObject(checks?.cvc_verification)?.result_code),
    three_ds: threeDsOf(asObject(document.three_d_secure_verification)),
  }
}

function threeDsOf(told: JsonObject | null): ThreeDsFacts | null {
  return (
    told && {
      ve_status: idOf(told.ve_status),
      pa_status: idOf(told.pa_status),
      eci: idOf(told.eci),
      xid: idOf(told.xid),
      cavv: idOf(told.cavv),
      cavv_algorithm: idOf(told.cavv_algorithm),
    }
  )
}

/** Minor units as a JSON number; `null` for one that was rounded on the way, or is none. */
export function amountOf(value: unknown): bigint | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : null
}

function unknown(detail: string): Outcome {
  return { type: 'unknown', detail }
}
