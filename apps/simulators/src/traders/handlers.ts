/** The six handlers of a desk, for one request. */
import {
  type CascadeHandlers,
  Conflict,
  type CreateAppealInput,
  NotFound,
  Refusal,
  toMinor,
} from '@cascad/provider-kit'
import { createPayment } from './create-payment.ts'
import type { Desk, TraderAppeal, TraderPayment } from './desk.ts'
import { paymentStatus } from './payment-status.ts'
import { digits } from './trader.ts'
import { say, type Turn } from './turn.ts'

/** `tell` takes a verdict to the platform that the desk gives by itself. */
export function deskHandlers(
  desk: Desk,
  turn: Turn,
  now_ms: number,
  tell: (appeal: TraderAppeal) => void,
): CascadeHandlers {
  return {
    createPayment: (data, ctx) => createPayment(desk, turn, data, ctx, now_ms),
    async getPayment({ id }) {
      const payment = paymentOf(desk, id)
      misbehave(payment, 'get', turn)
      return { status: paymentStatus(payment, [...desk.appeals.values()], now_ms) }
    },
    async cancelPayment({ id }) {
      const payment = paymentOf(desk, id)
      misbehave(payment, 'cancel', turn)
      payment.cancelled_at_ms ??= now_ms
    },
    createAppeal: async (data) => createAppeal(desk, turn, data, tell),
    cancelAppeal: async ({ id }) => closeAppeal(desk, turn, id, 'cancelled'),
    confirmAppeal: async ({ id }) => closeAppeal(desk, turn, id, 'confirmed'),
  }
}

function paymentOf(desk: Desk, id: string): TraderPayment {
  const payment = desk.payments.get(id)
  if (!payment) throw new NotFound('no such payment')
  return payment
}

/** Throws, or spoils the answer, when the payment's step says so about this kind of call. */
function misbehave(payment: TraderPayment, call: 'get' | 'cancel' | 'appeal' | 'close', turn: Turn): void {
  if (payment.step.name !== call) return
  switch (payment.step.argument) {
    case '400':
      throw new Refusal('OTHER', 'refused by the script')
    case '404':
      throw new NotFound('not known here')
    case '409':
      throw new Conflict('not possible any more')
    case '500':
      throw new Error('the simulated provider broke down')
    case 'timeout':
      turn.spoil = { kind: 'hang' }
      return
    case 'garbage':
      turn.spoil = say(200, '<h1>It works!</h1>')
      return
    case 'unknown_status':
      turn.spoil = say(200, '{"status":"processing"}', { 'content-type': 'application/json' })
      return
    default:
  }
}

function createAppeal(
  desk: Desk,
  turn: Turn,
  { id, amount, url }: CreateAppealInput,
  tell: (appeal: TraderAppeal) => void,
): { appealId?: string } {
  const payment = paymentOf(desk, id)
  misbehave(payment, 'appeal', turn)
  const { step } = payment
  const silent = step.name === 'appeal' && step.argument === 'no_id'
  const appeal: TraderAppeal = {
    id: silent ? id : `tra_${digits(16, desk.draw)}`,
    payment_id: id,
    amount,
    url,
    state: 'open',
    verdict: verdictOf(payment, amount),
    reason: null,
    told: { state: 'not_yet', text: '' },
  }
  desk.appeals.set(appeal.id, appeal)
  if (appeal.verdict !== null) tell(appeal)
  return silent ? {} : { appealId: appeal.id }
}

/** A desk that knows what was sent says so at once; all others wait for control. */
function verdictOf({ step, received }: TraderPayment, amount: string): TraderAppeal['verdict'] {
  if (step.name === 'appeal' && (step.argument === 'accept' || step.argument === 'reject')) return step.argument
  if (received === null) return null
  return toMinor(received, 18) === toMinor(amount, 18) ? 'accept' : 'reject'
}

function closeAppeal(desk: Desk, turn: Turn, id: string, state: 'confirmed' | 'cancelled'): void {
  const appeal = desk.appeals.get(id)
  if (!appeal) throw new NotFound('no such appeal')
  misbehave(paymentOf(desk, appeal.payment_id), 'close', turn)
  if (appeal.state === state) return
  if (appeal.state !== 'open') throw new Conflict('the appeal is closed already')
  appeal.state = state
}
