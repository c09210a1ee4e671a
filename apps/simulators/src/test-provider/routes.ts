/** The test provider: the request itself says how the payment ends. No keys. */
import type { FastifyInstance } from 'fastify'
import { lookUpCharge, lookUpRefund } from '../operations/look-up.ts'
import type { Result } from '../operations/operation.ts'
import { receiveCharge } from '../operations/receive-charge.ts'
import { receiveRefund } from '../operations/receive-refund.ts'
import { receiveVoid } from '../operations/receive-void.ts'
import { settle } from '../operations/settle.ts'
import { bodyOf, idempotencyKey, isMinor, isText, refuseUnreadable } from '../request-fields.ts'
import type { Terminal } from '../terminals/terminal.ts'
import { errorDocument, type Face, type World } from '../world.ts'

const resultWords = {
  approved: 'success',
  declined: 'fail',
  pending: 'pending',
  action_required: 'pending',
  voided: 'cancelled',
} as const

export const testFace: Face = {
  document: (operation) => ({
    id: operation.id,
    reference: operation.reference,
    result: resultWords[operation.status],
    amount: operation.operation === 'charge' && operation.status === 'approved' ? operation.taken : operation.asked,
    currency: operation.currency,
    text: operation.text,
  }),
  refundDocument: (refund, operation) => ({
    id: refund.id,
    reference: refund.reference,
    result: resultWords[refund.status],
    amount: refund.amount,
    currency: operation.currency,
    text: refund.text,
  }),
  voidDocument: ({ id, reference, voided }) => ({
    id,
    reference,
    amount: '0',
    result: voided ? 'success' : 'fail',
    text: null,
  }),
  notification: () => null,
}

const failed: Result = { status: 'declined', reason: 'fail', code: null, advice_code: null, text: 'Failed as asked' }

const results: Readonly<Record<string, Result>> = {
  success: { status: 'approved' },
  fail: failed,
  pending: { status: 'pending' },
  wait_for_payer: { status: 'pending' },
}

type ByReference = { Params: { reference: string } }

export function testProviderRoutes(app: FastifyInstance, world: World): void {
  const terminal = world.terminals.get('test') as Terminal
  const find = (reference: string) => world.book.byReference('test', 'test', reference)

  app.post('/test-provider/payments', async (request, reply) => {
    const body = bodyOf(request.body)
    const { reference, operation, amount, currency, result } = body
    const planned = typeof result === 'string' && Object.hasOwn(results, result) ? results[result] : undefined
    if (!isText(reference) || !isText(currency) || !isMinor(amount) || !planned) return refuseUnreadable(reply)
    return await receiveCharge(world, reply, terminal, {
      reference,
      key: idempotencyKey(request),
      operation: operation === 'verify' ? 'verify' : 'charge',
      test: body.test === true,
      method: 'test',
      asked: amount,
      currency,
      exponent: null,
      description: null,
      tokenize: false,
      card: null,
      return_url: '',
      notification_url: '',
      plan: (answer) => ({ ask_payer: false, result: answer === 'decline' ? failed : planned, taken: amount }),
    })
  })
  app.get<ByReference>('/test-provider/payments/:reference', (request, reply) =>
    lookUpCharge(world, reply, terminal, request.params.reference),
  )
  app.post<ByReference>('/test-provider/payments/:reference/result', (request, reply) => {
    const operation = find(request.params.reference)
    const { result } = bodyOf(request.body)
    if (!operation) return reply.code(404).send(errorDocument('not_found', 'No such payment.'))
    if (result !== 'success' && result !== 'fail') return refuseUnreadable(reply)
    settle(world, operation, results[result] as Result)
    return reply.send(testFace.document(operation, ''))
  })
  app.post<{ Params: { id: string } }>('/test-provider/payments/:id/refunds', (request, reply) => {
    const { reference, amount, currency } = bodyOf(request.body)
    if (!isText(reference) || !isText(currency) || !isMinor(amount)) return refuseUnreadable(reply)
    const wanted = { reference, amount, currency, key: idempotencyKey(request) }
    return receiveRefund(world, reply, terminal, world.book.byId(request.params.id), wanted, 'fail')
  })
  app.get<ByReference>('/test-provider/refunds/:reference', (request, reply) =>
    lookUpRefund(world, reply, terminal, request.params.reference),
  )
  app.post('/test-provider/voids', (request, reply) => {
    const { reference } = bodyOf(request.body)
    if (!isText(reference)) return refuseUnreadable(reply)
    return receiveVoid(world, reply, terminal, reference, find(reference))
  })
}
