/**
 * The one door for news about an attempt: direct answer, provider event, look-up, end of time. Reads the news (pure), and
 * writes state, next attempt, books and callback in one commit.
 */
import type { Account } from '../accounts/account.ts'
import { isTakenReference } from '../cascades/close-provider-payment.ts'
import type { Context } from '../context.ts'
import { unlessCardMoved } from '../routing/card-record.ts'
import { overridesOfGateway, settingsAbove } from '../routing/cascade-settings.ts'
import type { Choice } from '../routing/choice.ts'
import type { Gateway } from '../routing/gateway.ts'
import { getGateway } from '../routing/load-routing.ts'
import { asDuplicate, type IssueNews } from './ask-for-requisites.ts'
import { bookingTransfers } from './book.ts'
import { newCardToken } from './card-token.ts'
import { judgeWatch, lookAgain, mayHaveChanged, watchedEnd, watchedStart } from './card-watch.ts'
import { changeWithProvider, isLostRace, type LostRace } from './change-with-provider.ts'
import { countAttempt } from './count-attempt.ts'
import { exponentsOf } from './exponents-of.ts'
import { loadState, type State } from './find-payment.ts'
import type { Live } from './live-cascade.ts'
import { lookAfterHold } from './look-after-hold.ts'
import { chooseNext, nextAttemptOf } from './next-route.ts'
import { pauseAfterConflict } from './pause-after-conflict.ts'
import { type Attempt, closedStatuses } from './payment.ts'
import { providerSide } from './provider-side.ts'
import { afterFailureCode } from './rules/after-failure.ts'
import { decide } from './rules/decide.ts'
import type { Decision, News } from './rules/news.ts'
import { asUnknown, type FailureReading, readFailure } from './rules/read-failure.ts'
import { settleDelay_s } from './rules/settle-delay.ts'
import { withProbe } from './with-probe.ts'

/** Times a decision is made anew because somebody else was faster, with the payment or with another attempt of its card. */
const conflicts_max = 60

export type Applied = { readonly state: State; readonly code: string }

/**
 * Applies the news about attempt `number`. `live` is the running cascade that may go on to another gateway; without it
 * (late news) nothing hops. `answer`: the outcome is the answer to a question for requisites. Safe to call with the same news
 * any number of times.
 */
export async function applyOutcome(
  ctx: Context,
  account: Account,
  start: State,
  number: number,
  told: News['outcome'],
  live: Live | null,
  answer: IssueNews | null = null,
): Promise<Applied> {
  let [state, outcome, issue] = [start, told, answer]
  for (let tries = 0; tries < conflicts_max; tries += 1) {
    const before = state
    const judged = await judge(ctx, account, before, number, outcome, live)
    const { decision, reading } = judged
    if (decision.code === 'no_change') return { state, code: decision.code }
    if (decision.code === 'hold_gone') return { state: await lookAfterHold(ctx, account, state), code: decision.code }
    const writing = () => write(ctx, account, before, number, outcome, judged, live, issue)
    const written = await unlessCardMoved(writing).catch((error: unknown) => {
      if (issue && isTakenReference(error)) return 'taken_reference' as const
      throw error
    })
    if (written === 'taken_reference') {
      issue = issue && asDuplicate(issue)
      outcome = issue?.result.outcome ?? outcome
      continue
    }
    if (isLostRace(written)) {
      live?.connections?.barred.set(written.gateway_id, written.barred)
      continue
    }
    if (written !== null && written !== 'card_moved') {
      report(ctx, written, number, decision, outcome)
      const set_up_wrong = reading?.set_up_wrong === true
      const health = issue?.result.health ?? null
      await countAttempt(ctx, before, written, number, { outcome, set_up_wrong, running: live !== null, health })
      return { state: written, code: decision.code }
    }
    await pauseAfterConflict(tries)
    state = await loadState(ctx, account.id, state.payment.id)
    if (live?.watch) await lookAgain(ctx, live.watch, state.attempts, attemptOf(state, number))
  }
  throw new Error(`payment ${start.payment.id} kept changing while news about attempt ${number} was to be applied`)
}

