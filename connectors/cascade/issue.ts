import type { Send } from '@cascad/connector'
import type { IssueRequest, IssueResult } from '@cascad/connector/requisites'
import { formatMinor } from '@cascad/money'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'
import { readIssue } from './read-issue.ts'

export const usual = { window_minutes: 30, create_timeout_s: 10 } as const
/** How much longer than its limit an answer is listened for, to learn the id of an order nobody will pay. */
const listen_ms = 60_000
const minute_ms = 60_000

/**
 * CREATE_PAYMENT: asks for requisites, once. A repeat with the same `attempt_id` carries the same key; only a provider that
 * says so takes it for the same question. Data that cannot be written, or a payment that is over, is not sent.
 */
export async function issue(request: IssueRequest<Credentials>, send: Send): Promise<IssueResult> {
  const { credentials, method, currency, currency_rate, requested_at, closes_at } = request
  const { window_minutes, expires_at } = windowOf(
    requested_at,
    closes_at,
    credentials.window_minutes ?? usual.window_minutes,
  )
  if (window_minutes < 1) return unsendable('the payment has no time left')
  if (request.amount_minor <= 0n) return unsendable('the amount is not above 0')
  if (!isRate(currency_rate)) return unsendable('the currency rate is no decimal above 0')
  const amount = formatMinor(request.amount_minor, request.exponent)
  const result = await call(send, {
    credentials,
    event: 'CREATE_PAYMENT',
    data: { amount, method, currencyRate: currency_rate, currency, transactionWindowInMin: window_minutes },
    idempotency_key: request.attempt_id,
    answer_timeout_ms: answerLimit_ms(credentials),
    listen_ms,
  })
  return readIssue(result, {
    method,
    amount,
    currency,
    currency_rate,
    requested_at: requested_at.toISOString(),
    expires_at: expires_at.toISOString(),
    require_luhn: credentials.require_luhn ?? false,
  })
}

/** How long the provider may take to answer CREATE_PAYMENT. */
export function answerLimit_ms({ create_timeout_s }: Credentials): number {
  return (create_timeout_s ?? usual.create_timeout_s) * 1_000
}

/**
 * The window a provider is asked for, in whole minutes, and the payer's own deadline, which is never later. Both count from the
 * sending, so the provider's window, counted from the arrival, covers the payer's. 0 minutes = no time is left.
 */
export function windowOf(requested_at: Date, closes_at: Date, minutes_max: number) {
  const left_ms = Math.max(closes_at.getTime() - requested_at.getTime(), 0)
  const window_minutes = Math.min(minutes_max, Math.ceil(left_ms / minute_ms))
  const expires_at = new Date(requested_at.getTime() + Math.min(window_minutes * minute_ms, left_ms))
  return { window_minutes, expires_at }
}

function isRate(rate: string): boolean {
  return /^\d{1,18}(\.\d{1,18})?$/.test(rate) && /[1-9]/.test(rate)
}

/** A mistake of ours: it says nothing about the provider. */
function unsendable(detail: string): IssueResult {
  return {
    state: 'not_sent',
    outcome: { type: 'not_sent', detail },
    reason: null,
    health: 'not_counted',
    skip: null,
    misconfigured: false,
    orphan: null,
  }
}
