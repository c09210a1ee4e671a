/**
 * An authorization in the books. What the gateway holds is one pending transfer to the merchant, which shows in no balance of
 * his. A hold ends whole: a capture or void of a part ends it, posts what was captured, and holds again what remains. So the
 * open hold and the captures posted are together what was authorized, less what was given up. Card API contract 5.
 */
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
import type { LateApproval } from './payment-transfers.ts'

export type Authorization = Occasion & { readonly gateway_id: number; readonly authorized_amount_minor: bigint }

/** The gateway holds the amount. No fee: nothing is taken yet. */
export function transfersOfAuthorization(authorization: Authorization, stamp: Stamp): Transfer[] {
  const line = {
    code: 'authorization_hold',
    kind: 'pending',
    debit: gatewayPurpose(authorization.gateway_id),
    credit: merchantActive,
    amount_minor: authorization.authorized_amount_minor,
  } as const
  return transfersOf(authorization, authorization.payment_id, [line], stamp)
}

export type Release = Occasion & {
  /** The capture or void. */
  readonly operation_id: string
  readonly gateway_id: number
  /** What is held afterwards; 0 = nothing. */
  readonly left_minor: bigint
}

export type Capture = Release & {
  /** Above 0; with `left_minor` never more than was held. */
  readonly amount_minor: bigint
  readonly fee_minor: bigint
  readonly reserved_minor: bigint
}

/** Held money was taken. `hold`: the open one; `null` = the account kept no books when it was made, so only the taking is booked. */
export function transfersOfCapture(capture: Capture, hold: Transfer | null, stamp: Stamp): Transfer[] {
  const { operation_id, gateway_id, amount_minor, left_minor } = capture
  if (hold && amount_minor + left_minor > hold.amount_minor)
    throw new RangeError(`${operation_id} takes ${amount_minor} and leaves ${left_minor} of ${hold.amount_minor}`)
  const whole = hold !== null && hold.amount_minor === amount_minor
  const taken = transfersOf(
    capture,
    operation_id,
    [
      {
        code: 'capture',
        kind: 'posted',
        debit: gatewayPurpose(gateway_id),
        credit: merchantActive,
        amount_minor: whole ? 0n : amount_minor,
      },
      {
        code: 'capture_fee',
        kind: 'posted',
        debit: merchantActive,
        credit: platformFees,
        amount_minor: capture.fee_minor,
      },
      {
        code: 'capture_reserve',
        kind: 'posted',
        debit: merchantActive,
        credit: merchantReserved,
        amount_minor: capture.reserved_minor,
      },
    ],
    stamp,
  )
  if (whole) return [endOf(hold, 'post', 'capture', operation_id, stamp), ...taken]
  return [...transfersOfRelease(capture, hold, stamp), ...taken]
}

/** The hold ends, and what remains of it is held again. */
export function transfersOfRelease(release: Release, hold: Transfer | null, stamp: Stamp): Transfer[] {
  if (!hold) return []
  const { operation_id, left_minor } = release
  if (left_minor >= hold.amount_minor)
    throw new RangeError(`${operation_id} leaves ${left_minor} of ${hold.amount_minor}`)
  const rest: Transfer = {
    ...hold,
    id: stamp.nextId(),
    amount_minor: left_minor,
    reference: operation_id,
    created_at: stamp.created_at,
  }
  return [endOf(hold, 'void', 'authorization_released', operation_id, stamp), ...(left_minor > 0n ? [rest] : [])]
}

/** A given-up authorization turns out approved and does not win: the gateway holds money that is nobody's sale. Cascading rules 12. */
export function transfersOfLateHold(late: LateApproval, stamp: Stamp): Transfer[] {
  return transfersOf(
    late,
    late.attempt_id,
    [
      {
        code: 'late_hold',
        kind: 'pending',
        debit: gatewayPurpose(late.gateway_id),
        credit: platformLateApprovals,
        amount_minor: late.amount_minor,
      },
    ],
    stamp,
  )
}

/** The gateway has let it go. `holds` are what `findHolds` finds for the attempt. */
export function transfersOfLateHoldReleased(holds: readonly Transfer[], stamp: Stamp): Transfer[] {
  return holds.map((hold) => endOf(hold, 'void', 'late_hold_released', hold.reference, stamp))
}

type End = 'capture' | 'authorization_released' | 'late_hold_released'

function endOf(hold: Transfer, kind: 'post' | 'void', code: End, reference: string, stamp: Stamp): Transfer {
  if (hold.kind !== 'pending') throw new Error(`${hold.id} (${hold.code}) is no hold`)
  return { ...hold, id: stamp.nextId(), kind, code, reference, pending_id: hold.id, created_at: stamp.created_at }
}
