/**
 * What an operator's decision does to money on unallocated receipts. It leaves them once; a merchant who gets it is credited as
 * for any money that a gateway has collected. Cascade API, 7.3.
 */
import {
  gatewayPurpose,
  merchantActive,
  type Occasion,
  platformFees,
  platformLateApprovals,
  type Stamp,
  type Transfer,
  transfersOf,
} from '../transfer.ts'
import { platformTreasury } from './provider-transfers.ts'

export type DecidedReceipt = Occasion & {
  readonly decision_id: string
  readonly gateway_id: number
  /** `won` = the payment itself is booked beside these transfers, as ever. */
  readonly kind: 'won' | 'beside' | 'returned'
  /** In the currency the payer paid in. */
  readonly amount_minor: bigint
  readonly receipt_currency: string
  /** Beside a payment: in the invoice's currency. */
  readonly credit_minor: bigint
  readonly fee_minor: bigint
}

export function transfersOfReceipt(receipt: DecidedReceipt, stamp: Stamp): Transfer[] {
  const { kind, decision_id, amount_minor, credit_minor, fee_minor } = receipt
  const gateway = gatewayPurpose(receipt.gateway_id)
  const leaving =
    kind === 'returned'
      ? ({ code: 'receipt_returned', credit: platformTreasury } as const)
      : ({ code: 'receipt_allocated', credit: gateway } as const)
  const left = { ...leaving, kind: 'posted', debit: platformLateApprovals, amount_minor } as const
  const given = [
    { code: 'receipt_credit', kind: 'posted', debit: gateway, credit: merchantActive, amount_minor: credit_minor },
    {
      code: 'receipt_credit_fee',
      kind: 'posted',
      debit: merchantActive,
      credit: platformFees,
      amount_minor: fee_minor,
    },
  ] as const
  return [
    ...transfersOf({ ...receipt, currency: receipt.receipt_currency }, decision_id, [left], stamp),
    ...(kind === 'beside' ? transfersOf(receipt, decision_id, given, stamp) : []),
  ]
}
