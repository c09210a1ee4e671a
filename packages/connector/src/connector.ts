/**
 * The contract between Cascad and one provider of payments ("connector").
 *
 * A connector is a value, not a class: what it can do is declared as data, what it does are functions that turn a request
 * into an `Outcome`. A decline is an outcome, never an exception. The function `send` is handed in, so that time limits,
 * size limits, redaction and the proof of "nothing was sent" live in one place of the platform.
 */
import type { Static, TSchema } from 'typebox'
import type { RequisitesOperations } from './requisites.ts'

/** A card as the payer gave it. Held in memory for one operation only; never stored, never logged. */
export type Card = {
  readonly number: string
  readonly exp_month: string
  /** Four digits. */
  readonly exp_year: string
  readonly cvv: string | null
  readonly holder: string | null
}

/** How a payer's browser is to be sent elsewhere. */
export type RedirectAction = {
  readonly kind: 'three_ds' | 'redirect'
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly params: Readonly<Record<string, string>>
}

/** What a provider says about a "no", unchanged, beside the reading the connector gives it. */
export type DeclineSignals = {
  /** Resolution code of the merchant API, `null` when the provider's reason has no counterpart there. */
  readonly resolution: string | null
  /** Unified code `F.nnnn` of the Card API. */
  readonly unified_code: string | null
  /** Two-character code of the card network. Private codes of a provider never go here. */
  readonly network_code: string | null
  readonly advice_code: string | null
  readonly provider_code: string | null
  readonly provider_text: string | null
}

/** How the bank confirmed the payer, or did not. Values unchanged as the provider passed them on. */
export type ThreeDsFacts = {
  /** Enrolment: Y, N, U. */
  readonly ve_status: string | null
  /** Authentication: Y, A, C, N, R, U. */
  readonly pa_status: string | null
  readonly eci: string | null
  readonly xid: string | null
  readonly cavv: string | null
  readonly cavv_algorithm: string | null
}

/** What came with the answer about a card, beside yes or no. Nothing here identifies the card. */
export type CardFacts = {
  /** Raw code of the network or bank, also of an approval: `00`. */
  readonly bank_code: string | null
  readonly rrn: string | null
  readonly descriptor: string | null
  readonly avs_result: string | null
  readonly cvc_result: string | null
  /** `null` = no authentication was tried. */
  readonly three_ds: ThreeDsFacts | null
}

type ProviderFacts = {
  /** The provider's own id of the operation. */
  readonly provider_reference: string | null
  /** Left out = the provider says nothing of the kind. */
  readonly card_facts?: CardFacts
}

/** All that can be known of one attempt. `Action` = what the payer may be asked to do. */
export type Outcome<Action = RedirectAction> =
  | (ProviderFacts & {
      readonly type: 'approved'
      /** What was really taken, in minor units of the attempt's currency; `null` = exactly what was asked. */
      readonly amount_minor: bigint | null
      readonly rrn: string | null
      readonly approval_code: string | null
      /** A reusable reference to the card at this provider. */
      readonly card_token: string | null
    })
  | (ProviderFacts & {
      readonly type: 'declined'
      readonly signals: DeclineSignals
      /** Set where requisites are asked for: there the answer says by itself what the "no" is. Left out = the signals say it. */
      readonly class?: 'refusal' | 'gateway_rejected' | 'payer_window'
    })
  | (ProviderFacts & { readonly type: 'action_required'; readonly action: Action })
  | (ProviderFacts & {
      readonly type: 'pending'
      /** The provider says that an appeal about the payment is open. */
      readonly appeal?: true
    })
  /** Proven: no byte of the request left this machine, or the provider never got it. */
  | { readonly type: 'not_sent'; readonly detail: string }
  /** Sent, result not known: timeout, reset, 5xx, unreadable answer. An id that the answer has all the same proves that it arrived. */
  | { readonly type: 'unknown'; readonly detail: string; readonly provider_reference?: string | null }
  /** Only as an answer to a status question: the provider does not know the reference. */
  | { readonly type: 'not_found' }

export type OutcomeType = Outcome['type']

export type SendRequest = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** How long the whole answer may take once the request is written; left out = as long as the platform waits. */
  readonly answer_timeout_ms?: number
  /** After that limit the answer is still listened for, so long: see `late`. Left out = not. */
  readonly listen_ms?: number
}

