/** One endpoint of a provider with what is agreed about it. Cascade API, section 1.1. Endpoint and key are the gateway's credentials. */
import type { RequisiteMethod } from '@cascad/connector/requisites'
import type { Provider } from './provider.ts'

/** Decimal text in major units of the payment currency; left out = no limit. A day is a UTC day. */
export type MethodLimits = {
  readonly min?: string
  readonly max?: string
  readonly daily_amount?: string
  readonly daily_count?: number
}

export type Connection = {
  readonly gateway_id: number
  readonly provider: Provider
  /** How long after the payer's deadline the last question is asked. */
  readonly finalise_grace_s: number
  /** The provider takes a repeat under the same key for the same request. */
  readonly supports_idempotency_key: boolean
  /** Least time between two requests for requisites. */
  readonly request_gap_ms: number
  /** Whose reference rate is sent on; `null` = only payments in the settlement currency. */
  readonly rate_source: string | null
  readonly rate_margin_percent: string
  readonly limits: Readonly<Partial<Record<RequisiteMethod, MethodLimits>>>
  /** Key or endpoint were found wrong: nothing new is asked for until a test of the endpoint passes. */
  readonly misconfigured_at: Date | null
  readonly misconfigured_reason: string | null
}
