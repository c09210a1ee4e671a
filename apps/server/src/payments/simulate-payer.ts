import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { getGateway } from '../routing/load-routing.ts'
import { applyOutcome } from './apply-outcome.ts'
import { sendSimulation } from './call-gateway.ts'
import { openAttempt } from './check-attempt.ts'
import { loadState } from './find-payment.ts'
import type { Payment } from './payment.ts'

/** Test mode: the payer is said to have paid or failed. Changes nothing unless an attempt waits for a payer who can be played. */
export async function simulatePayer(
  ctx: Context,
  account: Account,
  payment: Payment,
  result: 'paid' | 'fail',
): Promise<Payment> {
  const state = await loadState(ctx, account.id, payment.id)
  const attempt = openAttempt(state)
  if (!payment.test_mode || attempt?.status !== 'incomplete') return state.payment
  const gateway = await getGateway(ctx, attempt.gateway_id)
  if (!gateway || ctx.connectors.get(gateway.connector)?.can.simulate_payer !== true) return state.payment
  const outcome = await sendSimulation(ctx, gateway, attempt, result)
  return (await applyOutcome(ctx, account, state, attempt.number, outcome, null)).state.payment
}
