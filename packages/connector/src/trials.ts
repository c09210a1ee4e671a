/**
 * What people of a provider try at its endpoint outside any payment: single calls, and a run through everything the platform will
 * do there. Nothing here is money: what a trial creates is cancelled. Source: Cascade API contract, sections 16 and 18.4.
 */
import type { Send, SendResult } from './connector.ts'
import type { IssueResult, RefusalReason, RequisiteMethod } from './requisites.ts'

export type ProbeRequest<Credentials = unknown> = {
  readonly credentials: Credentials
  /** One of `events`. */
  readonly event: string
  /** As the provider's documentation has it; numbers as decimal text or as they are. */
  readonly data: Readonly<Record<string, unknown>>
  /** Idempotency key of this trial. */
  readonly probe_id: string
}

/** What the platform would understand of an answer. */
export type Reading = {
  /** In the words of the contract: `issued`, `refused`, `delivered`, `poll_error` … */
  readonly result: string
  readonly reason: RefusalReason | null
  /** What the provider said, or what is wrong with its answer; long numbers cut. `null` = nothing. */
  readonly text: string | null
  /** The state a payment, or its appeal, would go to; `null` = it would stay as it is. */
  readonly leads_to: string | null
  /** `null` = the call says nothing about the health of the gateway. */
  readonly health: IssueResult['health'] | null
  readonly misconfigured: boolean
  /** The provider's id of what was asked for, to go on with. */
  readonly reference: string | null
  /** The provider did what the event asks for. */
  readonly done: boolean
}

/** The exchange without the key, wherever it stood. Requisites in the body of the answer are as they came: to be masked. */
export type Probe = {
  readonly type: 'tried'
  readonly sent: { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: string }
  readonly answer:
    | Extract<SendResult, { readonly type: 'response' }>
    | { readonly type: 'not_sent' | 'unknown'; readonly detail: string }
  readonly reading: Reading
}

/** Nothing was sent: one sentence per wrong field of `data`; `event` when there is none of that name. */
export type InvalidProbe = { readonly type: 'invalid'; readonly fields: Readonly<Record<string, string>> }

/** Amounts in major units. */
export type IssueWish = {
  readonly amount: string
  readonly currency: string
  readonly method: RequisiteMethod
  readonly currency_rate: string
}

export type ConformanceWish<Credentials = unknown> = Omit<IssueWish, 'method'> & {
  readonly credentials: Credentials
  readonly methods: readonly RequisiteMethod[]
  /** More than the provider takes. */
  readonly amount_above_max: string
  /** The whole run; what has not been tried by then is skipped. */
  readonly total_timeout_ms: number
}

export type ConformanceCheck = {
  readonly id: string
  readonly title: string
  readonly result: 'pass' | 'fail' | 'skip'
  /** A failure only tells what the provider cannot do. */
  readonly optional: boolean
  /** What was found; `null` = nothing to tell. */
  readonly note: string | null
  /** What to do about it; `null` = nothing. */
  readonly remedy: string | null
}

export type ConformanceReport = {
  /** Every check that is not optional has passed. */
  readonly passed: boolean
  readonly checks: readonly ConformanceCheck[]
  /** The spelling of events the provider knows; `null` = no difference was found. */
  readonly event_form: string | null
  /** Whether a repeat under one key is one payment; `null` = that could not be tried. */
  readonly idempotency_key: boolean | null
}

export type Trials<Credentials = unknown> = {
  readonly events: readonly string[]
  /** Never throws, whatever `data` or the answer is. */
  readonly probe: (request: ProbeRequest<Credentials>, send: Send) => Promise<Probe | InvalidProbe>
  /** The event that asks for requisites, and the one that gives them up, as `probe` takes them. */
  readonly issue: (wish: IssueWish, credentials: Credentials) => Pick<ProbeRequest, 'event' | 'data'>
  readonly cancel: (reference: string) => Pick<ProbeRequest, 'event' | 'data'>
  readonly conformance: (wish: ConformanceWish<Credentials>, send: Send) => Promise<ConformanceReport>
}
