/** The terms of a connection as they are typed, and what of them is a change. Amounts stay text. */
import type { Connection, ConnectionChange } from '../../../../server/src/provider-api/connection-documents.ts'
import { compareDecimals, readTypedAmount } from '../../amounts/decimal.ts'

type Method = Connection['methods'][number]['method']
type Limits = Connection['methods'][number]['limits']

export type MethodDraft = {
  readonly method: Method
  readonly enabled: boolean
  readonly min: string
  readonly max: string
  readonly daily_amount: string
  readonly daily_count: string
}

export type TermsDraft = {
  readonly event_form: Connection['event_form']
  readonly supports_idempotency_key: boolean
  readonly finalise_grace_s: string
  readonly request_gap_ms: string
  readonly methods: readonly MethodDraft[]
}

export type Mistake = 'amount' | 'min_above_max' | 'whole_number' | 'grace' | 'gap' | 'no_method'

type Terms = { readonly change: ConnectionChange; readonly mistakes: Readonly<Record<string, Mistake>> }

const grace_max_s = 110
const gap_max_ms = 60_000
const decimals_max = 8

export function draftOf(connection: Connection): TermsDraft {
  const { pending, event_form, supports_idempotency_key, finalise_grace_s, request_gap_ms } = connection
  return {
    // Another spelling waits for a test as an endpoint does.
    event_form: pending?.event_form ?? event_form,
    supports_idempotency_key,
    finalise_grace_s: String(finalise_grace_s),
    request_gap_ms: String(request_gap_ms),
    methods: connection.possible_methods.map((method) => {
      const limits = connection.methods.find((one) => one.method === method)?.limits
      return {
        method,
        enabled: limits !== undefined,
        min: limits?.min ?? '',
        max: limits?.max ?? '',
        daily_amount: limits?.daily_amount ?? '',
        daily_count: limits?.daily_count === undefined ? '' : String(limits.daily_count),
      }
    }),
  }
}

/** What is to be sent for the draft, and what is wrong with it by field: `max` of a method is `card.max`. */
export function termsOf(draft: TermsDraft, connection: Connection): Terms {
  const before = draftOf(connection)
  const mistakes: Record<string, Mistake> = {}
  const grace = wholeNumber(draft.finalise_grace_s, grace_max_s)
  if (grace === null) mistakes.finalise_grace_s = 'grace'
  const gap = wholeNumber(draft.request_gap_ms, gap_max_ms)
  if (gap === null) mistakes.request_gap_ms = 'gap'
  const enabled = draft.methods.filter((method) => method.enabled)
  if (enabled.length === 0) mistakes.methods = 'no_method'
  const methods = enabled.map((method) => ({ method: method.method, limits: limitsOf(method, mistakes) }))
  return {
    change: {
      ...(draft.event_form === before.event_form ? {} : { event_form: draft.event_form }),
      ...(draft.supports_idempotency_key === before.supports_idempotency_key
        ? {}
        : { supports_idempotency_key: draft.supports_idempotency_key }),
      ...(draft.finalise_grace_s === before.finalise_grace_s ? {} : { finalise_grace_s: grace ?? 0 }),
      ...(draft.request_gap_ms === before.request_gap_ms ? {} : { request_gap_ms: gap ?? 0 }),
      ...(JSON.stringify(draft.methods) === JSON.stringify(before.methods) ? {} : { methods }),
    },
    mistakes,
  }
}

function wholeNumber(typed: string, max: number): number | null {
  const text = typed.trim()
  return /^\d{1,9}$/.test(text) && Number(text) <= max ? Number(text) : null
}

function limitsOf(draft: MethodDraft, mistakes: Record<string, Mistake>): Limits {
  const limits: { min?: string; max?: string; daily_amount?: string; daily_count?: number } = {}
  for (const name of ['min', 'max', 'daily_amount'] as const) {
    if (draft[name].trim() === '') continue
    const read = readTypedAmount(draft[name], decimals_max)
    if ('amount' in read) limits[name] = read.amount
    else mistakes[`${draft.method}.${name}`] = 'amount'
  }
  if (limits.min !== undefined && limits.max !== undefined && compareDecimals(limits.min, limits.max) > 0) {
    mistakes[`${draft.method}.max`] = 'min_above_max'
  }
  if (draft.daily_count.trim() !== '') {
    const count = wholeNumber(draft.daily_count, 999_999_999)
    if (count === null || count === 0) mistakes[`${draft.method}.daily_count`] = 'whole_number'
    else limits.daily_count = count
  }
  return limits
}
