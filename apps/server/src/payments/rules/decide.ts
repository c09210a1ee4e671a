/**
 * What a piece of news about one attempt means for its payment. Pure: the same payment, attempts and news give the same
 * decision. Rules: cascading rules 5, 9, 10, 12; merchant API contract 7.1, 8.2.
 *
 * All news comes through here: the direct answer of a gateway, its callback, a look-up, the end of a time.
 */
import type { Outcome, RedirectAction } from '@cascad/connector'
import type { RequisitesAction } from '@cascad/connector/requisites'
import { type Attempt, type FlowData, isClosed, type Payment, type RequisitesShown } from '../payment.ts'
import { besideWinner, isBesideWinner, othersOpen } from './decide-beside-winner.ts'
import { decideRequisites, givenUp } from './decide-requisites.ts'
import { failureOf } from './failure-of.ts'
import { nextLookup } from './lookup-schedule.ts'
import { type Booking, type Decision, type News, noChange, type Patch } from './news.ts'
import { isHeld, restUntil } from './rest-until.ts'
import { authorizedMinor, settle } from './settle.ts'

/** Reads the news. Never throws for anything a provider could say; an attempt that does not exist is a mistake of ours. */
export function decide(news: News): Decision {
  const attempt = news.attempts.find(({ number }) => number === news.number)
  if (!attempt) throw new Error(`payment ${news.payment.id} has no attempt ${news.number}`)
  const open = attempt.status === 'sent' || attempt.status === 'incomplete' || attempt.status === 'unknown'
  if (!open) return decideLate(news, attempt)
  if (news.requisites) {
    const decision = decideRequisites(news, attempt)
    if (decision === 'late') return decideLate(news, attempt)
    if (decision) return decision
  }
  const decision = decideCharge(news, attempt)
  if (!news.requisites && isBesideWinner(news)) return besideWinner(news, attempt, decision)
  // A payment that has ended otherwise stays as it is, whatever becomes of the rest.
  return news.requisites && isClosed(news.payment) ? { ...decision, payment: {} } : decision
}

function decideCharge(news: News, attempt: Attempt): Decision {
  const { outcome } = news
  switch (outcome.type) {
    case 'approved':
      // Its taking back may have arrived at the gateway: only the answer to that says where the money is.
      if (attempt.reversal_status !== null)
        return decideUnknown(news, attempt, 'approved while it is taken back', outcome)
      return contradicts(news.payment, attempt, outcome.amount_minor)
        ? decideUnknown(news, attempt, 'the approved amount contradicts the amount asked for', outcome)
        : decideApproved(news, attempt, outcome)
    case 'declined':
      return decideFailed(news, attempt, 'declined', outcome.provider_reference)
    case 'not_sent':
      // Only a call that never left can be proven unsent; once sent, a failed look-up proves nothing.
      return attempt.status === 'sent' ? decideFailed(news, attempt, 'not_sent', null, outcome.detail) : noChange
    case 'not_found':
      return decideNotFound(news, attempt)
    case 'action_required':
      return decideWaiting(news, attempt, outcome)
    case 'pending':
      return decideWaiting(news, attempt, outcome)
    case 'unknown':
      return decideUnknown(news, attempt, outcome.detail, outcome)
    case 'time_over':
      return decideTimeOver(news, attempt)
    case 'voided':
      return decideVoided(news, attempt)
    case 'given_up':
      return noChange
  }
}

/** More than was asked for, or nothing, cannot be an approval of this attempt. */
function contradicts(payment: Payment, attempt: Attempt, amount_minor: bigint | null): boolean {
  if (amount_minor === null) return false
  if (amount_minor <= 0n) return payment.payment_flow !== 'verify' || amount_minor < 0n
  return payment.service_method === 'payment_card' && amount_minor > attempt.amount_minor
}

type Approved = Extract<Outcome, { type: 'approved' }>

function decideApproved(news: News, attempt: Attempt, outcome: Approved): Decision {
  return {
    code: 'win',
    attempt: {
      status: 'approved',
      winner: true,
      approved_amount_minor: outcome.amount_minor ?? attempt.amount_minor,
      provider_reference: outcome.provider_reference ?? attempt.provider_reference,
      decision: 'win',
      decided_at: news.now,
    },
    payment: successOf(news, outcome),
    booking: bookingOf(news.payment),
  }
}

function bookingOf({ payment_flow }: Payment): Booking {
  return { kind: payment_flow === 'authorize' ? 'authorization' : 'payment' }
}

function successOf(news: News, outcome: Approved): Patch<Payment> {
  const { payment, now } = news
  if (payment.payment_flow === 'authorize') return authorizedOf(news, outcome)
  const { partial, ...settled } = settle(payment, outcome.amount_minor, news.exponents, now)
  const verify = payment.payment_flow === 'verify'
  return {
    ...settled,
    status: verify ? 'verified' : partial ? 'partially_processed' : 'processed',
    resolution: 'ok',
    payment_status: verify ? 'revoked' : 'processed',
    processed_at: now,
    ...factsOf(payment, outcome),
    due_at: settled.reserve_expires_at,
  }
}

