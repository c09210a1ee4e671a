import type { OperationRequest, Outcome, Send } from '@cascad/connector'
import { askChild, orderChild } from './child.ts'
import type { Credentials } from './credentials.ts'

/** Releases a part or all of a hold, or undoes a whole charge that is not settled yet. */
export async function cancel(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  return await orderChild('cancels', request, { final: request.final }, send)
}

/** Asks about a cancel by our reference of it. */
export async function cancelStatus(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  return await askChild('cancels', request, send)
}
