import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { getGateway } from '../routing/load-routing.ts'
import { applyOutcome } from './apply-outcome.ts'
import { askStatus } from './call-gateway.ts'
import type { State } from './find-payment.ts'
import { loadState } from './find-payment.ts'
import type { Attempt, Payment } from './payment.ts'

/** The attempt of the payment that has no end yet, if there is one. */
export function openAttempt(state: State): Attempt | null {
  return (
    state.attempts.find(({ status }) => status === 'sent' || status === 'incomplete' || status === 'unknown') ?? null
  )
}

/** Asks the gateway about an attempt and applies the answer. */
export async function checkAttempt(ctx: Context, account: Account, state: State, attempt: Attempt): Promise<State> {
  const gateway = await getGateway(ctx, attempt.gateway_id)
  const outcome = gateway
    ? await askStatus(ctx, gateway, attempt)
    : ({ type: 'unknown', detail: `gateway ${attempt.gateway_id} is gone` } as const)
  return (await applyOutcome(ctx, account, state, attempt.number, outcome, null)).state
}

/** The payer's browser came back from the bank or the provider: ask at once instead of waiting for news. */
export async function payerReturned(ctx: Context, account: Account, payment: Payment): Promise<Payment> {
  const state = await loadState(ctx, account.id, payment.id)
  const attempt = openAttempt(state)
  if (attempt?.status !== 'incomplete' || attempt.action?.kind === 'requisites') return state.payment
  return (await checkAttempt(ctx, account, state, attempt)).payment
}
