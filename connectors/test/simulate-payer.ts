import type { Outcome, Send, SimulatePayerRequest } from '@cascad/connector'
import { ask, type Credentials } from './provider.ts'

/** Plays the payer of a pending payment: paid, or failed. A payment that is decided already answers as it stands. */
export async function simulatePayer(request: SimulatePayerRequest<Credentials>, send: Send): Promise<Outcome> {
  const { credentials, reference, result } = request
  return await ask(send, {
    credentials,
    method: 'POST',
    path: `/payments/${encodeURIComponent(reference)}/result`,
    reference,
    body: { result: result === 'paid' ? 'success' : 'fail' },
  })
}
