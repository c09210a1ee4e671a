/**
 * The one door for news about an attempt: direct answer, provider event, look-up, end of time. Reads the news (pure), and
 * writes state, next attempt, books and callback in one commit.
 */
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import type { Choice } from '../routing/choice.ts'
import { getGateway } from '../routing/load-routing.ts'
import { bookingTransfers } from './book.ts'
import { newCardToken } from './card-token.ts'
import { changePayment } from './change-payment.ts'
import { countAttempt } from './count-attempt.ts'
import { loadState, type State } from './find-payment.ts'
import type { Live } from './live-cascade.ts'
import { chooseNext, nextAttemptOf } from './next-route.ts'
import { type Attempt, closedStatuses } from './payment.ts'
import { afterFailureCode } from './rules/after-failure.ts'
import { type Decision, decide, type News } from './rules/decide.ts'
import { asUnknown, readFailure } from './rules/read-failure.ts'
import { withProbe } from './with-probe.ts'

/** Times a decision is made anew because somebody else was faster. */
const conflicts_max = 20

export type Applied = { readonly state: State; readonly code: string }

/**
 * Applies the news about attempt `number`. `live` is the running cascade that may go on to another gateway; without it
 * (late news) nothing hops. Safe to call with the same news any number of times.
 */
export async function applyOutcome(
  ctx: Context,
  account: Account,
  start: State,
  number: number,
  outcome: News['outcome'],
  live: Live | null,
): Promise<Applied> {
  let state = start
  for (let tries = 0; tries < conflicts_max; tries += 1) {
    const { decision, choice, set_up_wrong } = await judge(ctx, account, state, number, outcome, live)
    if (decision.code === 'no_change') return { state, code: decision.code }
    const written = await write(ctx, account, state, number, outcome, decision, choice)
    if (written) {
      report(ctx, written, number, decision, outcome)
      await countAttempt(ctx, state, written, number, { outcome, set_up_wrong, running: live !== null })
      return { state: written, code: decision.code }
    }
    state = await loadState(ctx, account.id, state.payment.id)
  }
  throw new Error(`payment ${start.payment.id} kept changing while news about attempt ${number} was to be applied`)
}

type Judged = { readonly decision: Decision; readonly choice: Choice | null; readonly set_up_wrong: boolean }

async function judge(
  ctx: Context,
  account: Account,
  state: State,
  number: number,
  outcome: News['outcome'],
  live: Live | null,
): Promise<Judged> {
  const { payment, attempts } = state
  const attempt = attempts.find((one) => one.number === number)
  if (!attempt) throw new Error(`payment ${payment.id} has no attempt ${number}`)
  const all = await currencies(ctx)
  const gateway = await getGateway(ctx, attempt.gateway_id)
  const can = ctx.connectors.get(attempt.connector)?.can
  const now = ctx.now()
  const reading = readFailure(outcome, payment, attempt, live?.settings.class_overrides ?? [])
  const set_up_wrong = reading?.set_up_wrong === true
  const news = {
    payment,
    attempts,
    number,
    outcome: asUnknown(outcome, reading),
    now,
    gateway: {
      lookup_authoritative: can?.lookup_authoritative === true,
      settle_delay_s: payment.test_mode ? Math.min(3, can?.settle_delay_s ?? 3) : (can?.settle_delay_s ?? 120),
      void_by_reference: can?.void_by_reference === true,
      accept_late_success: account.options.accept_late_success || gateway?.accept_late_success === true,
    },
    exponents: {
      currency: all.get(payment.currency)?.exponent ?? 2,
      service_currency: all.get(payment.service_currency ?? payment.currency)?.exponent ?? 2,
    },
    reading,
    payerMayRetry: mayRetry(account, state, live, now),
  }
  const judgeNow = (running: Live | null): Judged => {
    let choice: Choice | null = null
    const afterFailure: News['afterFailure'] = (failure, payerActed) => {
      const ended = attempts.map((one) => (one.number === number ? { ...one, class: failure.class } : one))
      const notSent = outcome.type === 'not_sent' || outcome.type === 'not_found'
      return afterFailureCode(
        { payment, attempts: ended, number, reading: failure, payerActed, notSent, now, running },
        () => {
          choice = running && chooseNext(running, { payment, attempts: ended }, failure, now)
          return choice !== null && choice.chosen !== null
        },
      )
    }
    return { decision: decide({ ...news, afterFailure }), choice, set_up_wrong }
  }
  return live ? withProbe(ctx, payment.id, live, judgeNow) : judgeNow(null)
}

function mayRetry(account: Account, { payment }: State, live: Live | null, now: Date): boolean {
  return live?.payer_on_page === true && payment.submissions <= account.options.retry_limit && payment.expires_at > now
}

async function write(
  ctx: Context,
  account: Account,
  state: State,
  number: number,
  outcome: News['outcome'],
  decision: Decision,
  choice: Choice | null,
): Promise<State | null> {
  const { payment } = state
  const old = state.attempts.find((one) => one.number === number) as Attempt
  const attempt: Attempt = { ...old, ...decision.attempt, card_facts: factsAfter(old, outcome) }
  const runNumber = payment.routing_runs + 1
  const kept =
    decision.attempt.winner === true && outcome.type === 'approved'
      ? newCardToken(ctx, account, payment, attempt, outcome.card_token)
      : null
  const next = decision.code === 'hop' && choice?.chosen ? nextAttemptOf(ctx, state, choice.chosen) : null
  return changePayment(ctx, account, state, {
    payment: {
      ...decision.payment,
      ...(next ? next.payment : {}),
      ...(choice ? { routing_runs: runNumber } : {}),
      ...(kept && payment.payload ? { payload: { ...payment.payload, token: kept.token } } : {}),
    },
    more: kept ? [kept.part] : [],
    attempt,
    nextAttempt: next?.attempt ?? null,
    run: choice ? { number: runNumber, record: JSON.stringify({ ...choice.record(), decision: decision.code }) } : null,
    transfers: decision.booking
      ? bookingTransfers(ctx, account, { ...payment, ...decision.payment }, attempt, decision.booking)
      : [],
  })
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
