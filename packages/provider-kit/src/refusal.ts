/** What a handler throws to say no, and which HTTP answer each becomes. Source: Cascade API contract, section 18.2. */
import type { RefusalCode } from './events.ts'

const statuses: Readonly<Record<RefusalCode, number>> = {
  INSUFFICIENT_BALANCE: 402,
  NO_REQUISITES: 409,
  DUPLICATE: 409,
  THROTTLED: 429,
  AMOUNT_OUT_OF_RANGE: 422,
  METHOD_UNSUPPORTED: 422,
  CURRENCY_UNSUPPORTED: 422,
  RATE_REJECTED: 422,
  OTHER: 400,
}

/**
 * The provider does not do it, and nothing was done. `message` reaches the caller: no personal data in it.
 * `status` = another 4xx than the code's own; throws RangeError for anything else, because only a 4xx reads as a refusal.
 * `retryAfterSeconds` goes with THROTTLED, 1–300.
 */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly status: number
  readonly retryAfterSeconds: number | null

  constructor(code: RefusalCode, message: string, status?: number, retryAfterSeconds?: number) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.status = status ?? statuses[code]
    this.retryAfterSeconds = retryAfterSeconds ?? null
    if (!Number.isInteger(this.status) || this.status < 400 || this.status > 499) {
      throw new RangeError('a refusal has a status from 400 to 499')
    }
  }
}

/** The payment or appeal is not known here: 404. */
export class NotFound extends Error {
  constructor(message = 'not known here') {
    super(message)
    this.name = 'NotFound'
  }
}

/** It cannot be done in the state things are in: 409. */
export class Conflict extends Error {
  constructor(message = 'not possible any more') {
    super(message)
    this.name = 'Conflict'
  }
}
