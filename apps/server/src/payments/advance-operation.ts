import { getAccount } from '../accounts/find-account.ts'
import type { Context } from '../context.ts'
import { getGateway } from '../routing/load-routing.ts'
import { applyOperation, carryOut, type OperationStep, sendOrAsk } from './carry-out-operation.ts'
import { loadState } from './find-payment.ts'
import { selectOperation } from './operation-table.ts'
import type { Operation } from './payment.ts'
import { unknownDeadline_ms } from './rules/lookup-schedule.ts'
import { isUndecided } from './rules/operate.ts'

const orphaned = { type: 'unknown', detail: 'the process that was to order it ended before the answer' } as const

const questions = { refund: 'refundStatus', capture: 'captureStatus', void: 'cancelStatus' } as const

/**
 * A worker's step for an operation without an end: it is asked about; what the gateway never got is ordered again under the
 * same key. Never under another: that would be another operation. Cascading rules 5.4.
 */
export async function advanceOperation(
  ctx: Context,
  account_id: string,
  payment_id: string,
  id: string,
): Promise<void> {
  const state = await loadState(ctx, account_id, payment_id)
  const operation = await selectOperation(ctx.sql, account_id, payment_id, id)
  if (!operation || !isUndecided(operation)) return
  const account = await getAccount(ctx, account_id)
  const step = await nextStep(ctx, operation)
  const start = { state, operation }
  // Taken up before the call: whoever was to order it and wakes late must not take its own call for the only one.
  const taken = step === 'ask' || operation.lookups > 0 ? start : await applyOperation(ctx, account, start, orphaned)
  if (!isUndecided(taken.operation)) return
  const { operation: after } = await carryOut(ctx, account, taken.state, taken.operation, step)
  if (isUndecided(after) && after.created_at.getTime() + unknownDeadline_ms <= ctx.now().getTime()) {
    const { kind, gateway_id } = after
    ctx.events.alarm('operation unknown past its deadline', { payment_id, operation_id: id, kind, gateway_id })
  }
}

/**
 * Asks out of turn, because a merchant did. Only a definite answer is applied: that the gateway does not know the operation
 * proves nothing so early, and the worker's own questions keep their times.
 */
export async function askAboutOperation(
  ctx: Context,
  account_id: string,
  payment_id: string,
  id: string,
): Promise<void> {
  const state = await loadState(ctx, account_id, payment_id)
  const operation = await selectOperation(ctx.sql, account_id, payment_id, id)
  if (operation?.status !== 'unknown') return
  const connector = ctx.connectors.get((await getGateway(ctx, operation.gateway_id))?.connector ?? '')
  if (!connector?.[questions[operation.kind]]) return
  const outcome = await sendOrAsk(ctx, state, operation, true)
  if (outcome.type !== 'approved' && outcome.type !== 'declined') return
  await applyOperation(ctx, await getAccount(ctx, account_id), { state, operation }, outcome)
}

async function nextStep(ctx: Context, { kind, status, lookups, gateway_id }: Operation): Promise<OperationStep> {
  const connector = ctx.connectors.get((await getGateway(ctx, gateway_id))?.connector ?? '')
  const neverArrived = status === 'sent' && lookups > 0
  return !neverArrived && connector?.[questions[kind]] ? 'ask' : 'order again'
}
