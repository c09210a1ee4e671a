/**
 * Providers that take no money themselves but name where the payer is to transfer it ("requisites"): what they are asked, what
 * is understood of their answers. Such a connector has `requisites` beside `status` and `void`. Source: Cascade API contract.
 *
 * Until the payer has seen requisites he cannot have paid: another provider may then be asked also where this one's answer is
 * unknown. Afterwards only `status` tells whether he paid, and a `void` is no proof that he will not.
 */
import type { Outcome, Send } from './connector.ts'
import type { Trials } from './trials.ts'

/** What the payer's bank is given: a card number, a phone number (faster payments), an account number. */
export type RequisiteMethod = 'card' | 'sbp' | 'account'

/** Where and what the payer is to transfer. Number and owner are personal data: shown to the payer, masked everywhere else. */
export type RequisitesAction = {
  readonly kind: 'requisites'
  readonly method: RequisiteMethod
  readonly bank: string
  readonly owner: string
  /** `card`: 13–19 digits; `sbp`: a plus sign and 10–15 digits; `account`: 5–34 capital letters and digits. */
  readonly number: string
  /** Exactly this is to be transferred: major units, shortest decimal text. */
  readonly amount: string
  readonly currency: string
  /** Units of `currency` for one unit of the currency the provider's balance is kept in, as the provider was told. */
  readonly currency_rate: string
  /** ISO 8601. When the provider was asked: the start of its window. */
  readonly requested_at: string
  /** ISO 8601. The payer must not transfer any more from then on. */
  readonly expires_at: string
  /** `check_digit` = the card number fails its check digit, and the gateway allows that. */
  readonly doubts: readonly 'check_digit'[]
}

export type IssueRequest<Credentials = unknown> = {
  readonly credentials: Credentials
  /** Idempotency key, the same for every repeat of this question. */
  readonly attempt_id: string
  readonly test_mode: boolean
  readonly method: RequisiteMethod
  readonly amount_minor: bigint
  readonly currency: string
  readonly exponent: number
  /** Plain decimal text above 0, see RequisitesAction. */
  readonly currency_rate: string
  /** When the attempt was committed as sent. */
  readonly requested_at: Date
  /** When the payment ends, whatever the provider's window is. */
  readonly closes_at: Date
}

/** Why a provider gave no requisites, in the words of the contract. */
export type RefusalReason =
  | 'NO_REQUISITES'
  | 'INSUFFICIENT_BALANCE'
  | 'AMOUNT_OUT_OF_RANGE'
  | 'METHOD_UNSUPPORTED'
  | 'CURRENCY_UNSUPPORTED'
  | 'RATE_REJECTED'
  | 'DUPLICATE'
  | 'THROTTLED'
  | 'UNAUTHORIZED'
  | 'OTHER'

/** What the provider need not be asked for during the next seconds. */
export type Skip = { readonly scope: 'gateway' | 'amount' | 'method' | 'currency'; readonly seconds: number }

export type IssueResult = {
  /** `violation` = an answer that breaks the contract: nothing in it may be shown to the payer. */
  readonly state: 'issued' | 'refused' | 'violation' | 'not_sent' | 'unknown'
  readonly outcome: Outcome<RequisitesAction>
  /** `null` = refused it was not. */
  readonly reason: RefusalReason | null
  /** What the call says about the health of the gateway. */
  readonly health: 'healthy' | 'failure' | 'not_counted'
  readonly skip: Skip | null
  /** Key or URL are wrong: nothing new is to be asked until somebody has looked. */
  readonly misconfigured: boolean
  /** The provider's id of an order that may exist and nobody will pay: to be cancelled, unless it is another payment's. */
  readonly orphan: string | null
  /** The orphan's id, should the answer come after the limit; its requisites are never shown. Never rejects. */
  readonly late?: Promise<string | null>
}

export type AppealRequest<Credentials = unknown> = {
  readonly credentials: Credentials
  /** Idempotency key of the appeal. */
  readonly appeal_id: string
  /** The provider's id of the payment. */
  readonly payment_reference: string
  /** What the payer says he sent. */
  readonly amount_minor: bigint
  readonly exponent: number
  /** Where the provider can fetch the payer's receipt. */
  readonly receipt_url: string
}

export type AppealResult =
  /** `reference` = the provider's id of the appeal; `null` = it gave none. */
  | { readonly type: 'acknowledged'; readonly reference: string | null; readonly known_before: boolean }
  | { readonly type: 'refused'; readonly status: number; readonly text: string | null }
  /** To be sent again. */
  | { readonly type: 'undelivered'; readonly detail: string }

export type CloseAppealRequest<Credentials = unknown> = {
  readonly credentials: Credentials
  readonly appeal_id: string
  /** What the platform decided; money follows this and not the delivery. */
  readonly verdict: 'confirm' | 'cancel'
  readonly payment_reference: string
  /** From AppealResult. */
  readonly appeal_reference: string | null
}

export type CloseAppealResult =
  | { readonly type: 'delivered'; readonly closed_before: boolean }
  | { readonly type: 'refused'; readonly status: number; readonly text: string | null }
  /** To be sent again. */
  | { readonly type: 'undelivered'; readonly detail: string }

export type RequisitesOperations<Credentials = unknown> = {
  /** Payment method of the directory → what the provider is asked for. */
  readonly methods: Readonly<Record<string, RequisiteMethod>>
  /** How long the answer to `issue` may take with these settings, connecting not counted. */
  readonly answerLimit_ms: (credentials: Credentials) => number
  readonly issue: (request: IssueRequest<Credentials>, send: Send) => Promise<IssueResult>
  readonly createAppeal: (request: AppealRequest<Credentials>, send: Send) => Promise<AppealResult>
  readonly closeAppeal: (request: CloseAppealRequest<Credentials>, send: Send) => Promise<CloseAppealResult>
  /** What the provider's people may try at their endpoint. Left out = nothing. */
  readonly trials?: Trials<Credentials>
}
