/**
 * A refund in two phases. The gateway pays out the whole refund: the merchant's active balance bears it less the returned
 * fee, the platform's fees bear that fee. Both are held when the refund is accepted, then posted or voided. Contract 12.1, 19.2.
 */
import {
  gatewayPurpose,
  merchantActive,
  type Occasion,
  platformFees,
  type Stamp,
  type Transfer,
  type TransferCode,
  transfersOf,
} from '../transfer.ts'

export type AcceptedRefund = Occasion & {
  readonly refund_id: string
  readonly gateway_id: number
  readonly amount_minor: bigint
  /** From 0 to `amount_minor`. */
  readonly returned_fee_minor: bigint
}

/** The refund was accepted: active − debit, pending + debit, where debit = refund − returned fee. */
export function transfersOfRefundHold(refund: AcceptedRefund, stamp: Stamp): Transfer[] {
  const gateway = gatewayPurpose(refund.gateway_id)
  return transfersOf(
    refund,
    refund.refund_id,
    [
      {
        code: 'refund_hold',
        kind: 'pending',
        debit: merchantActive,
        credit: gateway,
        amount_minor: refund.amount_minor - refund.returned_fee_minor,
      },
      {
        code: 'refund_fee_hold',
        kind: 'pending',
        debit: platformFees,
        credit: gateway,
        amount_minor: refund.returned_fee_minor,
      },
    ],
    stamp,
  )
}

/** The refund is done: pending − debit, for good. `holds` are what `findHolds` finds for the refund. */
export function transfersOfRefundDone(holds: readonly Transfer[], stamp: Stamp): Transfer[] {
  return holds.map((hold) => endOf(hold, 'post', stamp))
}

/** The refund failed: pending − debit, active + debit. */
export function transfersOfRefundFailed(holds: readonly Transfer[], stamp: Stamp): Transfer[] {
  return holds.map((hold) => endOf(hold, 'void', stamp))
}

const endings: { readonly [code in TransferCode]?: Readonly<Record<'post' | 'void', TransferCode>> } = {
  refund_hold: { post: 'refund_done', void: 'refund_failed' },
  refund_fee_hold: { post: 'refund_fee_done', void: 'refund_fee_failed' },
}

function endOf(hold: Transfer, kind: 'post' | 'void', stamp: Stamp): Transfer {
  const code = endings[hold.code]?.[kind]
  if (code === undefined || hold.kind !== 'pending') throw new Error(`${hold.id} (${hold.code}) is no hold of a refund`)
  return { ...hold, id: stamp.nextId(), kind, pending_id: hold.id, code, created_at: stamp.created_at }
}
