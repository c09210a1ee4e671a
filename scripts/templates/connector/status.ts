import type { Outcome, Send, StatusRequest } from '@cascad/connector'
import { type Credentials, call } from './provider.ts'

/** Asks about a payment by our reference. */
export async function status({ credentials, reference }: StatusRequest<Credentials>, send: Send): Promise<Outcome> {
  const path = `/payments?${new URLSearchParams({ reference })}`
  return await call(send, { credentials, method: 'GET', path, reference })
}
