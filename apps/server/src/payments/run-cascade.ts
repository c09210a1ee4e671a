/**
 * The cascade of one submission: choose a route, commit the attempt, call the gateway, apply the outcome, and go on while the
 * rules say `hop`. An unknown outcome is asked about while there is time; then a worker goes on asking.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import type { Choice } from '../routing/choice.ts'
import { getGateway } from '../routing/load-routing.ts'
import { applyOutcome } from './apply-outcome.ts'
import { askStatus, charge } from './call-gateway.ts'
import { changePayment } from './change-payment.ts'
import type { State } from './find-payment.ts'
import { type Live, underRule } from './live-cascade.ts'
import { chooseNext, nextAttemptOf } from './next-route.ts'
import type { Attempt, Payment } from './payment.ts'
import { failureOf, type Patch } from './rules/decide.ts'
import { inBudgetDelays_ms } from './rules/lookup-schedule.ts'
import { withProbe } from './with-probe.ts'

/** No cascade calls more gateways than this, whatever its settings say. */
const turns_max = 20

/**
 * Runs the cascade from a payment that has no open attempt. `submission` is what the payer's submission adds to the payment.
 * Returns the state at the end; `null` when somebody else changed the payment before the first attempt was written.
 */
export async function runCascade(
  ctx: Context,
  account: Account,
  start: State,
  opened: Live,
  submission: Patch<Payment>,
): Promise<State | null> {
  const { choice } = await withProbe(ctx, start.payment.id, opened, (now) => ({
    choice: chooseNext(now, start, null, ctx.now()),
  }))
  const live = underRule(opened, start.payment, choice)
  let state = await firstAttempt(ctx, account, start, live, choice, submission)
  if (!state) return null
  for (let turn = 0; turn < turns_max; turn += 1) {
    const attempt = state.attempts.at(-1)
    if (attempt?.status !== 'sent') return state
    const gateway = await getGateway(ctx, attempt.gateway_id)
    const outcome = gateway
      ? await charge(ctx, gateway, state.payment, attempt, live.payer)
      : ({ type: 'not_sent', detail: `gateway ${attempt.gateway_id} is gone` } as const)
    let applied = await applyOutcome(ctx, account, state, attempt.number, outcome, live)
    if (isUnknown(applied.state, attempt))
      applied = { ...applied, state: await askWhileInBudget(ctx, account, applied.state, attempt, live) }
    state = applied.state
  }
  return state
}

/** Writes attempt, routing run and submission; or fails the payment when no route is left. */
async function firstAttempt(
  ctx: Context,
  account: Account,
  start: State,
  live: Live,
  choice: Choice,
  submission: Patch<Payment>,
): Promise<State | null> {
  const runNumber = start.payment.routing_runs + 1
  const facts: Patch<Payment> = { ...submission, routing_runs: runNumber, scheme_version: live.routing.version_id }
  const run = { number: runNumber, record: JSON.stringify(choice.record()) }
  if (!choice.chosen) {
    const deciding = start.attempts.findLast(({ status }) => status !== 'not_sent') ?? start.attempts.at(-1)
    const resolution = deciding?.resolution ?? choice.failure ?? 'strategy_received_no_routes'
    const failure = failureOf({ payment: start.payment, payerMayRetry: false }, resolution)
    const { unified_code } = choice
    return changePayment(ctx, account, start, { payment: { ...facts, ...failure, unified_code }, run })
  }
  const next = nextAttemptOf(ctx, { ...start, payment: { ...start.payment, ...facts } }, choice.chosen)
  return changePayment(ctx, account, start, { payment: { ...facts, ...next.payment }, nextAttempt: next.attempt, run })
}

function isUnknown(state: State, attempt: Attempt): boolean {
  return state.attempts.some(({ number, status }) => number === attempt.number && status === 'unknown')
}

/** Asks at +3, +5 and +10 s, while the card is still in memory and a decline may still lead to another gateway. */
async function askWhileInBudget(
  ctx: Context,
  account: Account,
  start: State,
  attempt: Attempt,
  live: Live,
): Promise<State> {
  const gateway = await getGateway(ctx, attempt.gateway_id)
  if (!gateway || !ctx.connectors.get(attempt.connector)?.status) return start
  let state = start
  let waited_ms = 0
  for (const delay_ms of inBudgetDelays_ms) {
    const pause_ms = delay_ms - waited_ms
    if (ctx.now().getTime() + pause_ms > live.budget_ends_at.getTime() || live.stopping.aborted) return state
    await sleep(pause_ms, undefined, { signal: live.stopping }).catch(() => {})
    waited_ms = delay_ms
    const outcome = await askStatus(ctx, gateway, attempt)
    if (outcome.type === 'unknown' || outcome.type === 'pending') continue
    state = (await applyOutcome(ctx, account, state, attempt.number, outcome, live)).state
    if (!isUnknown(state, attempt)) return state
  }
  return state
}
