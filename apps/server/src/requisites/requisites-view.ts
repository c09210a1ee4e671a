/** What the payer's page shows of a payment by requisites. Cascade API, section 14.3. */

export type RequisitesPhase =
  /** A provider is being looked for. */
  | 'searching'
  /** None gave requisites; the payer may have it looked for again, or choose another method. */
  | 'none_found'
  /** The payer is to transfer. */
  | 'waiting'
  /** The payer says that he has paid. */
  | 'claimed'
  /** His time is over; the last questions are being asked. */
  | 'time_over'
  /** These requisites are over without a payment, the payment is not: others may be asked for. */
  | 'over'
  /** The payment has ended without success. */
  | 'ended'
  | 'paid'

export type RequisitesView = {
  readonly phase: RequisitesPhase
  readonly method: 'card' | 'sbp' | 'account'
  /** `null` while there are none. Full only in phase `waiting` and `claimed` before `expires_at`; else number and owner are masks. */
  readonly shown: {
    readonly bank: string
    readonly owner: string
    readonly number: string
    readonly masked: boolean
  } | null
  /** Exactly this is to be transferred: major units, shortest decimal text. */
  readonly amount: string
  readonly currency: string
  readonly expires_at: Date | null
  /** Providers asked so far: another number means other requisites, or another search. */
  readonly asked: number
  /** Server time, for a countdown that does not depend on the payer's clock. */
  readonly now: Date
  /** Other requisites may be asked for: three sets at most, and not after "I have paid". */
  readonly may_ask_other: boolean
  readonly may_cancel: boolean
  readonly may_claim: boolean
  /** An appeal may be opened for this payment by the payer. */
  readonly may_appeal: boolean
}
