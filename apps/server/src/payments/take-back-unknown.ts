import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { getGateway } from '../routing/load-routing.ts'
import { applyOutcome } from './apply-outcome.ts'
import { sendVoid } from './call-gateway.ts'
import type { State } from './find-payment.ts'
import type { Attempt } from './payment.ts'

/**
 * An attempt nobody could tell the outcome of until its deadline: it is taken back by its reference. Only a confirmed void ends
 * it; everything else leaves it unknown, for a person, and for the next look. Cascading rules 5.4.
 */
export async function takeBackUnknown(ctx: Context, account: Account, state: State, attempt: Attempt): Promise<void> {
  const gateway = await getGateway(ctx, attempt.gateway_id)
  const able = ctx.connectors.get(attempt.connector)?.can.void_by_reference === true
  const outcome = gateway && able ? await sendVoid(ctx, gateway, attempt, `${attempt.id}-void`) : null
  if (outcome?.type === 'approved') {
    await applyOutcome(ctx, account, state, attempt.number, { type: 'voided' }, null)
    return
  }
  const { payment_id, number, gateway_id } = attempt
  ctx.events.alarm('unknown past its deadline', {
    payment_id,
    attempt_number: number,
    gateway_id,
    outcome: outcome?.type ?? 'no void',
  })
}
