/** The acquirer's documents and signed notifications. */
import { createHmac } from 'node:crypto'
import type { Child, ChildKind, Operation } from '../operations/operation.ts'
import type { Face } from '../world.ts'

export const acquirerFace: Face = {
  document: (operation, public_url) => ({
    id: operation.id,
    terminal: operation.terminal,
    reference: operation.reference,
    operation: operation.operation,
    test: operation.test,
    status: operation.status,
    amount: amountOf(operation),
    currency: operation.currency,
    code: operation.code,
    advice_code: operation.advice_code,
    reason: operation.reason,
    text: operation.text,
    rrn: operation.rrn,
    approval_code: operation.approval_code,
    card_token: operation.card_token,
    wished_code: operation.wished_code,
    descriptor: operation.status === 'approved' ? (operation.descriptor ?? `SIM*${operation.terminal}`) : null,
    avs_result: operation.avs_result,
    cvc_result: operation.cvc_result,
    three_ds: operation.authentication,
    action: operation.status === 'action_required' ? challengeAction(operation, public_url) : null,
    created_at: operation.created_at,
  }),
  refundDocument: (refund, operation) => childDocument('refund', refund, operation),
  childDocument,
  voidDocument: ({ id, reference, voided }) =>
    voided
      ? { id, reference, status: 'voided' }
      : { id, reference, status: 'declined', reason: '4002', text: 'Cannot be voided' },
  notification: (payment, event_id, terminal) => {
    const body = JSON.stringify({ event_id, type: 'payment', payment })
    const seconds = Math.floor(Date.now() / 1000)
    const signature = createHmac('sha256', terminal.webhook_secret).update(`${seconds}.${body}`).digest('hex')
    return { body, headers: { 'x-acquirer-signature': `t=${seconds},v1=${signature}` } }
  },
}

/** What an approved one took or holds; of every other what was asked. */
function amountOf({ operation, status, held, taken, asked }: Operation): string {
  if (status !== 'approved' || operation === 'verify') return asked
  return operation === 'authorize' ? held : taken
}

function childDocument(kind: ChildKind, child: Child, operation: Operation): object {
  const approved = child.status === 'approved'
  return {
    id: child.id,
    terminal: operation.terminal,
    reference: child.reference,
    operation: kind,
    test: operation.test,
    payment: operation.id,
    capture: child.capture ?? null,
    final: child.final ?? false,
    status: child.status,
    amount: child.amount,
    currency: operation.currency,
    code: approved ? '00' : null,
    reason: child.reason,
    text: approved ? 'Approved' : child.text,
    rrn: approved ? (child.rrn ?? null) : null,
    approval_code: approved ? operation.approval_code : null,
  }
}

function challengeAction(operation: Operation, public_url: string) {
  return { url: `${public_url}/acquirer/acs`, method: 'POST', params: { creq: creqOf(operation.challenge) } }
}

/** The challenge request of 3-D Secure 2: base64url of a small JSON. */
export function creqOf(challenge: string): string {
  return Buffer.from(
    JSON.stringify({
      messageType: 'CReq',
      messageVersion: '2.2.0',
      challengeWindowSize: '05',
      threeDSServerTransID: challenge,
    }),
  ).toString('base64url')
}

/** The challenge named by a creq; `null` when it is not one of ours. */
export function challengeOf(creq: unknown): string | null {
  if (typeof creq !== 'string' || creq.length > 2000) return null
  try {
    const id: unknown = JSON.parse(Buffer.from(creq, 'base64url').toString()).threeDSServerTransID
    return typeof id === 'string' ? id : null
  } catch {
    return null
  }
}