export type SendResult =
  | {
      readonly type: 'response'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
    }
  /** Name not resolved, connection refused or timed out, TLS failed: no byte of the request was written. */
  | { readonly type: 'not_sent'; readonly detail: string }
  /** Anything that went wrong after the first byte was written. `late` = what came of it in `listen_ms`; never rejects. */
  | { readonly type: 'unknown'; readonly detail: string; readonly late?: Promise<SendResult> }

/** Sends one HTTP request with the platform's limits. Never throws, never follows redirects, never retries. */
export type Send = (request: SendRequest) => Promise<SendResult>

export type ChargeOperation = 'charge' | 'verify' | 'authorize'

/** Whether the payer is to be authenticated: never, where the card takes part, or always. */
export type ThreeDsWish = 'off' | 'auto' | 'required'

/** What a test wants a simulated gateway to answer. Only ever handed to gateways in test mode. */
export type Simulation = {
  /** A unified code `S.nnnn`, `F.nnnn` or `P.nnnn`. */
  readonly expected_code: string | null
  /** Steps by gateway id or `*`, as the Card API takes them; `null` = none. */
  readonly scenario: Readonly<Record<string, string | readonly string[]>> | null
}

export type BillingAddress = {
  readonly first_name: string | null
  readonly last_name: string | null
  readonly country: string | null
  readonly city: string | null
  readonly state: string | null
  readonly zip: string | null
  readonly address: string | null
  readonly phone: string | null
}

export type ChargeRequest<Credentials = unknown> = {
  readonly credentials: Credentials
  /** Idempotency key: the same for every re-send of this attempt, never used for another. */
  readonly attempt_id: string
  /** Our reference at the provider, unique per attempt: `{payment serial}-{attempt number}`. */
  readonly reference: string
  /** `verify` = check the card and leave no money taken; `authorize` = hold the amount, to be captured or cancelled later. */
  readonly operation: ChargeOperation
  readonly test_mode: boolean
  readonly method: string
  readonly amount_minor: bigint
  readonly currency: string
  /** Decimals of the currency: 2 for USD, 0 for JPY. */
  readonly exponent: number
  readonly description: string | null
  readonly service_fields: Readonly<Record<string, string>>
  readonly card: Card | null
  /** A token this provider gave earlier, instead of a card. */
  readonly card_token: string | null
  /** The security code given with a token; `null` = the payer was not asked. */
  readonly cvv?: string | null
  readonly want_card_token: boolean
  readonly customer: { readonly email: string | null; readonly name: string | null; readonly phone: string | null }
  readonly client_ip: string | null
  readonly browser: Readonly<Record<string, string>>
  /** Where the provider sends the payer's browser after a challenge. */
  readonly return_url: string
  /** Where the provider reports news. */
  readonly notification_url: string
  /** Left out = `auto`. */
  readonly three_ds?: ThreeDsWish
  /** Who starts the payment; `merchant` = the payer is not present: no authentication, no security code. Left out = `customer`. */
  readonly initiator?: 'customer' | 'merchant'
  /** A series of payments with one card; left out = none. */
  readonly recurring?: 'initial' | 'recurring' | null
  /** Text for the payer's statement, passed on where the gateway can. */
  readonly descriptor?: string | null
  readonly billing_address?: BillingAddress | null
  /** Our public number of the gateway that is called. */
  readonly gateway_id?: number
  readonly simulation?: Simulation | null
}

/** A question about an earlier attempt, by our reference. */
export type StatusRequest<Credentials = unknown> = {
  readonly credentials: Credentials
  readonly reference: string
  readonly provider_reference: string | null
  readonly test_mode: boolean
}

/** What is done with a charge afterwards: give money back, take held money, or give up a hold. */
export type OperationRequest<Credentials = unknown> = {
  readonly credentials: Credentials
  /** Idempotency key of this operation. */
  readonly operation_id: string
  /** Our reference of this operation at the provider, unique per operation. */
  readonly reference: string
  /** The provider's id of the charge it belongs to. */
  readonly payment_reference: string
  /** The provider's id of the capture that is refunded; `null` = a charge, or the provider has told none. */
  readonly capture_reference: string | null
  /** The provider's id of this operation, once known. */
  readonly provider_reference: string | null
  readonly amount_minor: bigint
  readonly currency: string
  readonly exponent: number
  readonly test_mode: boolean
  /** Captures: nothing more will be captured, the provider releases what is left of the hold. Cancels: all that is left. */
  readonly final: boolean
}

export type VoidRequest<Credentials = unknown> = StatusRequest<Credentials> & {
  /** Idempotency key of this void. */
  readonly void_id: string
  /** Idempotency key of the charge: at some providers the only handle on a charge that has not arrived. */
  readonly attempt_id: string
}

