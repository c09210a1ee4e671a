import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { findHolds } from '../ledger/find-holds.ts'
import { findOpenHold } from '../ledger/find-open-hold.ts'
import { transfersOfCapture, transfersOfRelease } from '../ledger/rules/authorization-transfers.ts'
import { transfersOfRefundDone, transfersOfRefundFailed } from '../ledger/rules/refund-transfers.ts'
import type { Transfer } from '../ledger/transfer.ts'
import { occasionOf, stampOf } from './book.ts'
import { selectOperations } from './operation-table.ts'
import type { Operation, Payment } from './payment.ts'

/**
 * The transfers of an operation that has ended. `payment` is as it was before, so that its hold is the one this operation ends;
 * `null`: the open hold is another one already, so the payment has changed meanwhile.
 */
export async function operationTransfers(
  ctx: Context,
  account: Account,
  payment: Payment,
  operation: Operation,
): Promise<Transfer[] | null> {
  const done = operation.status === 'done'
  if (operation.kind === 'refund' || payment.payment_flow === 'charge') {
    const holds = await findHolds(ctx.sql, account.id, operation.id)
    return done ? transfersOfRefundDone(holds, stampOf(ctx)) : transfersOfRefundFailed(holds, stampOf(ctx))
  }
  if (!done) return []
  const operations = await selectOperations(ctx.sql, account.id, payment.id)
  const references = [payment.id, ...operations.filter(({ kind }) => kind !== 'refund').map(({ id }) => id)]
  const hold = await findOpenHold(ctx.sql, account.id, references)
  if (hold && hold.amount_minor !== operation.held_minor) return null
  const { id: operation_id, gateway_id, amount_minor, final } = operation
  const left_minor = final ? 0n : (operation.held_minor ?? 0n) - amount_minor
  const facts = { ...occasionOf(account, payment), operation_id, gateway_id, left_minor }
  if (operation.kind === 'void') return transfersOfRelease(facts, hold, stampOf(ctx))
  const { fee_minor, reserved_minor } = operation
  const share = { amount_minor, fee_minor: fee_minor ?? 0n, reserved_minor: reserved_minor ?? 0n }
  return transfersOfCapture({ ...facts, ...share }, hold, stampOf(ctx))
}
