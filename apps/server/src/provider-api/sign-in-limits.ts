import type { Context } from '../context.ts'
import { createSharedLimit } from './shared-limit.ts'

const minute_ms = 60_000
const hour_ms = 60 * minute_ms

/** Of one address, whoever it says it is: a password takes a processor a while. */
const by_address = { count: 30, window_ms: minute_ms }
/** Of one address for one e-mail. */
const by_both = { count: 10, window_ms: 15 * minute_ms }
/** Of all unknown browsers of the world for one e-mail: the more tries there were, the longer the next one waits. */
const by_email_in_hour = { count: 50, window_ms: hour_ms }
const by_email_in_day = { count: 200, window_ms: 24 * hour_ms }
/** Of one browser in which this very person has signed in before. */
const by_device = { count: 10, window_ms: 15 * minute_ms }

export type SignInLimits = {
  /** Before anything of a try is looked at. */
  readonly address: (address: string) => Promise<void>
  /** Before the password is. `device` = the browser is known as this person's; `email` in lower case. */
  readonly person: (who: {
    readonly email: string
    readonly address: string
    readonly device: string | null
  }) => Promise<void>
}

/**
 * Tries to sign in, counted by all processes together; 429 with Retry-After when there are too many. Every try counts, a right one too.
 *
 * - An address: 30 at once, then one in 2 seconds.
 * - A browser that is not known: 10 tries for an e-mail from its address, then one in 90 seconds; with all other such browsers together
 *   50, then one in 72 seconds, and after 200 one in 7 minutes. So a stranger with any number of addresses gets at most 400 guesses
 *   on a first day and 200 on each day after it.
 * - A browser where the person has signed in before: 10, then one in 90 seconds, and nobody else can use these up. So whoever wears out
 *   an e-mail keeps nobody from work who signs in where he always does.
 */
export function createSignInLimits(ctx: Context): SignInLimits {
  const address_limit = createSharedLimit(ctx, 'sign_in_address', by_address)
  const both_limit = createSharedLimit(ctx, 'sign_in_both', by_both)
  const hour_limit = createSharedLimit(ctx, 'sign_in_email_hour', by_email_in_hour)
  const day_limit = createSharedLimit(ctx, 'sign_in_email_day', by_email_in_day)
  const device_limit = createSharedLimit(ctx, 'sign_in_device', by_device)
  return {
    address: (address) => address_limit.take(address),
    async person({ email, address, device }) {
      if (device !== null) return device_limit.take(`${device} ${email}`)
      // The narrow one first: one address alone never wears out the e-mail.
      await both_limit.take(`${address} ${email}`)
      await hour_limit.take(email)
      await day_limit.take(email)
    },
  }
}
