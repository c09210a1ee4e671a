/**
 * The cascade of one submission: choose a route, commit the attempt, call the gateway, apply the outcome, and go on while the
 * rules say `hop`. An unknown outcome is asked about while there is time; then a worker goes on asking.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from '@cascad/connector'
import type { Account } from '../accounts/account.ts'
import { countSkips } from '../cascades/count-skips.ts'
import { noteLateOrder } from '../cascades/note-late-order.ts'
import { skipsIn } from '../cascades/rules/skips-in.ts'
import type { Context } from '../context.ts'
import { unlessCardMoved } from '../routing/card-record.ts'
import type { Choice } from '../routing/choice.ts'
import { getGateway } from '../routing/load-routing.ts'
import type { NetworkVerdict } from '../routing/rules/network-guard.ts'
import { refusalRecord } from '../routing/rules/refusal-record.ts'
import { applyOutcome, mayRetry } from './apply-outcome.ts'
import { askForRequisites, type IssueNews, listenForLate } from './ask-for-requisites.ts'
import { askStatus, charge } from './call-gateway.ts'
import { judgeWatch, lookAgain, watchedStart } from './card-watch.ts'
import { changePayment } from './change-payment.ts'
import { changeWithProvider, isLostRace, type LostRace } from './change-with-provider.ts'
import type { State } from './find-payment.ts'
import { type Live, underRule } from './live-cascade.ts'
import { lookAtConnections } from './live-connections.ts'
import { chooseNext, nextAttemptOf, runInput } from './next-route.ts'
import { pauseAfterConflict } from './pause-after-conflict.ts'
import type { Attempt, Payment } from './payment.ts'
import { failureOf } from './rules/failure-of.ts'
import { inBudgetDelays_ms } from './rules/lookup-schedule.ts'
import type { Patch } from './rules/news.ts'
import { readFailure } from './rules/read-failure.ts'
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
  const begun = await begin(ctx, account, start, opened, submission)
  if (!begun) return null
  const { live } = begun
  let { state } = begun
  for (let turn = 0; turn < turns_max; turn += 1) {
    const attempt = state.attempts.at(-1)
    if (attempt?.status !== 'sent') return state
    const issue = await askForRequisites(ctx, state, attempt, live)
    const outcome = issue ? issue.result.outcome : await call(ctx, state, attempt, live)
    // Others may be asked now: their balances, pauses and rates have changed meanwhile.
    if (live.connections && outcome.type !== 'action_required')
      await lookAtConnections(ctx, live.connections, state.payment)
    const applying = applyOutcome(ctx, account, state, attempt.number, outcome, live, issue)
    let applied = await applying.finally(() => issue && listenForLate(ctx, attempt, issue))
    if (issue && applied.code === 'no_change') await giveBack(ctx, attempt, issue)
    if (isUnknown(applied.state, attempt))
      applied = { ...applied, state: await askWhileInBudget(ctx, account, applied.state, attempt, live) }
    state = applied.state
  }
  return state
}

/** Somebody has ended the attempt while its provider was asked: what the provider has ready is not wanted any more. */
async function giveBack(ctx: Context, attempt: Attempt, { result }: IssueNews): Promise<void> {
  const { outcome, orphan } = result
  const reference = outcome.type === 'action_required' ? outcome.provider_reference : orphan
  if (reference !== null) await noteLateOrder(ctx, attempt, reference)
}

/** Times the first attempt is decided anew because another one with the same card was faster. */
const conflicts_max = 60

type Begun = { readonly state: State; readonly live: Live }

/** Asks the networks' rules, chooses a route, and writes the first attempt; or fails the payment where either says no. */
async function begin(
  ctx: Context,
  account: Account,
  start: State,
  opened: Live,
  submission: Patch<Payment>,
): Promise<Begun | null> {
  const { watch } = opened
  if (watch) watch.attempts_seen = start.attempts.length
  const submitted = { unified_code: null, ...(watch ? { card_fingerprint: watch.key.fingerprint } : {}), ...submission }
  for (let tries = 0; tries < conflicts_max; tries += 1) {
    const forbidden = verdictOf(ctx, start, opened)
    if (forbidden) return refuse(ctx, account, start, opened, forbidden, submitted)
    const { choice } = await withProbe(ctx, start.payment.id, opened, (now) => ({
      choice: chooseNext(now, start, null, ctx.now()),
    }))
    const live = underRule(opened, start.payment, choice)
    if (live.connections && tries === 0) countSkips(ctx, skipsIn(choice.record(), live.connections.methods.keys()))
    const byRule = choice.chosen && verdictOf(ctx, start, live)
    if (byRule) return refuse(ctx, account, start, live, byRule, submitted)
    const state = await unlessCardMoved(() => firstAttempt(ctx, account, start, live, choice, submitted))
    if (isLostRace(state)) {
      opened.connections?.barred.set(state.gateway_id, state.barred)
      continue
    }
    if (state !== 'card_moved') return state && { state, live }
    await pauseAfterConflict(tries)
    if (watch) await lookAgain(ctx, watch, start.attempts, null)
  }
  throw new Error(`payment ${start.payment.id}: other attempts with its card were always faster`)
}