type Judged = {
  readonly decision: Decision
  readonly choice: Choice | null
  readonly reading: FailureReading | null
  /** The gateway of the attempt, for another try with the payer's authentication. */
  readonly gateway: Gateway | null
}

function attemptOf({ payment, attempts }: State, number: number): Attempt {
  const attempt = attempts.find((one) => one.number === number)
  if (!attempt) throw new Error(`payment ${payment.id} has no attempt ${number}`)
  return attempt
}

async function judge(
  ctx: Context,
  account: Account,
  state: State,
  number: number,
  outcome: News['outcome'],
  live: Live | null,
): Promise<Judged> {
  const { payment, attempts } = state
  const attempt = attemptOf(state, number)
  const gateway = await getGateway(ctx, attempt.gateway_id)
  const connector = ctx.connectors.get(attempt.connector)
  const can = connector?.can
  const givesRequisites = connector?.requisites !== undefined
  const now = ctx.now()
  const reading = readFailure(outcome, payment, attempt, await overridesFor(ctx, account, attempt, live))
  const ended = reading ? endedWith(state, number, reading, outcome) : attempts
  const network_blocked = reading !== null && live !== null && (await isBlocked(ctx, live, ended, attempt, now))
  const news = {
    payment,
    attempts,
    number,
    outcome: asUnknown(outcome, reading),
    now,
    gateway: {
      lookup_authoritative: can?.lookup_authoritative === true,
      settle_delay_s: settleDelay_s(can, payment.test_mode),
      void_by_reference: can?.void_by_reference === true,
      accept_late_success: givesRequisites
        ? account.options.accept_late_transfers
        : payment.options?.accept_late_success === true ||
          account.options.accept_late_success ||
          gateway?.accept_late_success === true,
    },
    exponents: await exponentsOf(ctx, payment),
    reading,
    payerMayRetry: mayRetry(account, state, live, now),
    ...(givesRequisites ? { requisites: { searching: live !== null } } : {}),
  }
  const judgeNow = (running: Live | null): Judged => {
    let choice: Choice | null = null
    const afterFailure: News['afterFailure'] = (failure, payerActed) => {
      const takes_three_ds = gateway !== null && can?.three_ds === true
      const notSent = outcome.type === 'not_sent' || outcome.type === 'not_found'
      const facts = { payment, attempts: ended, number, reading: failure, payerActed, notSent, now, running }
      return afterFailureCode({ ...facts, network_blocked, takes_three_ds }, () => {
        choice = running && chooseNext(running, { payment, attempts: ended }, failure, now)
        return choice !== null && choice.chosen !== null
      })
    }
    return { decision: decide({ ...news, afterFailure }), choice, reading, gateway }
  }
  return live ? withProbe(ctx, payment.id, live, judgeNow) : judgeNow(null)
}

async function overridesFor(ctx: Context, account: Account, attempt: Attempt, live: Live | null) {
  const wide = live
    ? live.settings.class_overrides
    : (await settingsAbove(ctx, account.id)).flatMap(({ class_overrides }) => class_overrides ?? [])
  return [...wide, ...(await overridesOfGateway(ctx, attempt.gateway_id))]
}

/** The attempts as they will be once the failure is written. */
function endedWith({ attempts }: State, number: number, reading: FailureReading, outcome: News['outcome']): Attempt[] {
  const status = outcome.type === 'declined' ? 'declined' : 'not_sent'
  return attempts.map((one) => (one.number === number ? { ...one, status, class: reading.class } : one))
}

/** Do the networks forbid another attempt with the card? Looks again where what we know may be out of date. */
async function isBlocked(
  ctx: Context,
  { watch, settings }: Live,
  ended: readonly Attempt[],
  attempt: Attempt,
  now: Date,
): Promise<boolean> {
  if (!watch) return false
  const blocked = (): boolean => judgeWatch(watch, ended, settings.network_limits, now) !== null
  if (mayHaveChanged(watch) || blocked()) await lookAgain(ctx, watch, ended, attempt)
  return blocked()
}

