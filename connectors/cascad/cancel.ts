import type { OperationRequest, Outcome, Send } from '@cascad/connector'
import { askChild, orderChild } from './child.ts'
import type { Credentials } from './credentials.ts'

/** Gives up a hold: a void there. */
export async function cancel(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  return await orderChild('void', request, request.payment_reference, send)
}

/** Asks about a cancel by our reference of it. */
export async function cancelStatus(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  return await askChild('void', request, send)
}
