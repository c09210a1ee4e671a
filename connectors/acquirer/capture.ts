import type { OperationRequest, Outcome, Send } from '@cascad/connector'
import { askChild, orderChild } from './child.ts'
import type { Credentials } from './credentials.ts'

/** Takes a part or all of a hold; a `final` one releases what is left. Never more than was held, also at once. */
export async function capture(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  return await orderChild('captures', request, { final: request.final }, send)
}

/** Asks about a capture by our reference of it. */
export async function captureStatus(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  return await askChild('captures', request, send)
}