function verdictOf(ctx: Context, { attempts }: State, { watch, settings }: Live): NetworkVerdict | null {
  return judgeWatch(watch, attempts, settings.network_limits, ctx.now())
}

/** The networks forbid an attempt with this card: no gateway is called. On a page of ours the payer may use another card. */
async function refuse(
  ctx: Context,
  account: Account,
  start: State,
  live: Live,
  verdict: NetworkVerdict,
  submission: Patch<Payment>,
): Promise<Begun | null> {
  const now = ctx.now()
  const number = start.payment.routing_runs + 1
  const payment = { ...start.payment, ...submission, routing_runs: number, scheme_version: live.routing.version_id }
  const failure = failureOf(
    { payment, payerMayRetry: mayRetry(account, { ...start, payment }, live, now) },
    verdict.resolution,
  )
  const record = refusalRecord(runInput(live, start, null, now), verdict)
  const facts = {
    ...submission,
    routing_runs: number,
    scheme_version: payment.scheme_version,
    unified_code: verdict.code,
  }
  const state = await changePayment(ctx, account, start, {
    payment: { ...facts, ...failure },
    run: { number, record: JSON.stringify(record) },
  })
  return state && { state, live }
}

/** Calls the gateway. What it calls a double is looked up there first: our own earlier order may have gone through. */
async function call(ctx: Context, state: State, attempt: Attempt, live: Live): Promise<Outcome> {
  const gateway = await getGateway(ctx, attempt.gateway_id)
  if (!gateway) return { type: 'not_sent', detail: `gateway ${attempt.gateway_id} is gone` }
  const stepped = state.attempts.at(-2)?.decision === 'step_up'
  const { payer } = live
  const outcome = await charge(
    ctx,
    gateway,
    state.payment,
    attempt,
    stepped ? { ...payer, wishes: { ...payer.wishes, three_ds: 'required' } } : payer,
  )
  const reading = readFailure(outcome, state.payment, attempt, live.settings.class_overrides)
  if (reading?.class !== 'duplicate') return outcome
  const original = await askStatus(ctx, gateway, attempt)
  return original.type === 'approved' ? original : outcome
}

/** Writes attempt, routing run and submission; or fails the payment when no route is left. */
async function firstAttempt(
  ctx: Context,
  account: Account,
  start: State,
  live: Live,
  choice: Choice,
  submission: Patch<Payment>,
): Promise<State | LostRace | null> {
  const runNumber = start.payment.routing_runs + 1
  const facts: Patch<Payment> = { ...submission, routing_runs: runNumber, scheme_version: live.routing.version_id }
  const run = { number: runNumber, record: JSON.stringify(choice.record()) }
  if (!choice.chosen) {
    const deciding = start.attempts.findLast(({ status }) => status !== 'not_sent') ?? start.attempts.at(-1)
    const resolution = deciding?.resolution ?? choice.failure ?? 'strategy_received_no_routes'
    // Who has no requisites now may have some in a minute.
    const payerMayRetry = live.connections !== null && mayRetry(account, start, live, ctx.now())
    const failure = failureOf({ payment: start.payment, payerMayRetry }, resolution)
    const { unified_code } = choice
    return changePayment(ctx, account, start, { payment: { ...facts, ...failure, unified_code }, run })
  }
  const next = nextAttemptOf(ctx, { ...start, payment: { ...start.payment, ...facts } }, choice.chosen, live)
  const change = {
    payment: { ...facts, ...next.payment },
    nextAttempt: next.attempt,
    run,
    more: watchedStart(ctx, live.watch, start.attempts, next.attempt),
  }
  const opens = live.connections?.now.get(choice.chosen.gateway_id) ?? null
  return changeWithProvider(ctx, account, start, change, { opens, closes: null })
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