/** Money is held, none is taken: nothing is settled before it is captured. */
function authorizedOf({ payment, exponents, now }: News, outcome: Approved): Patch<Payment> {
  const authorized_amount_minor = authorizedMinor(payment, outcome.amount_minor, exponents)
  return {
    authorized_amount_minor,
    status: 'authorized',
    resolution: 'ok',
    payment_status: 'invoked',
    ...factsOf(payment, outcome),
    due_at: restUntil({ ...payment, authorized_amount_minor }, now),
  }
}

function factsOf({ original_data }: Payment, { rrn, approval_code, provider_reference }: Approved): Patch<Payment> {
  return {
    rrn,
    approval_code,
    original_data: { ...original_data, provider_id: provider_reference ?? original_data.provider_id },
  }
}

function decideFailed(
  news: News,
  attempt: Attempt,
  status: 'declined' | 'not_sent',
  provider_reference: string | null,
  detail: string | null = null,
): Decision {
  const reading = news.reading
  if (!reading) throw new Error(`attempt ${attempt.id}: a failure came without its reading`)
  const code = news.afterFailure(reading, attempt.status === 'incomplete')
  return {
    code,
    attempt: {
      status,
      class: reading.class,
      signals: reading.signals,
      resolution: reading.resolution,
      provider_reference: provider_reference ?? attempt.provider_reference,
      detail,
      decision: code,
      decided_at: news.now,
    },
    payment: code === 'hop' || code === 'step_up' ? {} : failureOf(news, reading.resolution),
    booking: null,
  }
}

type Waiting = Extract<News['outcome'], { type: 'action_required' | 'pending' }>

function decideWaiting(news: News, attempt: Attempt, outcome: Waiting): Decision {
  // What is unknown stays unknown until it is final (cascading rules 5.2): the payer never saw this challenge.
  const status = attempt.status === 'unknown' ? 'unknown' : 'incomplete'
  const lookups = attempt.status === 'sent' ? 0 : attempt.lookups + 1
  const action = outcome.type === 'action_required' && status === 'incomplete' ? kept(outcome.action) : attempt.action
  const threeDs = action?.kind === 'three_ds'
  const flow: { flow_data?: FlowData } =
    action?.kind === 'redirect'
      ? { flow_data: { action: action.url, method: action.method, params: action.params, metadata: {} } }
      : {}
  return {
    code: 'wait',
    attempt: {
      status,
      lookups,
      action,
      provider_reference: outcome.provider_reference ?? attempt.provider_reference,
    },
    payment: {
      ...flow,
      resolution: threeDs ? 'auth_3ds_required' : 'ok',
      payment_status: threeDs ? 'authorize_required' : 'invoked',
      payer_acted_at: action ? (news.payment.payer_acted_at ?? news.now) : news.payment.payer_acted_at,
      // Requisites have a schedule of their own.
      due_at: news.requisites ? null : nextLookup(status, lookups, news.now, news.payment.expires_at),
    },
    booking: null,
  }
}

/** Where the payer is to transfer is kept elsewhere, encrypted. */
function kept(action: RedirectAction | RequisitesAction): RedirectAction | RequisitesShown {
  if (action.kind !== 'requisites') return action
  const { kind, method, expires_at } = action
  return { kind, method, expires_at }
}

/** The gateway's id of the charge is kept: whatever it says later, the charge has arrived there. */
function decideUnknown(
  news: News,
  attempt: Attempt,
  detail: string,
  { provider_reference = null }: { readonly provider_reference?: string | null } = {},
): Decision {
  // A question that was not answered says nothing about an attempt that waits for the payer.
  const status = attempt.status === 'incomplete' ? 'incomplete' : 'unknown'
  const lookups = attempt.status === 'sent' ? 0 : attempt.lookups + 1
  return {
    code: status === 'unknown' ? 'stop_class_unknown' : 'wait',
    attempt: {
      ...{ status, lookups, detail, provider_reference: provider_reference ?? attempt.provider_reference },
      ...(status === 'unknown' ? { class: 'unknown' } : {}),
    },
    payment: news.requisites ? {} : { due_at: nextLookup(status, lookups, news.now, news.payment.expires_at) },
    booking: null,
  }
}

