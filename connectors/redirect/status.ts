import type { Outcome, Send, StatusRequest } from '@cascad/connector'
import { ask, type Credentials } from './provider.ts'

/** Asks about an order by our reference. */
export async function status({ credentials, reference }: StatusRequest<Credentials>, send: Send): Promise<Outcome> {
  return await ask(send, { credentials, method: 'GET', path: `/orders/${encodeURIComponent(reference)}`, reference })
}