/** The payer is on a page of ours and has tries left; a search for requisites may be begun again while attempts are left. */
export function mayRetry(account: Account, { payment, attempts }: State, live: Live | null, now: Date): boolean {
  if (live === null || payment.expires_at <= now) return false
  if (live.connections) return countedOf(attempts) < live.settings.max_attempts
  return live.payer_on_page && payment.submissions <= account.options.retry_limit
}

function countedOf(attempts: readonly Attempt[]): number {
  return attempts.filter(({ status }) => status !== 'not_sent').length
}

async function write(
  ctx: Context,
  account: Account,
  state: State,
  number: number,
  outcome: News['outcome'],
  { decision, choice, reading, gateway }: Judged,
  live: Live | null,
  issue: IssueNews | null,
): Promise<State | LostRace | null> {
  const { payment } = state
  const old = attemptOf(state, number)
  const attempt: Attempt = { ...old, ...decision.attempt, card_facts: factsAfter(old, outcome) }
  const runNumber = payment.routing_runs + 1
  const kept =
    decision.attempt.winner === true && outcome.type === 'approved'
      ? newCardToken(ctx, account, payment, attempt, outcome.card_token)
      : null
  const where = decision.code === 'hop' ? choice?.chosen : decision.code === 'step_up' ? gateway : null
  const next = where && live ? nextAttemptOf(ctx, state, where, live) : null
  const change = {
    payment: {
      ...decision.payment,
      ...(next ? next.payment : {}),
      ...(choice ? { routing_runs: runNumber } : {}),
      ...(kept && payment.payload ? { payload: { ...payment.payload, token: kept.token } } : {}),
    },
    more: [
      ...(kept ? [kept.part] : []),
      ...watchedEnd(ctx, { payment, watch: live?.watch ?? null }, old, attempt, reading?.decline ?? null),
      ...(next ? watchedStart(ctx, live?.watch ?? null, state.attempts, next.attempt) : []),
    ],
    attempt,
    nextAttempt: next?.attempt ?? null,
    run: choice ? { number: runNumber, record: JSON.stringify({ ...choice.record(), decision: decision.code }) } : null,
    transfers: decision.booking
      ? bookingTransfers(ctx, account, { ...payment, ...decision.payment }, attempt, decision.booking)
      : [],
  }
  const opens = (where && live?.connections?.now.get(where.gateway_id)) ?? null
  const closes = providerSide(ctx, { before: old, after: attempt, outcome, issue, case: caseOf(state, decision) })
  return changeWithProvider(ctx, account, state, change, { opens, closes })
}

function caseOf({ attempts }: State, { code }: Decision): 'late_success' | 'double_success' | null {
  if (code !== 'late_approval') return null
  return attempts.some(({ winner }) => winner) ? 'double_success' : 'late_success'
}

/** What is known of the card after this news: a provider that says less later takes nothing back. */
function factsAfter({ card_facts: before }: Attempt, outcome: News['outcome']): Attempt['card_facts'] {
  const told = 'card_facts' in outcome ? outcome.card_facts : undefined
  if (!told || !before) return told ?? before
  const three_ds = told.three_ds && before.three_ds ? withoutGaps(before.three_ds, told.three_ds) : null
  return { ...withoutGaps(before, told), three_ds: three_ds ?? told.three_ds ?? before.three_ds }
}

function withoutGaps<Facts extends object>(before: Facts, told: Facts): Facts {
  return { ...before, ...Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null)) }
}

function report(ctx: Context, state: State, number: number, decision: Decision, outcome: News['outcome']): void {
  const attempt = state.attempts.find((one) => one.number === number)
  if (!attempt) return
  const { payment_id, gateway_id, status } = attempt
  ctx.events.attemptDecided({ payment_id, number, gateway_id, status, class: attempt.class, decision: decision.code })
  if (decision.code === 'late_approval')
    ctx.events.alarm('late approval', { payment_id, attempt_number: number, gateway_id })
  if (outcome.type === 'unknown' && closedStatuses.has(state.payment.status))
    ctx.events.alarm('unknown attempt of a closed payment', { payment_id, attempt_number: number })
}