function decideNotFound(news: News, attempt: Attempt): Decision {
  const { gateway, now } = news
  if (attempt.status === 'incomplete') return decideUnknown(news, attempt, 'the gateway does not know the reference')
  // It cannot be proof that the charge never arrived when the gateway has told of it before.
  if (attempt.provider_reference !== null)
    return decideUnknown(news, attempt, `not found, although the gateway has called it ${attempt.provider_reference}`)
  const settled = now.getTime() - attempt.sent_at.getTime() >= gateway.settle_delay_s * 1000
  if (!gateway.lookup_authoritative || !settled)
    return decideUnknown(news, attempt, 'not found, and that proves nothing yet')
  const apart = attempt.not_found_at === null || now.getTime() - attempt.not_found_at.getTime() >= 30_000
  const count = apart ? attempt.not_found_count + 1 : attempt.not_found_count
  const enough = attempt.test_mode ? 1 : 2
  if (count >= enough && attempt.status === 'unknown') {
    return decideFailed(news, attempt, 'not_sent', null, 'the gateway never got it')
  }
  const unknown = decideUnknown(news, attempt, 'not found, asked again')
  return {
    ...unknown,
    attempt: { ...unknown.attempt, not_found_count: count, not_found_at: apart ? now : attempt.not_found_at },
  }
}

/** The lifetime is over. Time alone never turns an unknown charge into a failed one. */
function decideTimeOver(news: News, attempt: Attempt): Decision {
  if (attempt.status !== 'incomplete') return noChange
  // The payer's page at the gateway may still be open: whoever pays there now would pay for nothing, and nobody might tell us.
  const takeBack = news.gateway.void_by_reference && !news.gateway.accept_late_success
  const failure = failureOf({ payment: news.payment, payerMayRetry: false }, 'expired')
  return {
    code: 'stop_payment_closed',
    attempt: {
      status: 'expired',
      resolution: 'expired',
      class: 'payer_action',
      decision: 'stop_payment_closed',
      decided_at: news.now,
      ...(takeBack ? { reversal_status: 'needed', lookups: 0 } : {}),
    },
    payment: takeBack ? { ...failure, due_at: news.now } : failure,
    booking: null,
  }
}

/** At its deadline an unknown attempt was taken back: now it is known that nobody pays for it. Cascading rules 5.4. */
function decideVoided(news: News, attempt: Attempt): Decision {
  if (attempt.status !== 'unknown') return noChange
  return {
    code: 'stop_class_unknown',
    attempt: {
      status: 'reversed',
      resolution: 'unknown',
      reversal_status: 'done',
      decision: 'stop_class_unknown',
      decided_at: news.now,
    },
    payment: failureOf({ payment: news.payment, payerMayRetry: false }, 'unknown'),
    booking: null,
  }
}

/**
 * News about an attempt that was given up or won: a late approval means something (cascading rules 12), and that the gateway no
 * longer holds what it held.
 */
function decideLate(news: News, attempt: Attempt): Decision {
  const { outcome, payment } = news
  if (outcome.type === 'declined' && attempt.winner && isHeld(payment)) return { ...noChange, code: 'hold_gone' }
  if (
    outcome.type !== 'approved' ||
    attempt.late_approval ||
    attempt.status === 'approved' ||
    attempt.status === 'reversed'
  )
    return noChange
  const amount_minor = outcome.amount_minor ?? attempt.amount_minor
  const contradictory = contradicts(payment, attempt, outcome.amount_minor)
  if (contradictory && amount_minor <= 0n) return noChange
  // Requisites that nobody was shown cannot have been paid by this payer: a person looks at it.
  if (news.requisites && attempt.action === null) return noChange
  const facts = {
    late_approval: true,
    approved_amount_minor: amount_minor,
    provider_reference: outcome.provider_reference ?? attempt.provider_reference,
  }
  const nobodyWon = !news.attempts.some(({ winner }) => winner)
  // What comes to an open payment is not late for it, whatever the merchant says of late ones.
  const wanted =
    payment.status === 'process_failed'
      ? news.gateway.accept_late_success
      : news.requisites !== undefined && !isClosed(payment)
  // More than was asked for is no sale, but it was taken: it goes back.
  const sale = wanted && !contradictory && payment.payment_flow !== 'verify'
  if (sale && nobodyWon && attempt.reversal_status === null) {
    return {
      code: 'late_success',
      attempt: { ...facts, winner: true },
      payment: { ...successOf(news, outcome), ...(othersOpen(news) ? { due_at: news.now } : {}) },
      booking: bookingOf(payment),
    }
  }
  if (news.requisites) {
    // No provider of requisites gives money back: it waits for an operator.
    const booking = { kind: 'late_approval', amount_minor } as const
    const given_up = attempt.status === 'incomplete' ? givenUp(news.now, {}).attempt : {}
    return { code: 'late_approval', attempt: { ...given_up, ...facts }, payment: {}, booking }
  }
  return {
    code: 'late_approval',
    attempt: { ...facts, reversal_status: 'needed', lookups: 0 },
    payment: { due_at: news.now },
    booking: payment.payment_flow !== 'verify' ? { kind: 'late_approval', amount_minor } : null,
  }
}
