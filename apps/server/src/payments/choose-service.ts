/** The payer chooses another way to pay on the page: after a failed try, or for a payment link that names none. Contract 8.2, 14.3. */
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { InvalidFields } from '../http/problem.ts'
import { siblingId } from '../ids.ts'
import { flowData } from './create-payment.ts'
import { loadState, type State } from './find-payment.ts'
import { isClosed, type Payment } from './payment.ts'
import { type PaymentPlan, planPayment } from './plan-payment.ts'
import { joinRun, startRun } from './running.ts'
import { startCascade } from './start-payment.ts'
import { takesCard } from './submit-card.ts'
import { writeService } from './table.ts'
import { callbackOf } from './tell-merchant.ts'

/** How long the page waits for the provider's own page; afterwards it shows that it waits. */
const answerWithin_ms = 5_000
/** How long another process waits before it takes up what this one did not start. */
const startGrace_ms = 5_000

/** May another service be chosen now? Not while a try is open, and not after the payer's tries are used up. */
export function takesService(account: Account, state: State, now: Date): boolean {
  if (state.payment.status === 'created') return state.payment.expires_at > now
  if (state.payment.payment_status !== 'process_failed') return false
  return takesCard(account, state, now) || nothingShown(state, now)
}

/** Nobody gave requisites, and the payer was sent nowhere: he cannot have paid. */
function nothingShown({ payment, attempts }: State, now: Date): boolean {
  if (payment.session_id !== null || isClosed(payment) || payment.expires_at <= now) return false
  return attempts.every(({ decided_at, action }) => decided_at !== null && action === null)
}

/** Throws InvalidFields for the service and its fields. Returns the payment as it stands when it is too late to choose. */
export async function chooseService(
  ctx: Context,
  account: Account,
  state: State,
  service: string,
  service_fields: Readonly<Record<string, string>>,
): Promise<Payment> {
  const { payment } = state
  const now = ctx.now()
  if (!takesService(account, state, now)) return payment
  const { test_mode, payment_flow, currency, amount_minor } = payment
  const wish = { test_mode, payment_flow, currency, amount_minor, service, service_fields }
  const planned = await planPayment(ctx, account, wish)
  if (!planned.plan) throw new InvalidFields(planned.problems)
  const after = withService(ctx, payment, planned.plan, service_fields, now)
  const written = await writeService(ctx.sql, after, await callbackOf(ctx, account, payment, after, state.attempts))
  const current = await loadState(ctx, account.id, payment.id)
  if (!written || current.payment.session_id !== null) return current.payment
  const running = startRun(ctx, payment.id, (stopping) => startCascade(ctx, account, current, stopping))
  return (await joinRun(running, answerWithin_ms))?.payment ?? current.payment
}

function withService(
  ctx: Context,
  payment: Payment,
  plan: PaymentPlan,
  service_fields: Payment['service_fields'],
  now: Date,
): Payment {
  const { service, ...amounts } = plan
  const byCard = service.method.code === 'payment_card'
  const session_id = byCard ? (payment.session_id ?? siblingId('card_session', payment.id)) : null
  return {
    ...payment,
    ...amounts,
    status: 'process_pending',
    resolution: 'ok',
    payment_status: 'invoked',
    service: service.service,
    service_method: service.method.code,
    service_flow: service.flow,
    service_currency: service.service_currency,
    service_fields,
    session_id,
    flow_data: flowData(ctx, { ...payment, session_id, service_flow: service.flow }),
    updated_at: now,
    due_at: byCard ? payment.expires_at : new Date(now.getTime() + startGrace_ms),
  }
}
