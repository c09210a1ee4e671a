import type { Outcome } from '@cascad/connector'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { getGateway } from '../routing/load-routing.ts'
import { applyOutcome } from './apply-outcome.ts'
import { sendVoid } from './call-gateway.ts'
import { changePayment } from './change-payment.ts'
import type { State } from './find-payment.ts'
import type { Attempt } from './payment.ts'

/**
 * An attempt nobody could tell the outcome of until its deadline: it is taken back by its reference. Only a confirmed void ends
 * it; everything else leaves it unknown, for a person, and for the next look. That it is taken back is committed before the
 * call: an approval heard from then on proves no money (see `decide`). Cascading rules 5.4.
 */
export async function takeBackUnknown(ctx: Context, account: Account, state: State, attempt: Attempt): Promise<void> {
  const gateway = await getGateway(ctx, attempt.gateway_id)
  const able = ctx.connectors.get(attempt.connector)?.can.void_by_reference === true
  const { payment_id, number, gateway_id } = attempt
  const alarm = (outcome: string): void =>
    ctx.events.alarm('unknown past its deadline', { payment_id, attempt_number: number, gateway_id, outcome })
  if (!gateway || !able) return alarm('no void')
  const ordered = await changePayment(ctx, account, state, {
    payment: {},
    attempt: { ...attempt, reversal_status: 'sent' },
  })
  // Somebody has heard of it meanwhile: the next look decides by that.
  if (!ordered) return
  const outcome = await sendVoid(ctx, gateway, attempt, `${attempt.id}-void`)
  if (outcome.type === 'approved') {
    await applyOutcome(ctx, account, ordered, number, { type: 'voided' }, null)
    return
  }
  if (isRefused(attempt, outcome)) {
    await changePayment(ctx, account, ordered, { payment: {}, attempt: { ...attempt, reversal_status: null } })
  }
  alarm(outcome.type)
}

/** Nothing is taken back. That a repeat did not leave says nothing of the order before it. */
function isRefused({ reversal_status }: Attempt, outcome: Outcome): boolean {
  return outcome.type === 'declined' || (outcome.type === 'not_sent' && reversal_status === null)
}
