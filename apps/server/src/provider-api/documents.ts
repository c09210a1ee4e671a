/**
 * The JSON documents of the dashboard's API `/provider-api`: schemas for the routes, types for the pages, which import them as
 * types only. Amounts are decimal text in major units, times ISO 8601. Connections: `connection-documents.ts`; appeals:
 * `appeal-documents.ts`. Cascade API, sections 16 and 17.
 */
import Type, { type Static } from 'typebox'
import { paymentFlags } from '../cascades/provider-history.ts'
import { amountText, cursorText, methodWord, oneOf, orNull, roleWord, timeText } from './document-parts.ts'

/** Every error: `code` is for programs, `message` for people, `fields` names what is wrong with single fields. */
export const errorBody = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    fields: Type.Optional(Type.Record(Type.String(), Type.String())),
  }),
})
export type ErrorDocument = Static<typeof errorBody>

export type Role = Static<typeof roleWord>
export type Mode = 'live' | 'test'

/** GET me */
export const meBody = Type.Object({
  person: Type.Object({ id: Type.String(), name: Type.String(), email: Type.String(), role: roleWord }),
  provider: Type.Object({
    id: Type.String(),
    name: Type.String(),
    settlement_currency: Type.String(),
    /** Decimals of the settlement currency. */
    settlement_scale: Type.Integer(),
    active: Type.Boolean(),
    draining: Type.Boolean(),
  }),
  /** Texts of the operator for whoever tops up; empty = none. */
  top_up_instructions: Type.String(),
})
export type Me = Static<typeof meBody>

/** GET balance */
export const balanceBody = Type.Object({
  currency: Type.String(),
  available: amountText,
  held: amountText,
  frozen: amountText,
  withdrawing: amountText,
  total: amountText,
  low_balance_alert: amountText,
  /** `empty` and below: no new payments. */
  level: oneOf('fine', 'low', 'empty', 'overdrawn'),
})
export type Balance = Static<typeof balanceBody>

/** A share of 0 to 1; `null` = nothing to divide by, shown as "–". */
export const share = orNull(Type.Number({ minimum: 0 }))

/** Cascade API, section 17. */
export const figures = Type.Object({
  /** Requests for requisites that were sent, by the time of the request. */
  asked: Type.Integer(),
  /** Of `asked`: requisites were given. */
  given: Type.Integer(),
  /** given / asked */
  issue_rate: share,
  /** Requisites given, by the time they were. */
  issued: Type.Integer(),
  /** Of `issued`, late ones and appeal confirmations included. */
  paid: Type.Integer(),
  paid_late: Type.Integer(),
  paid_by_appeal: Type.Integer(),
  /** paid / issued */
  payment_rate: share,
  /** Until then payments of the period may still be paid in time; `null` = the rate is final. */
  provisional_until: orNull(timeText),
  refused: Type.Integer(),
  refusal_share: share,
  refusals: Type.Array(Type.Object({ reason: Type.String(), count: Type.Integer(), share })),
  unknown: Type.Integer(),
  unknown_share: share,
  /** Unusable answers. */
  violations: Type.Integer(),
  /** Said to have failed before the payer's time was over. */
  early_failures: Type.Integer(),
  early_failure_share: share,
  answer_ms: Type.Object({ p50: orNull(Type.Integer()), p95: orNull(Type.Integer()) }),
  paid_after_s: Type.Object({ p50: orNull(Type.Integer()), p95: orNull(Type.Integer()) }),
})
export type Figures = Static<typeof figures>

/** GET overview */
export const overviewBody = Type.Object({
  balance: balanceBody,
  /** Since midnight UTC. */
  today: figures,
  connections: Type.Array(
    Type.Object({
      gateway_id: Type.Integer(),
      name: Type.String(),
      status: oneOf('active', 'draining', 'off', 'archived', 'misconfigured'),
      misconfigured_at: orNull(timeText),
      misconfigured_reason: orNull(Type.String()),
      methods: Type.Array(
        Type.Object({
          method: Type.String(),
          breaker: oneOf('closed', 'open', 'half_open'),
          open_until: orNull(timeText),
        }),
      ),
    }),
  ),
  appeals: Type.Object({ open: Type.Integer(), next_deadline: orNull(timeText) }),
})
export type Overview = Static<typeof overviewBody>

