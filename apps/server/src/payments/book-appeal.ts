import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { transfersOfCorrection, transfersOfUnallocatedCorrection } from '../ledger/rules/correction-transfers.ts'
import type { Transfer } from '../ledger/transfer.ts'
import { bookingTransfers, occasionOf, stampOf } from './book.ts'
import type { Attempt, Payment } from './payment.ts'
import type { AppealDecision } from './rules/settle-by-appeal.ts'

/**
 * The transfers of a confirmed appeal: differences under its own id; what is booked for the first time, as ever. `payment` is as it
 * was before, `attempt` as it is afterwards.
 */
export function appealTransfers(
  ctx: Context,
  account: Account,
  payment: Payment,
  attempt: Attempt,
  decision: AppealDecision,
  appeal_id: string,
): Transfer[] {
  const { gateway_id, currency } = attempt
  const { change, unallocated_minor } = decision
  const occasion = { ...occasionOf(account, payment), appeal_id, gateway_id }
  const receipts = { ...occasion, currency, change_minor: change.unallocated_change_minor }
  const first =
    decision.kind === 'won'
      ? ({ kind: 'payment' } as const)
      : ({ kind: 'late_approval', amount_minor: unallocated_minor } as const)
  return [
    ...(decision.kind === 'corrected'
      ? transfersOfCorrection({ ...occasion, ...heldChange(change) }, stampOf(ctx))
      : bookingTransfers(ctx, account, { ...payment, ...decision.payment }, attempt, first)),
    ...transfersOfUnallocatedCorrection(receipts, stampOf(ctx)),
  ]
}

/** A reserve that was released lies on the active balance: there its change is part of the payment's. */
function heldChange(change: AppealDecision['change']): AppealDecision['change'] {
  return change.reserve_released ? { ...change, reserved_change_minor: 0n } : change
}
