import type { Outcome, Send, VoidRequest } from '@cascad/connector'
import { ask, type Credentials } from './provider.ts'

/** Undoes a payment by our reference, known there or not; the provider answers `success` when nothing is or will be taken. */
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
    body: { reference },
  })
}
