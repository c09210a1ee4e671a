/** Provider payments as documents. Amounts as decimal text; of owners and numbers only masks. */
import { formatFixed } from '@cascad/money'
import type { Appeal } from '../appeals/appeal.ts'
import type { Provider } from '../cascades/provider.ts'
import { type HistoryRow, isEarlyFailure, type PaymentFlag } from '../cascades/provider-history.ts'
import type { ProviderPaymentDetail } from '../cascades/read-provider-payment.ts'
import { parseJson } from '../http/json.ts'
import type { PaymentDetail, PaymentRow } from './documents.ts'

/** Decimals of payment currencies. */
export type ExponentOf = (currency: string) => number

type Settled = Pick<Provider, 'settlement_currency' | 'settlement_scale'>

export const timeOrNull = (time: Date | null): string | null => time?.toISOString() ?? null

export function flagsOf(row: HistoryRow): PaymentFlag[] {
  const flags: readonly (readonly [PaymentFlag, boolean])[] = [
    ['claimed', row.claimed_at !== null],
    ['late', row.late],
    ['orphan', row.orphan],
    ['appeal_open', row.appeal_open],
    ['early_failure', isEarlyFailure(row)],
    ['cancel_undelivered', row.cancel_status === 'undelivered'],
  ]
  return flags.filter(([, is]) => is).map(([flag]) => flag)
}

export function paymentRowOf(row: HistoryRow, provider: Settled, exponentOf: ExponentOf): PaymentRow {
  return {
    attempt_id: row.attempt_id,
    provider_reference: row.provider_reference,
    gateway_id: row.gateway_id,
    requested_at: row.requested_at.toISOString(),
    method: row.method,
    bank: row.bank,
    owner: row.owner_mask,
    number: row.number_mask,
    amount: formatFixed(row.amount_minor, exponentOf(row.currency)),
    currency: row.currency,
    rate: row.rate,
    settlement_amount: formatFixed(row.settlement_minor, provider.settlement_scale),
    settlement_currency: provider.settlement_currency,
    state: row.state,
    flags: flagsOf(row),
    reason: row.reason,
    expires_at: timeOrNull(row.expires_at),
    ended_at: timeOrNull(row.ended_at),
    paid_at: timeOrNull(row.paid_at),
  }
}

export function paymentDetailOf(
  { row, calls, bookings }: ProviderPaymentDetail,
  appeals: readonly Appeal[],
  provider: Settled,
  exponentOf: ExponentOf,
): PaymentDetail {
  const settled = (minor: bigint): string => formatFixed(minor, provider.settlement_scale)
  const postings = bookings.map(({ id, created_at, code, amount_minor, change_minor }) => ({
    id,
    at: created_at.toISOString(),
    kind: code,
    amount: settled(amount_minor),
    change: settled(change_minor),
  }))
  const told = calls.map((call) => ({
    id: call.id,
    at: call.at.toISOString(),
    event: call.event,
    ms: call.ms,
    http_status: call.http_status,
    request: parseJson(call.request),
    answer: call.answer,
    reading: call.reading,
  }))
  return {
    payment: {
      ...paymentRowOf(row, provider, exponentOf),
      reason_text: row.reason_text,
      answer_ms: row.answer_ms,
      issued_at: timeOrNull(row.issued_at),
      finalise_at: timeOrNull(row.finalise_at),
      claimed_at: timeOrNull(row.claimed_at),
      polls: row.polls,
      poll_errors: row.poll_errors,
      polled_at: timeOrNull(row.polled_at),
      cancel_status: row.cancel_status,
      cancel_tries: row.cancel_tries,
    },
    timeline: timelineOf(row, told, postings, appeals),
    calls: told,
    postings,
    appeals: appeals.map(({ id, state, amount_minor, currency, opened_at }) => ({
      id,
      state,
      amount: formatFixed(amount_minor, exponentOf(currency)),
      opened_at: opened_at.toISOString(),
    })),
  }
}

type Step = PaymentDetail['timeline'][number]

/** Questions about a payment are many and mostly change nothing, so they stand among the calls only. */
function timelineOf(
  row: HistoryRow,
  calls: PaymentDetail['calls'],
  postings: PaymentDetail['postings'],
  appeals: readonly Appeal[],
): Step[] {
  const step = (event: Step['event'], at: Date | null, text: string): Step[] =>
    at === null ? [] : [{ at: at.toISOString(), event, text }]
  const ends = row.state !== 'success' ? row.ended_at : null
  const steps: Step[] = [
    ...step('requested', row.requested_at, `${row.method}, ${row.currency}`),
    ...step('issued', row.issued_at, row.bank ?? ''),
    ...step('claimed', row.claimed_at, 'the payer says that he has paid'),
    ...step('expires', row.expires_at, 'the payer must not transfer any more'),
    ...step('ended', ends, row.reason === null ? row.state : `${row.state}: ${row.reason}`),
    ...step('paid', row.paid_at, row.late ? 'late' : ''),
    ...calls
      .filter(({ event }) => event !== 'GET_PAYMENT')
      .map(({ at, event, reading }) => ({ at, event: 'call' as const, text: `${event}: ${reading}` })),
    ...postings.map(({ at, kind, change }) => ({ at, event: 'booking' as const, text: `${kind} ${change}` })),
    ...appeals.flatMap(({ opened_at, closed_at, state, id }) => [
      ...step('appeal_opened', opened_at, id),
      ...step('appeal_closed', closed_at, `${id}: ${state}`),
    ]),
  ]
  return steps.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}
