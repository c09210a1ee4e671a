import type { Outcome, Send, StatusRequest } from '@cascad/connector'
import type { JsonObject } from '@cascad/connector/answer'
import type { Credentials } from './credentials.ts'
import { findIntent } from './find-intent.ts'
import { outcomeOfIntent } from './read-intent.ts'
import { saveCard } from './save-card.ts'

/** Asks about a payment. A refused or undelivered question says nothing about it: `unknown`. */
export async function status(request: StatusRequest<Credentials>, send: Send): Promise<Outcome> {
  const found = await findIntent(send, request)
  if (found.type === 'not_found') return found
  if (found.type !== 'document') return { type: 'unknown', detail: found.detail }
  const outcome = outcomeOfIntent(found.document, request)
  return await withToken(send, request.credentials, found.document, outcome)
}

/** Adds the token of the saved card to an approval. */
export async function withToken(
  send: Send,
  credentials: Credentials,
  intent: JsonObject,
  outcome: Outcome,
): Promise<Outcome> {
  if (outcome.type !== 'approved') return outcome
  return { ...outcome, card_token: await saveCard(send, credentials, intent) }
}
