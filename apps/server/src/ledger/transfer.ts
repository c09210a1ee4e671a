/**
 * The words of the books. A transfer moves an amount between two accounts of one merchant account, mode and currency, so
 * that nothing crosses merchants. Amounts in minor units. Table: 0006_create_ledger.sql.
 */

/** `posted` = at once; `pending` = a hold; `post` and `void` end the hold named by `pending_id`, once. */
export type TransferKind = 'posted' | 'pending' | 'post' | 'void'

/** What happened. With `reference` it names a business event once. */
export type TransferCode =
  | 'payment'
  | 'authorization_hold'
  | 'authorization_released'
  | 'capture'
  | 'capture_fee'
  | 'capture_reserve'
  | 'payment_fee'
  | 'reserve'
  | 'reserve_release'
  | 'refund_hold'
  | 'refund_done'
  | 'refund_failed'
  | 'refund_fee_hold'
  | 'refund_fee_done'
  | 'refund_fee_failed'
  | 'chargeback'
  | 'chargeback_fee'
  | 'late_approval'
  | 'late_hold'
  | 'late_hold_released'
  | 'reversal'
  | 'payment_correction'
  | 'payment_correction_fee'
  | 'payment_correction_reserve'
  | 'late_approval_correction'
  | 'receipt_allocated'
  | 'receipt_returned'
  | 'receipt_credit'
  | 'receipt_credit_fee'

export type Transfer = {
  /** `trf_…` */
  readonly id: string
  readonly test_mode: boolean
  readonly currency: string
  /** Purpose of the account debited, and of the one credited. */
  readonly debit: string
  readonly credit: string
  /** Above 0. */
  readonly amount_minor: bigint
  readonly kind: TransferKind
  readonly pending_id: string | null
  readonly code: TransferCode
  /** Id of the payment, operation, chargeback, attempt, appeal or decision that caused it. */
  readonly reference: string
  /** The payment it belongs to. */
  readonly subject_id: string
  readonly created_at: Date
}

/** What the merchant may withdraw. Credit-normal, like the two below. */
export const merchantActive = 'merchant:active'
/** Held back from the merchant until a reserve expires. */
export const merchantReserved = 'merchant:reserved'
export const platformFees = 'platform:fees'
/** Money of approvals that are nobody's sale: to be given back, or for a person to decide about. */
export const platformLateApprovals = 'platform:late_approvals'

/** What a gateway has collected and owes us. Debit-normal. */
export function gatewayPurpose(gateway_id: number): string {
  return `gateway:${gateway_id}`
}

/** Time and ids, which the pure rules do not make themselves. */
export type Stamp = {
  readonly created_at: Date /** A new transfer id with each call. */
  readonly nextId: () => string
}

/** The circumstances all transfers of one event share. */
export type Occasion = {
  /** `none` = the account keeps no books: no transfers. */
  readonly ledger_scheme: 'none' | 'simple'
  readonly test_mode: boolean
  readonly currency: string
  readonly payment_id: string
}

/** One line of an event: an amount of 0 makes no transfer. */
export type Line = {
  readonly code: TransferCode
  readonly kind: 'posted' | 'pending'
  readonly debit: string
  readonly credit: string
  readonly amount_minor: bigint
}

/** The transfers of an event with the given reference. Throws RangeError for a negative amount: that is a mistake of ours. */
export function transfersOf(occasion: Occasion, reference: string, lines: readonly Line[], stamp: Stamp): Transfer[] {
  const negative = lines.find(({ amount_minor }) => amount_minor < 0n)
  if (negative)
    throw new RangeError(`${negative.code} of ${reference}: the amount ${negative.amount_minor} is negative`)
  if (occasion.ledger_scheme === 'none') return []
  return lines
    .filter(({ amount_minor }) => amount_minor > 0n)
    .map((line) => ({
      id: stamp.nextId(),
      test_mode: occasion.test_mode,
      currency: occasion.currency,
      ...line,
      pending_id: null,
      reference,
      subject_id: occasion.payment_id,
      created_at: stamp.created_at,
    }))
}
