import type { Outcome, Send, VoidRequest } from '@cascad/connector'
import { ask, type Credentials } from './provider.ts'

/** Closes an order by our reference, open or not yet known; a paid one is paid back in full. */
export async function voidPayment(
  { credentials, reference, void_id }: VoidRequest<Credentials>,
  send: Send,
): Promise<Outcome> {
  return await ask(send, {
    credentials,
    method: 'POST',
    path: '/voids',
    idempotency_key: void_id,
    reference,
    body: { order: reference },
  })
}
