/** A callback event: one change of status that a merchant is told of. Contracts: merchant API, 16; Card API, 16. */

/** What a business statement writes down; it is delivered later. */
export type NewCallbackEvent = {
  /** `evt_…`, the same in every delivery of the event; a notification carries it as a UUID. */
  readonly id: string
  /** The payment, payout or transaction it tells of. */
  readonly subject_id: string
  readonly test_mode: boolean
  readonly url: string
  /** JSON text as committed; sent to the letter on every attempt. */
  readonly body: string
  readonly subject_status: string
  readonly created_at: Date
  /** A notification of the Card API for this shop; left out or `null` = a callback of the merchant API. */
  readonly shop_id?: number | null
}

/** `queued` while automatic attempts remain. */
export type CallbackStatus = 'queued' | 'done' | 'failed'

/** An event a worker has taken by a lease. */
export type ClaimedCallback = {
  readonly account_id: string
  readonly id: string
  readonly test_mode: boolean
  readonly url: string
  readonly origin: string
  readonly body: string | null
  readonly status: CallbackStatus
  /** Automatic attempts so far. */
  readonly attempts: number
  readonly manual_attempts: number
  readonly resend: boolean
  /** Whose notification it is; `null` = a callback of the merchant API. */
  readonly shop_id: number | null
  readonly leased_until: Date
}

/** One attempt as it ended. */
export type TriedCallback = {
  readonly url: string
  /** `null` = no answer. */
  readonly response_code: number | null
  readonly error: string | null
  readonly delivered: boolean
  readonly started_at: Date
  readonly ended_at: Date
  readonly duration_ms: number
  /** The first of what was answered; `null` = nothing, or it was not read. */
  readonly response_text: string | null
}
