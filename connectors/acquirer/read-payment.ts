import type { CardFacts, Outcome, RedirectAction, ThreeDsFacts } from '@cascad/connector'
import {
  asObject,
  httpUrlOf,
  idOf,
  type JsonObject,
  minorOf,
  networkCodeOf,
  textMapOf,
  textOf,
} from '@cascad/connector/answer'
import { readingOf } from './decline-codes.ts'

/** What the document must be about; parts that the question does not know are left out. */
export type Expected = { readonly reference: string; readonly currency?: string }

/**
 * The outcome that a payment or refund document tells. A document about another reference or currency, or one whose
 * parts contradict each other, is `unknown`: it must be asked again, not guessed.
 */
export function outcomeOf(document: JsonObject, expected: Expected): Outcome {
  const provider_reference = idOf(document.id)
  if (provider_reference === null) return unknown('answer without an id')
  if (document.reference !== expected.reference) return unknown('answer about another reference')
  const outcome = readPayment(document, expected, provider_reference)
  return outcome.type === 'unknown' ? { ...outcome, provider_reference } : outcome
}

function readPayment(document: JsonObject, expected: Expected, provider_reference: string): Outcome {
  if (expected.currency !== undefined && document.currency !== expected.currency)
    return unknown('answer in another currency')
  switch (document.status) {
    case 'approved':
      return approved(document, provider_reference)
    case 'declined':
      return declined(document, provider_reference)
    case 'voided':
      return { type: 'declined', provider_reference, signals: { ...noSignals, provider_code: 'voided' } }
    case 'action_required': {
      const action = actionOf(document.action)
      return action
        ? { type: 'action_required', provider_reference, card_facts: cardFactsOf(document), action }
        : unknown('answer without a usable action')
    }
    case 'pending':
      return { type: 'pending', provider_reference }
    default:
      return unknown('answer with an unknown status')
  }
}

const noSignals = {
  resolution: null,
  unified_code: null,
  network_code: null,
  advice_code: null,
  provider_code: null,
  provider_text: null,
}

/** The status decides: an approval stays one, whatever network code comes with it. */
function approved(document: JsonObject, provider_reference: string): Outcome {
  const amount_minor = minorOf(document.amount)
  if (amount_minor === null) return unknown('approval without a readable amount')
  return {
    type: 'approved',
    provider_reference,
    card_facts: cardFactsOf(document),
    amount_minor,
    rrn: idOf(document.rrn),
    approval_code: idOf(document.approval_code),
    card_token: idOf(document.card_token),
  }
}

function declined(document: JsonObject, provider_reference: string): Outcome {
  const network_code = networkCodeOf(document.code)
  if (network_code === '00' || idOf(document.approval_code) !== null)
    return unknown('decline that looks like an approval')
  // 68 = the answer came too late for the network itself to know.
  if (network_code === '68') return unknown('network code 68')
  const reason = textOf(document.reason)
  return {
    type: 'declined',
    provider_reference,
    card_facts: cardFactsOf(document),
    signals: {
      ...readingOf(reason),
      ...wishedCode(document),
      network_code,
      advice_code: networkCodeOf(document.advice_code),
      provider_code: reason,
      provider_text: textOf(document.text),
    },
  }
}

/** What came along about the card; a part that cannot be read is `null`. */
function cardFactsOf(document: JsonObject): CardFacts {
  return {
    bank_code: idOf(document.code),
    rrn: idOf(document.rrn),
    descriptor: textOf(document.descriptor),
    avs_result: idOf(document.avs_result),
    cvc_result: idOf(document.cvc_result),
    three_ds: threeDsOf(document.three_ds),
  }
}

function threeDsOf(value: unknown): ThreeDsFacts | null {
  const told = asObject(value)
  if (!told) return null
  const { ve_status, pa_status, eci, xid, cavv, cavv_algorithm } = told
  return {
    ve_status: idOf(ve_status),
    pa_status: idOf(pa_status),
    eci: idOf(eci),
    xid: idOf(xid),
    cavv: idOf(cavv),
    cavv_algorithm: idOf(cavv_algorithm),
  }
}

/** In tests the sandbox gives back the unified code that was asked for. */
function wishedCode({ test, wished_code }: JsonObject): { readonly unified_code: string } | null {
  return test === true && typeof wished_code === 'string' && /^F\.\d{4}$/.test(wished_code)
    ? { unified_code: wished_code }
    : null
}

function actionOf(value: unknown): RedirectAction | null {
  const action = asObject(value)
  const url = httpUrlOf(action?.url)
  const params = textMapOf(action?.params)
  if (!action || url === null || params === null || (action.method !== 'GET' && action.method !== 'POST')) return null
  return { kind: 'three_ds', url, method: action.method, params }
}

function unknown(detail: string): Outcome {
  return { type: 'unknown', detail }
}
