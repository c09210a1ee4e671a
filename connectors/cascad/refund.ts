import type { OperationRequest, Outcome, Send } from '@cascad/connector'
import { askChild, orderChild } from './child.ts'
import type { Credentials } from './credentials.ts'

/** Gives back a part or all of a payment, or of a capture. */
export async function refund(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  return await orderChild('refund', request, request.capture_reference ?? request.payment_reference, send)
}

/** Asks about a refund by our reference of it. */
export async function refundStatus(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  return await askChild('refund', request, send)
}
