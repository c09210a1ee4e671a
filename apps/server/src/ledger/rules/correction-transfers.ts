/**
 * What a confirmed appeal changes in books that were written before. An entry is never changed: the difference is booked beside
 * it, up or down, under the id of the appeal. The merchant may fall below zero. Cascade API, 11.4.
 */
import {
  gatewayPurpose,
  type Line,
  merchantActive,
  merchantReserved,
  type Occasion,
  platformFees,
  platformLateApprovals,
  type Stamp,
  type Transfer,
  type TransferCode,
  transfersOf,
} from '../transfer.ts'

/** Differences: new amount less the one booked before. */
export type Correction = Occasion & {
  readonly appeal_id: string
  readonly gateway_id: number
  readonly processed_change_minor: bigint
  readonly fee_change_minor: bigint
  /** What is held back. A reserve that was released is on the active balance, and changes nothing here. */
  readonly reserved_change_minor: bigint
}

/** A payment that was paid turns out to have been paid with another amount. */
export function transfersOfCorrection(correction: Correction, stamp: Stamp): Transfer[] {
  const gateway = gatewayPurpose(correction.gateway_id)
  const { processed_change_minor, fee_change_minor, reserved_change_minor } = correction
  const lines = [
    moved('payment_correction', gateway, merchantActive, processed_change_minor),
    moved('payment_correction_fee', merchantActive, platformFees, fee_change_minor),
    moved('payment_correction_reserve', merchantActive, merchantReserved, reserved_change_minor),
  ]
  return transfersOf(correction, correction.appeal_id, lines, stamp)
}

/** Money that is nobody's sale turns out to be another amount, or a sale after all. `currency`: what the payer paid in. */
export type UnallocatedCorrection = Occasion & {
  readonly appeal_id: string
  readonly gateway_id: number
  readonly change_minor: bigint
}

export function transfersOfUnallocatedCorrection(correction: UnallocatedCorrection, stamp: Stamp): Transfer[] {
  const gateway = gatewayPurpose(correction.gateway_id)
  const line = moved('late_approval_correction', gateway, platformLateApprovals, correction.change_minor)
  return transfersOf(correction, correction.appeal_id, [line], stamp)
}

/** A negative change goes the other way. */
function moved(code: TransferCode, debit: string, credit: string, change_minor: bigint): Line {
  if (change_minor < 0n) return { code, kind: 'posted', debit: credit, credit: debit, amount_minor: -change_minor }
  return { code, kind: 'posted', debit, credit, amount_minor: change_minor }
}
