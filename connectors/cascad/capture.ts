import type { OperationRequest, Outcome, Send } from '@cascad/connector'
import { call } from './call.ts'
import { askChild, orderChild } from './child.ts'
import type { Credentials } from './credentials.ts'
import { amountOf } from './read-transaction.ts'
import { voidLeft } from './void-left.ts'

/** Takes a part or all of a hold; after a `final` one the rest is given up. */
export async function capture(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  return await finish(await orderChild('capture', request, request.payment_reference, send), request, send)
}

/** Asks about a capture by our reference of it, and gives up the rest where the lost answer kept us from it. */
export async function captureStatus(request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  return await finish(await askChild('capture', request, send), request, send)
}

/** A capture whose rest may still be held is `pending`: it is asked about again, and the release is tried again. */
async function finish(outcome: Outcome, request: OperationRequest<Credentials>, send: Send): Promise<Outcome> {
  if (outcome.type !== 'approved' || !request.final) return outcome
  return (await releaseRest(request, send))
    ? outcome
    : { type: 'pending', provider_reference: outcome.provider_reference }
}

/** `true` = ordered, or nothing is left: gateways that take one capture only have released the rest by themselves. */
async function releaseRest(request: OperationRequest<Credentials>, send: Send): Promise<boolean> {
  const { credentials, payment_reference, amount_minor, operation_id, reference } = request
  const path = `/transactions/${encodeURIComponent(payment_reference)}`
  const hold = await call(send, { credentials, method: 'GET', path })
  const held =
    hold.type === 'document' && hold.document.uid === payment_reference ? amountOf(hold.document.amount) : null
  if (held === null) return false
  if (held <= amount_minor) return true
  const answer = await voidLeft(send, {
    credentials,
    parent_uid: payment_reference,
    amount_minor: held - amount_minor,
    tracking_id: `${reference}-rest`,
    request_id: `${operation_id}:rest`,
  })
  return answer.type === 'document' || answer.type === 'refused'
}
