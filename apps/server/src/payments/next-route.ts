/** The next route of a payment, and the attempt row that is committed before its gateway is called. */
import type { Context } from '../context.ts'
import { newId, serialNumber } from '../ids.ts'
import type { Choice, RoutingInput } from '../routing/choice.ts'
import { draw } from '../routing/draw.ts'
import type { Gateway } from '../routing/gateway.ts'
import { chooseRoute } from '../routing/rules/choose-route.ts'
import { classRules, type DeclineClass, isDeclineClass } from '../routing/rules/decline-class.ts'
import { longestCall_ms } from './call-gateway.ts'
import { ceilingsUsed } from './card-watch.ts'
import type { State } from './find-payment.ts'
import type { Live } from './live-cascade.ts'
import type { Attempt, Payment } from './payment.ts'
import type { Patch, Reading } from './rules/news.ts'

/** Chooses among what is left. `failure` is the reading of the attempt that ended just now, `null` before the first. */
export function chooseNext(live: Live, state: State, failure: Reading | null, now: Date): Choice {
  return chooseRoute(runInput(live, state, failure, now))
}

/** What a routing run of the payment goes by. */
export function runInput(live: Live, state: State, failure: Reading | null, now: Date): RoutingInput {
  const { payment, attempts } = state
  const { routing, settings } = live
  const last = attempts.at(-1)
  const last_class = failure && isDeclineClass(failure.class) ? failure.class : null
  const counted = attempts.filter(({ status }) => status !== 'not_sent').length
  return {
    payment_id: payment.id,
    run: payment.routing_runs + 1,
    hop: attempts.length + 1,
    version_id: routing.version_id,
    scheme: routing.scheme,
    gateways: routing.gateways,
    facts: { ...live.facts, attempt_number: attempts.length + 1 },
    binding_id: live.drive?.binding_id ?? null,
    tried: [...triedOf(live, attempts), ...(live.drive?.tried_in_chain ?? [])],
    excluded: [...elsewhere(live), ...settings.excluded_routes, ...(live.drive?.excluded ?? [])],
    last_class,
    last_domain: last ? (routing.gateways.get(last.gateway_id)?.failure_domain ?? null) : null,
    breakers: live.breakers,
    ...(live.connections ? { barred: live.connections.barred } : {}),
    ...live.market,
    draw,
    at: now,
    previous: last && last_class ? previousOf(last, last_class, failure, attempts) : null,
    limits: {
      attempts: `${counted}/${settings.max_attempts}`,
      time_ms: `${now.getTime() - live.started_at.getTime()}/${settings.time_budget_ms}`,
      ...ceilingsUsed(live.watch, attempts, settings.network_limits, now),
    },
  }
}

function asksOf({ connections }: Live, { gateway_id }: Gateway): number {
  return connections?.now.get(gateway_id)?.connection.supports_idempotency_key ? 2 : 1
}

/**
 * Who had no requisites in an earlier search may have some now; the payer who wants others gets them from somebody else. Where an
 * order may still exist nobody asks for a second one.
 */
function triedOf({ connections, started_at }: Live, attempts: readonly Attempt[]): number[] {
  const last_shown = attempts.findLast(({ action }) => action !== null)
  return attempts
    .filter(
      (attempt) =>
        !connections?.methods.has(attempt.gateway_id) ||
        attempt === last_shown ||
        attempt.status === 'orphaned' ||
        attempt.sent_at >= started_at,
    )
    .map(({ gateway_id }) => gateway_id)
}

/** A saved card is known at one gateway only. */
function elsewhere({ routing, payer }: Live): number[] {
  const { saved } = payer
  return saved ? [...routing.gateways.keys()].filter((gateway_id) => gateway_id !== saved.gateway_id) : []
}

function previousOf(last: Attempt, name: DeclineClass, failure: Reading | null, attempts: readonly Attempt[]) {
  const { quota } = classRules[name]
  const used = attempts.filter(
    (attempt) => attempt.class === name && (attempt.decision === 'hop' || attempt.decision === 'step_up'),
  ).length
  return {
    attempt: last.number,
    gateway_id: last.gateway_id,
    class: name,
    signals: (failure?.signals?.classes ?? []) as { kind: string; code: string; class: DeclineClass | null }[],
    ...(quota === null ? {} : { quota: `${used}/${quota}` }),
  }
}

export type Next = { readonly attempt: Attempt; readonly payment: Patch<Payment> }

/** The row of the next attempt, `sent` from the start: it is committed right before the call. */
export function nextAttemptOf(ctx: Context, state: State, gateway: Gateway, live: Live): Next {
  const { payment, attempts } = state
  const now = ctx.now()
  const number = attempts.length + 1
  const attempt: Attempt = {
    account_id: payment.account_id,
    payment_id: payment.id,
    number,
    id: newId('attempt', now),
    gateway_id: gateway.gateway_id,
    connector: gateway.connector,
    reference: `${serialNumber(payment.id)}-${number}`,
    test_mode: payment.test_mode,
    status: 'sent',
    amount_minor: payment.payment_service_amount_minor ?? payment.payment_amount_minor,
    currency: payment.service_currency ?? payment.currency,
    winner: false,
    late_approval: false,
    approved_amount_minor: null,
    class: null,
    signals: null,
    resolution: null,
    provider_reference: null,
    action: null,
    card_facts: null,
    detail: null,
    decision: null,
    reversal_status: null,
    lookups: 0,
    not_found_count: 0,
    not_found_at: null,
    sent_at: now,
    decided_at: null,
  }
  return {
    attempt,
    payment: {
      original_data: {
        external_id: payment.session_id ?? attempt.id,
        merchant_id: gateway.merchant_code,
        provider_id: null,
        external_mid: gateway.merchant_account_id,
        provider_code: gateway.connector,
      },
      // A worker looks here when this process dies before the answer. Some providers are asked a second time.
      due_at: new Date(now.getTime() + longestCall_ms(ctx, gateway) * asksOf(live, gateway) + 5_000),
    },
  }
}
