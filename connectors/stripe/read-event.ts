import type { Outcome, ProviderEvent } from '@cascad/connector'
import { asObject, idOf, type JsonObject } from '@cascad/connector/answer'
import { stripeLibrary } from './call.ts'
import type { Credentials } from './credentials.ts'
import { outcomeOfIntent, referenceOf } from './read-intent.ts'

/** How old a signature may be when it arrives, seconds. */
const tolerance_s = 300

/**
 * Reads a webhook: signature and age are judged by Stripe's library, on the bytes as they came. Only payment intents of ours
 * count, and their charges, which inherit the metadata. What is not yet decided, needs a further call for its token, or is
 * told of a charge alone (captured, refunded, expired), is asked about.
 */
export function readEvent(
  credentials: Credentials,
  event: {
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
    readonly received_at?: Date
  },
): ProviderEvent | null {
  const document = genuine(credentials.webhook_secret, event.headers['stripe-signature'], event.body, event.received_at)
  if (!document || (document.account ?? undefined) !== credentials.account) return null
  const subject = asObject(asObject(document.data)?.object)
  const reference = referenceOf(subject)
  if (!subject || reference === null) return null
  const event_id = idOf(document.id)
  if (subject.object === 'charge') return { reference, event_id, outcome: null }
  if (subject.object !== 'payment_intent') return null
  const outcome = outcomeOfIntent(subject, { reference })
  return { reference, event_id, outcome: isFinal(outcome, subject) ? outcome : null }
}

function isFinal(outcome: Outcome, intent: JsonObject): boolean {
  return outcome.type === 'declined' || (outcome.type === 'approved' && typeof intent.setup_future_usage !== 'string')
}

function genuine(secret: string, header: unknown, body: string, received_at: Date | undefined): JsonObject | null {
  if (typeof header !== 'string') return null
  try {
    const { webhooks } = stripeLibrary()
    return asObject(webhooks.constructEvent(body, header, secret, tolerance_s, undefined, received_at?.getTime()))
  } catch {
    return null
  }
}
