/** What a paid payment, its reserve, a late approval and a chargeback do to the books. Contract 12.3, 18.5, 19.2. */
import {
  gatewayPurpose,
  merchantActive,
  merchantReserved,
  type Occasion,
  platformFees,
  platformLateApprovals,
  type Stamp,
  type Transfer,
  transfersOf,
} from '../transfer.ts'

export type PaidPayment = Occasion & {
  readonly gateway_id: number
  readonly processed_amount_minor: bigint
  readonly processed_fee_minor: bigint
  readonly reserved_amount_minor: bigint | null
}

/** A payment was paid: the gateway owes the gross, the merchant gets the deposit, less the reserve. */
export function transfersOfPayment(payment: PaidPayment, stamp: Stamp): Transfer[] {
  const gateway = gatewayPurpose(payment.gateway_id)
  return transfersOf(
    payment,
    payment.payment_id,
    [
      {
        code: 'payment',
        kind: 'posted',
        debit: gateway,
        credit: merchantActive,
        amount_minor: payment.processed_amount_minor,
      },
      {
        code: 'payment_fee',
        kind: 'posted',
        debit: merchantActive,
        credit: platformFees,
        amount_minor: payment.processed_fee_minor,
      },
      {
        code: 'reserve',
        kind: 'posted',
        debit: merchantActive,
        credit: merchantReserved,
        amount_minor: payment.reserved_amount_minor ?? 0n,
      },
    ],
    stamp,
  )
}

/** The reserve of a payment goes to the active balance: at its time, or by hand before. */
export function transfersOfReserveRelease(
  payment: Occasion & { readonly reserved_amount_minor: bigint },
  stamp: Stamp,
): Transfer[] {
  return transfersOf(
    payment,
    payment.payment_id,
    [
      {
        code: 'reserve_release',
        kind: 'posted',
        debit: merchantReserved,
        credit: merchantActive,
        amount_minor: payment.reserved_amount_minor,
      },
    ],
    stamp,
  )
}

/** An attempt of the payment; amount and `currency` as the gateway charged them. */
export type LateApproval = Occasion & {
  readonly attempt_id: string
  readonly gateway_id: number
  readonly amount_minor: bigint
}

/** A given-up attempt turns out approved and does not win: the gateway holds money that is nobody's sale. Cascading rules 12. */
export function transfersOfLateApproval(late: LateApproval, stamp: Stamp): Transfer[] {
  return transfersOf(
    late,
    late.attempt_id,
    [
      {
        code: 'late_approval',
        kind: 'posted',
        debit: gatewayPurpose(late.gateway_id),
        credit: platformLateApprovals,
        amount_minor: late.amount_minor,
      },
    ],
    stamp,
  )
}

/** The money of a late approval was given back. The same facts as its approval; the merchant's balance sees neither. */
export function transfersOfReversal(late: LateApproval, stamp: Stamp): Transfer[] {
  return transfersOf(
    late,
    late.attempt_id,
    [
      {
        code: 'reversal',
        kind: 'posted',
        debit: platformLateApprovals,
        credit: gatewayPurpose(late.gateway_id),
        amount_minor: late.amount_minor,
      },
    ],
    stamp,
  )
}

export type Chargeback = Occasion & {
  /** Unique per chargeback of the account: a payment may have several. */
  readonly chargeback_id: string
  readonly gateway_id: number
  readonly amount_minor: bigint
  /** The service's fee for a chargeback; 0 = none. */
  readonly fee_minor: bigint
}

/** The payer's bank took money back. No limit: the active balance may fall below zero. */
export function transfersOfChargeback(chargeback: Chargeback, stamp: Stamp): Transfer[] {
  return transfersOf(
    chargeback,
    chargeback.chargeback_id,
    [
      {
        code: 'chargeback',
        kind: 'posted',
        debit: merchantActive,
        credit: gatewayPurpose(chargeback.gateway_id),
        amount_minor: chargeback.amount_minor,
      },
      {
        code: 'chargeback_fee',
        kind: 'posted',
        debit: merchantActive,
        credit: platformFees,
        amount_minor: chargeback.fee_minor,
      },
    ],
    stamp,
  )
}
