/** Orders a refund at its gateway, asks about one whose outcome is not known, and writes what became of it. */
import type { Outcome } from '@cascad/connector'
import type { Account } from '../accounts/account.ts'
import { getAccount } from '../accounts/find-account.ts'
import type { Context } from '../context.ts'
import { findHolds } from '../ledger/find-holds.ts'
import { transfersOfRefundDone, transfersOfRefundFailed } from '../ledger/rules/refund-transfers.ts'
import { getGateway } from '../routing/load-routing.ts'
import { classifyDecline } from '../routing/rules/classify-decline.ts'
import { stampOf } from './book.ts'
import { sendRefund } from './call-gateway.ts'
import { changePayment } from './change-payment.ts'
import { loadState, type State } from './find-payment.ts'
import { selectOperations, updateOperation } from './operation-table.ts'
import type { Attempt, Operation, Payment } from './payment.ts'
import type { Patch } from './rules/decide.ts'
import { nextLookup } from './rules/lookup-schedule.ts'

/**
 * `first order`: nobody can have sent it before; `order again`: it may have been sent, under the same key; `ask`: only ask.
 */
export type RefundStep = 'first order' | 'order again' | 'ask'

/** Sends the refund, or asks about it, and applies the answer. The refund's row is committed before. */
export async function orderRefund(
  ctx: Context,
  account: Account,
  state: State,
  refund: Operation,
  step: RefundStep,
): Promise<State> {
  const winner = state.attempts.find(({ number }) => number === refund.attempt_number) as Attempt
  const gateway = await getGateway(ctx, refund.gateway_id)
  const outcome: Outcome = gateway
    ? await sendRefund(ctx, gateway, winner, refund, step === 'ask')
    : { type: 'unknown', detail: `gateway ${refund.gateway_id} is gone` }
  // A repetition that did not leave proves nothing about the order before it.
  const open = outcome.type === 'not_sent' && step === 'order again'
  const news: Outcome = open ? { type: 'unknown', detail: outcome.detail } : outcome
  return applyRefundOutcome(ctx, account, state, refund, news)
}

/** A worker's step for a refund without an end: ask; what the gateway never got is ordered again under the same key. */
export async function advanceRefund(ctx: Context, account_id: string, payment_id: string, id: string): Promise<void> {
  const state = await loadState(ctx, account_id, payment_id)
  const refund = (await selectOperations(ctx.sql, account_id, payment_id)).find((one) => one.id === id)
  if (!refund || (refund.status !== 'sent' && refund.status !== 'unknown')) return
  const account = await getAccount(ctx, account_id)
  const connector = ctx.connectors.get((await getGateway(ctx, refund.gateway_id))?.connector ?? '')
  const neverArrived = refund.status === 'sent' && refund.lookups > 0
  const ask = connector?.refundStatus !== undefined && !neverArrived
  await orderRefund(ctx, account, state, refund, ask ? 'ask' : neverArrived ? 'first order' : 'order again')
}

async function applyRefundOutcome(
  ctx: Context,
  account: Account,
  start: State,
  given: Operation,
  outcome: Outcome,
): Promise<State> {
  let state = start
  let refund = given
  for (let tries = 0; tries < 20; tries += 1) {
    if (refund.status !== 'sent' && refund.status !== 'unknown') return state
    const changes = await changesOf(ctx, account, state.payment, refund, outcome)
    const changed = await changePayment(ctx, account, state, changes)
    if (changed) return changed
    state = await loadState(ctx, account.id, refund.payment_id)
    refund = (await selectOperations(ctx.sql, account.id, refund.payment_id)).find(
      ({ id }) => id === given.id,
    ) as Operation
  }
  throw new Error(`payment ${given.payment_id} kept changing while refund ${given.id} was to be applied`)
}

async function changesOf(ctx: Context, account: Account, payment: Payment, refund: Operation, outcome: Outcome) {
  const now = ctx.now()
  if (outcome.type === 'approved') {
    const holds = await findHolds(ctx.sql, account.id, refund.id)
    const done: Operation = {
      ...refund,
      status: 'done',
      provider_reference: outcome.provider_reference,
      decided_at: now,
      due_at: null,
    }
    return {
      payment: refundedPatch(payment, refund, now),
      more: [updateOperation(ctx.sql, done)],
      transfers: transfersOfRefundDone(holds, stampOf(ctx)),
    }
  }
  if (outcome.type === 'declined' || (outcome.type === 'not_sent' && refund.status === 'sent')) {
    const resolution =
      outcome.type === 'declined' ? classifyDecline(outcome.signals, { brand: null }).resolution : 'provider_error'
    const holds = await findHolds(ctx.sql, account.id, refund.id)
    const failed: Operation = { ...refund, status: 'failed', resolution, decided_at: now, due_at: null }
    return {
      payment: { status: 'refund_failed' as const, resolution },
      more: [updateOperation(ctx.sql, failed)],
      transfers: transfersOfRefundFailed(holds, stampOf(ctx)),
    }
  }
  const detail = outcome.type === 'unknown' ? outcome.detail : outcome.type
  // Never got there: back to `sent`, so that the next step orders it again under its own key.
  const status = outcome.type === 'not_found' ? 'sent' : 'unknown'
  const due_at = nextLookup('unknown', refund.lookups, now, now)
  const waiting: Operation = { ...refund, status, detail, lookups: refund.lookups + 1, due_at }
  return { payment: {}, more: [updateOperation(ctx.sql, waiting)] }
}

/** Sums count successful refunds only; whole when nothing is left. */
function refundedPatch(payment: Payment, refund: Operation, now: Date): Patch<Payment> {
  const refunded = (payment.refunded_amount_minor ?? 0n) + refund.amount_minor
  return {
    status: refunded === payment.processed_amount_minor ? 'refunded' : 'partially_refunded',
    resolution: 'ok',
    payment_status: 'refunded',
    refunded_amount_minor: refunded,
    refunded_fee_minor: (payment.refunded_fee_minor ?? 0n) + refund.returned_fee_minor,
    refunded_at: now,
  }
}
