/** What Stripe tells about a card beside yes or no: the bank's code, the checks of address and code, the authentication. */
import type { CardFacts, ThreeDsFacts } from '@cascad/connector'
import { asObject, idOf, type JsonObject, networkCodeOf, textOf } from '@cascad/connector/answer'

/** `null` = the intent says nothing of the kind. Stripe tells neither RRN nor the bank's code of an approval. */
export function cardFactsOf(intent: JsonObject): CardFacts | null {
  const charge = asObject(intent.latest_charge)
  const error = intent.status === 'requires_payment_method' ? asObject(intent.last_payment_error) : null
  const card = asObject(asObject(charge?.payment_method_details)?.card)
  // Errors come without the charge, but with the payment method as it was checked.
  const checks = asObject(card?.checks) ?? asObject(asObject(asObject(error?.payment_method)?.card)?.checks)
  const facts: CardFacts = {
    bank_code: networkCodeOf(error?.network_decline_code),
    rrn: null,
    descriptor: textOf(charge?.calculated_statement_descriptor),
    avs_result: checks && avsResult(checks.address_line1_check, checks.address_postal_code_check),
    cvc_result: checks && cvcResult(checks.cvc_check),
    three_ds: threeDsOf(intent, asObject(card?.three_d_secure), error),
  }
  return Object.values(facts).some((fact) => fact !== null) ? facts : null
}

/**
 * Both checks of an address in one letter, as the card networks write it for addresses anywhere: M both match, B only the
 * street, P only the postal code, N neither, U not checked.
 */
export function avsResult(line1: unknown, postal_code: unknown): string | null {
  const given = [line1, postal_code].filter((check) => typeof check === 'string')
  if (given.length === 0) return null
  if (line1 === 'pass' && postal_code === 'pass') return 'M'
  if (line1 === 'pass') return 'B'
  if (postal_code === 'pass') return 'P'
  return given.includes('fail') ? 'N' : 'U'
}

const cvcResults: Readonly<Record<string, string>> = { pass: 'M', fail: 'N', unavailable: 'U', unchecked: 'P' }

/** M match, N no match, U the issuer does not check, P not processed. */
export function cvcResult(check: unknown): string | null {
  return (typeof check === 'string' && Object.hasOwn(cvcResults, check) && cvcResults[check]) || null
}

type Statuses = readonly [ve_status: string | null, pa_status: string | null]

/** `result` of an authentication. One that the issuer waived, or that only shared data, is no authentication. */
const results: Readonly<Record<string, Statuses>> = {
  authenticated: ['Y', 'Y'],
  attempt_acknowledged: ['Y', 'A'],
  failed: ['Y', 'N'],
  not_supported: ['N', null],
  processing_error: ['U', 'U'],
  exempted: ['Y', null],
  data_share_only: ['Y', null],
}

function threeDsOf(intent: JsonObject, told: JsonObject | null, error: JsonObject | null): ThreeDsFacts | null {
  if (told) {
    const { result, result_reason, electronic_commerce_indicator: eci } = told
    const known = typeof result === 'string' && Object.hasOwn(results, result) ? results[result] : undefined
    const [ve_status, pa_status] = known ?? ([null, null] satisfies Statuses)
    return {
      ...nothingKnown,
      ve_status,
      pa_status: result_reason === 'rejected' && pa_status === 'N' ? 'R' : pa_status,
      eci: typeof eci === 'string' && /^\d{2}$/.test(eci) ? eci : null,
      xid: idOf(told.transaction_id),
    }
  }
  if (error?.code === 'payment_intent_authentication_failure') {
    return { ...nothingKnown, ve_status: 'Y', pa_status: 'N' }
  }
  return intent.status === 'requires_action' ? { ...nothingKnown, ve_status: 'Y', pa_status: 'C' } : null
}

const nothingKnown: ThreeDsFacts = {
  ve_status: null,
  pa_status: null,
  eci: null,
  xid: null,
  cavv: null,
  cavv_algorithm: null,
}
