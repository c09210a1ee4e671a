/** News about one attempt, and what is decided on it. */
import type { Outcome, RedirectAction } from '@cascad/connector'
import type { RequisitesAction } from '@cascad/connector/requisites'
import type { Attempt, Payment } from '../payment.ts'
import type { Exponents } from './settle.ts'

/** A decline as the tables read it. */
export type Reading = {
  readonly class: string
  readonly resolution: string
  readonly signals: Attempt['signals']
  /** The codes say that our account at the provider is set up wrongly. */
  readonly set_up_wrong?: boolean
}

export type GatewayFacts = {
  readonly lookup_authoritative: boolean
  readonly settle_delay_s: number
  readonly accept_late_success: boolean
  /** The gateway takes an order back by our reference, also one that nobody has paid yet. */
  readonly void_by_reference: boolean
}

export type News = {
  readonly payment: Payment
  readonly attempts: readonly Attempt[]
  /** Which attempt the news is about. */
  readonly number: number
  /**
   * Also `time_over`: the payer did not act within the lifetime, and the gateway was asked once more; `voided`: the gateway has
   * confirmed that nothing is or will be charged under the reference; `given_up`: nobody is to transfer to these requisites any
   * more, and others are looked for, or the payment ends; `unless_claimed`: by the payer, and not if he has said that he has paid.
   */
  readonly outcome:
    | Outcome<RedirectAction | RequisitesAction>
    | { readonly type: 'time_over'; readonly claimed?: boolean }
    | { readonly type: 'voided' }
    | { readonly type: 'given_up'; readonly then: 'search' | 'end'; readonly unless_claimed?: boolean }
  readonly now: Date
  readonly gateway: GatewayFacts
  readonly exponents: Exponents
  /** The reading of a decline or of `not_sent`. */
  readonly reading: Reading | null
  /** The code of the hop decision (cascading rules 10) for an attempt that ended with this reading. */
  readonly afterFailure: (reading: Reading, payerActed: boolean) => string
  /** The payer is on a page of ours and has tries left (contract 8.2). */
  readonly payerMayRetry: boolean
  /** Of attempts at providers of requisites; left out = it charges by itself. */
  readonly requisites?: {
    /** The cascade that asked is still running, and may ask another provider. */
    readonly searching: boolean
  }
}

export type Patch<T> = { readonly [K in keyof T]?: T[K] }

/** What the ledger has to book for the decision. */
export type Booking =
  | { readonly kind: 'payment' | 'authorization' }
  | { readonly kind: 'late_approval'; readonly amount_minor: bigint }

export type Decision = {
  /** `win`, `hop`, `step_up`, `stop_…`, `wait…`, `late_approval`, `hold_gone`, `no_change`. */
  readonly code: string
  readonly attempt: Patch<Attempt>
  readonly payment: Patch<Payment>
  readonly booking: Booking | null
}

export const noChange: Decision = { code: 'no_change', attempt: {}, payment: {}, booking: null }