/** Test mode only: what the payer is said to have done with a pending attempt. */
export type SimulatePayerRequest<Credentials = unknown> = StatusRequest<Credentials> & {
  readonly result: 'paid' | 'fail'
}

/** What a provider told us of its own accord. */
export type ProviderEvent = {
  /** Our attempt reference, to find the attempt by. */
  readonly reference: string
  /** Provider's id of the event, to recognise doubles; `null` when it has none. */
  readonly event_id: string | null
  /** `null` = something happened, ask with `status`. */
  readonly outcome: Outcome | null
}

/** What a connector can do, as data. Not declared = absent. */
export type Capabilities = {
  /** Codes of payment methods: `payment_card`, `test`, … */
  readonly methods: readonly string[]
  /** ISO 4217 codes, or `all`. */
  readonly currencies: readonly string[] | 'all'
  readonly operations: readonly ChargeOperation[]
  /** A repeat with the same key is the same operation there. */
  readonly idempotency_key?: true
  readonly lookup_by_reference?: true
  /** A "not found" of a look-up is proof, once `settle_delay_s` has passed since sending. */
  readonly lookup_authoritative?: true
  readonly settle_delay_s?: number
  readonly void_by_reference?: true
  readonly refund?: true
  readonly partial_refund?: true
  /** Several captures of one hold. Without it the one capture is final. */
  readonly multi_capture?: true
  /** A part of a hold can be given up. */
  readonly partial_cancel?: true
  /** How long this provider keeps a hold, where that is less than 30 days. Older ones are given up. */
  readonly hold_lifetime_days?: number
  /** A charge that is not settled yet can be cancelled whole, as if it had not been. */
  readonly cancel_charge?: true
  /** Takes part in the payer's authentication (3-D Secure). */
  readonly three_ds?: true
  readonly notifications?: true
  readonly network_codes?: true
  readonly card_tokens?: true
  /** In test mode the payer's or the bank's part can be played by a button of ours. */
  readonly simulate_payer?: true
}

export type Connector<Schema extends TSchema = TSchema> = {
  /** Also the folder name and the provider code shown to merchants. */
  readonly id: string
  readonly title: string
  readonly can: Capabilities
  /** Schema of the credentials an operator gives to a gateway; secrets carry `secret: true`. */
  readonly credentials: Schema
  readonly charge: (request: ChargeRequest<Static<Schema>>, send: Send) => Promise<Outcome>
  /** Never answers `not_sent`: a question that did not get through says nothing about the attempt, so it is `unknown`. */
  readonly status?: (request: StatusRequest<Static<Schema>>, send: Send) => Promise<Outcome>
  readonly refund?: (request: OperationRequest<Static<Schema>>, send: Send) => Promise<Outcome>
  readonly refundStatus?: (request: OperationRequest<Static<Schema>>, send: Send) => Promise<Outcome>
  /** Takes held money, whole or in part. Goes with the operation `authorize`. */
  readonly capture?: (request: OperationRequest<Static<Schema>>, send: Send) => Promise<Outcome>
  readonly captureStatus?: (request: OperationRequest<Static<Schema>>, send: Send) => Promise<Outcome>
  /** Gives up a hold (or a charge, with `cancel_charge`): the "void" of merchants. Goes with the operation `authorize`. */
  readonly cancel?: (request: OperationRequest<Static<Schema>>, send: Send) => Promise<Outcome>
  readonly cancelStatus?: (request: OperationRequest<Static<Schema>>, send: Send) => Promise<Outcome>
  /** `approved` = no money is held or taken under this reference, and none will be. */
  readonly void?: (request: VoidRequest<Static<Schema>>, send: Send) => Promise<Outcome>
  readonly simulatePayer?: (request: SimulatePayerRequest<Static<Schema>>, send: Send) => Promise<Outcome>
  /** Asks where the payer is to transfer the money, instead of `charge`. */
  readonly requisites?: RequisitesOperations<Static<Schema>>
  /** Checks the signature and reads the event. `null` = not genuine or not readable: nothing changes. */
  readonly readEvent?: (
    credentials: Static<Schema>,
    event: {
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
      /** When it came in; events are read later. Left out = now. */
      readonly received_at?: Date
    },
  ) => ProviderEvent | null
}

/** Gives a connector its type without losing that of its credentials. */
export function defineConnector<Schema extends TSchema>(connector: Connector<Schema>): Connector<Schema> {
  return connector
}