export const paymentStates = [
  'requested',
  'issued',
  'success',
  'refused',
  'violation',
  'not_sent',
  'unknown',
  'failed',
  'expired',
  'cancelled',
] as const
export const paymentRow = Type.Object({
  attempt_id: Type.String(),
  /** The provider's own id. */
  provider_reference: orNull(Type.String()),
  gateway_id: Type.Integer(),
  requested_at: timeText,
  method: methodWord,
  bank: orNull(Type.String()),
  /** Masks. */
  owner: orNull(Type.String()),
  number: orNull(Type.String()),
  amount: amountText,
  currency: Type.String(),
  rate: amountText,
  settlement_amount: amountText,
  settlement_currency: Type.String(),
  state: oneOf(...paymentStates),
  flags: Type.Array(oneOf(...paymentFlags)),
  reason: orNull(Type.String()),
  expires_at: orNull(timeText),
  ended_at: orNull(timeText),
  paid_at: orNull(timeText),
})
export type PaymentRow = Static<typeof paymentRow>

/** GET payments?from&to&state&method&amount&id&flag&gateway_id&cursor&limit */
export const paymentsBody = Type.Object({ payments: Type.Array(paymentRow), cursor: cursorText })
export type Payments = Static<typeof paymentsBody>

export const bookingLine = Type.Object({
  id: Type.String(),
  at: timeText,
  /** `top_up`, `provider_hold`, `provider_debit`, … */
  kind: Type.String(),
  amount: amountText,
  /** What it did to `available`. */
  change: amountText,
})

/** GET payments/:attempt_id */
export const paymentBody = Type.Object({
  payment: Type.Intersect([
    paymentRow,
    Type.Object({
      reason_text: orNull(Type.String()),
      answer_ms: orNull(Type.Integer()),
      issued_at: orNull(timeText),
      finalise_at: orNull(timeText),
      claimed_at: orNull(timeText),
      polls: Type.Integer(),
      poll_errors: Type.Integer(),
      polled_at: orNull(timeText),
      cancel_status: orNull(oneOf('needed', 'delivered', 'declined', 'undelivered')),
      cancel_tries: Type.Integer(),
    }),
  ]),
  /** Oldest first. */
  timeline: Type.Array(
    Type.Object({
      at: timeText,
      event: oneOf(
        'requested',
        'issued',
        'claimed',
        'expires',
        'ended',
        'paid',
        'call',
        'booking',
        'appeal_opened',
        'appeal_closed',
      ),
      text: Type.String(),
    }),
  ),
  /** Every call of the endpoint, bodies masked, oldest first. */
  calls: Type.Array(
    Type.Object({
      id: Type.String(),
      at: timeText,
      event: Type.String(),
      ms: Type.Integer(),
      /** `null` = no answer. */
      http_status: orNull(Type.Integer()),
      request: Type.Unknown(),
      answer: orNull(Type.String()),
      /** What we read out of it. */
      reading: Type.String(),
    }),
  ),
  postings: Type.Array(bookingLine),
  appeals: Type.Array(
    Type.Object({ id: Type.String(), state: Type.String(), amount: amountText, opened_at: timeText }),
  ),
})
export type PaymentDetail = Static<typeof paymentBody>

export const statementLine = Type.Intersect([
  bookingLine,
  Type.Object({
    available_before: amountText,
    available_after: amountText,
    /** The attempt, if it is about one: GET payments/:attempt_id. */
    attempt_id: orNull(Type.String()),
    /** The appeal, top-up or withdrawal behind it. */
    reference: orNull(Type.String()),
  }),
])
/** GET statement?from&to&kind&cursor&limit; newest first */
export const statementBody = Type.Object({ lines: Type.Array(statementLine), cursor: cursorText })
export type Statement = Static<typeof statementBody>

/** GET statement/days?from&to; newest first, at most 366 days */
export const statementDaysBody = Type.Object({
  days: Type.Array(
    Type.Object({
      /** UTC: 2026-11-21 */
      day: Type.String(),
      change: amountText,
      kinds: Type.Array(
        Type.Object({ kind: Type.String(), count: Type.Integer(), amount: amountText, change: amountText }),
      ),
    }),
  ),
})
export type StatementDays = Static<typeof statementDaysBody>
