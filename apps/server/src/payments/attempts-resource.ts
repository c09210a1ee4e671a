/** How a payment went over its gateways, as its merchant may see it: every attempt, and why each route was taken or left. */
import type { JsonObject, JsonValue } from '../http/json.ts'
import type { RoutingRecord } from '../routing/choice.ts'
import type { BlockRow } from '../routing/network-blocks.ts'
import { explainRun } from '../routing/rules/explain.ts'
import { explainDecision } from '../routing/rules/explain-decision.ts'
import { unifiedCodeOf } from '../routing/rules/unified-code-of.ts'
import type { Attempt } from './payment.ts'
import { amountJson, type Exponents, unixSeconds } from './resource.ts'

export type RoutingRun = { readonly run: number; readonly record: RoutingRecord; readonly created_at: Date }

export type AttemptsParts = {
  readonly attempts: readonly Attempt[]
  readonly runs: readonly RoutingRun[]
  /** What attempts of the payment have set. */
  readonly blocks: readonly BlockRow[]
  readonly exponents: Exponents
  /** Address of the document. */
  readonly self: string
}

export function attemptsDocument({ attempts, runs, blocks, exponents, self }: AttemptsParts): JsonObject {
  return {
    meta: { runs: runs.map(runView) },
    links: { self },
    data: attempts.map((attempt) => attemptResource(attempt, blocks, exponents)),
  }
}

function attemptResource(attempt: Attempt, blocks: readonly BlockRow[], exponents: Exponents): JsonObject {
  const { signals } = attempt
  return {
    type: 'payment-attempts',
    id: attempt.id,
    attributes: {
      number: attempt.number,
      gateway_id: attempt.gateway_id,
      status: attempt.status,
      winner: attempt.winner,
      late: attempt.late_approval,
      code: unifiedCodeOf(attempt),
      class: attempt.class,
      resolution: attempt.resolution,
      // Codes are facts; a provider's free text is not passed on.
      codes: {
        unified_code: signals?.unified_code ?? null,
        network_code: signals?.network_code ?? null,
        advice_code: signals?.advice_code ?? null,
        provider_code: signals?.provider_code ?? null,
      },
      decision: attempt.decision,
      explanation: explainDecision(attempt.decision),
      blocks: blocks.filter(({ attempt_number }) => attempt_number === attempt.number).map(blockView),
      amount: amountJson(attempt.amount_minor, attempt.currency, exponents),
      // By what is known now: appeals correct it.
      paid_amount: amountJson(attempt.approved_amount_minor, attempt.currency, exponents),
      currency: attempt.currency,
      sent: unixSeconds(attempt.sent_at),
      decided: unixSeconds(attempt.decided_at),
    },
  }
}

function blockView({ scope, reason, ends_at, lifted_at }: BlockRow): JsonObject {
  return { scope, reason, until: unixSeconds(ends_at), lifted: unixSeconds(lifted_at) }
}

function runView({ run, record, created_at }: RoutingRun): JsonObject {
  return { run, at: unixSeconds(created_at), sentence: explainRun(record), record: merchantRecord(record) }
}

/** The record without weights, costs, rates and draws: how an operator spreads traffic is none of a merchant's business. */
export function merchantRecord(record: RoutingRecord): JsonObject {
  const { draw: _, ...shown } = record
  return withoutScores(shown as unknown as JsonObject) as JsonObject
}

function withoutScores(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object' || JSON.isRawJSON(value)) return value
  if (Array.isArray(value)) return value.map(withoutScores)
  const entries = Object.entries(value).filter(([key]) => key !== 'score' && key !== 'weight' && key !== 'known')
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutScores(item)]))
}
