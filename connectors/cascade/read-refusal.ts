/** What a 4xx to CREATE_PAYMENT says. Source: Cascade API contract, sections 4.1 and 13.2. */
import type { IssueResult, RefusalReason, Skip } from '@cascad/connector/requisites'
import { readJson } from './read-json.ts'
import { wordsOf } from './words.ts'

const codes: ReadonlySet<unknown> = new Set<RefusalReason>([
  'NO_REQUISITES',
  'INSUFFICIENT_BALANCE',
  'AMOUNT_OUT_OF_RANGE',
  'METHOD_UNSUPPORTED',
  'CURRENCY_UNSUPPORTED',
  'RATE_REJECTED',
  'DUPLICATE',
  'THROTTLED',
  'UNAUTHORIZED',
  'OTHER',
])

/** A web server's own answers, when no JSON object comes with them: the request reached no provider's program. */
const strayed: ReadonlySet<number> = new Set([403, 404, 405, 415])

const scopes: Partial<Record<RefusalReason, Skip['scope']>> = {
  AMOUNT_OUT_OF_RANGE: 'amount',
  METHOD_UNSUPPORTED: 'method',
  CURRENCY_UNSUPPORTED: 'currency',
  RATE_REJECTED: 'currency',
}
const skip_seconds = 60
const throttle_seconds = { usual: 30, max: 300 } as const

type Response = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }

/** `status` is 400–499. */
export function readRefusal({ status, headers, body }: Response): IssueResult {
  const document = readJson(body)
  const isStray = status === 401 || (document === null && strayed.has(status))
  const reason = reasonOf(status, document?.code, document !== null)
  const misconfigured = isStray || reason === 'UNAUTHORIZED'
  return {
    ...refused(reason, document ? codeOf(document.code) : null, textOf(document, body)),
    health: misconfigured ? 'not_counted' : 'healthy',
    skip: skipOf(reason, headers),
    misconfigured,
  }
}

/** A definite "no": the provider keeps nothing for this payment. */
export function refused(reason: RefusalReason, code: string | null, text: string | null): IssueResult {
  const signals = {
    resolution: reason === 'NO_REQUISITES' ? 'no_available_p2p_payments' : null,
    unified_code: null,
    network_code: null,
    advice_code: null,
    provider_code: code,
    provider_text: text,
  }
  return {
    state: 'refused',
    outcome: { type: 'declined', provider_reference: null, signals, class: 'refusal' },
    reason,
    health: 'healthy',
    skip: null,
    misconfigured: false,
    orphan: null,
  }
}

/** First of the usual fields, else the body as it came. */
export function textOf(document: Readonly<Record<string, unknown>> | null, body: string): string | null {
  for (const name of ['message', 'error', 'description', 'detail']) {
    const text = wordsOf(document?.[name])
    if (text !== null) return text
  }
  return wordsOf(body)
}

function reasonOf(status: number, code: unknown, isObject: boolean): RefusalReason {
  if (status === 401) return 'UNAUTHORIZED'
  if (status === 429) return 'THROTTLED'
  if (codes.has(code)) return code as RefusalReason
  switch (status) {
    case 402:
      return 'INSUFFICIENT_BALANCE'
    case 403:
      return isObject ? 'OTHER' : 'UNAUTHORIZED'
    case 404:
      return isObject ? 'NO_REQUISITES' : 'OTHER'
    case 409:
      return 'NO_REQUISITES'
    default:
      return 'OTHER'
  }
}

function codeOf(code: unknown): string | null {
  return wordsOf(code)?.slice(0, 100).toWellFormed() ?? null
}

function skipOf(reason: RefusalReason, headers: Readonly<Record<string, string>>): Skip | null {
  if (reason === 'THROTTLED') return { scope: 'gateway', seconds: retryAfter(headers['retry-after']) }
  const scope = scopes[reason]
  return scope ? { scope, seconds: skip_seconds } : null
}

/** Whole seconds; a date, or nothing readable, is the usual pause. */
function retryAfter(value: string | undefined): number {
  const { usual, max } = throttle_seconds
  return value !== undefined && /^\d{1,9}$/.test(value.trim()) ? Math.min(Math.max(Number(value), 1), max) : usual
}
