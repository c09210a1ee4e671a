/** Rows that tests of the engine's rules start from. */
import type { Attempt, Operation, Payment } from './payment.ts'
import { cardPayload, pendingPayment } from './sample-payments.ts'

/** A card payment of 100.00 USD that waits for its result. */
export function paymentOf(changes: Partial<Payment>): Payment {
  return {
    ...pendingPayment,
    payload: { token: null, client_ip: '', payment_card: cardPayload },
    exchange_rate: null,
    ...changes,
  }
}

/** An attempt of the payment that has just been sent. */
export function attemptOf(payment: Payment, number: number, changes: Partial<Attempt>): Attempt {
  return {
    account_id: payment.account_id,
    payment_id: payment.id,
    number,
    id: `pay_000000000000000${number}`,
    gateway_id: 407 + number,
    connector: 'acquirer',
    reference: `x-${number}`,
    test_mode: payment.test_mode,
    status: 'sent',
    amount_minor: payment.payment_service_amount_minor ?? payment.payment_amount_minor,
    currency: 'USD',
    winner: false,
    late_approval: false,
    approved_amount_minor: null,
    class: null,
    signals: null,
    resolution: null,
    provider_reference: null,
    action: null,
    card_facts: null,
    detail: null,
    decision: null,
    reversal_status: null,
    lookups: 0,
    not_found_count: 0,
    not_found_at: null,
    sent_at: payment.created_at,
    decided_at: null,
    ...changes,
  }
}

/** An operation of a payment of 100.00 USD, all of which it takes. */
export function operationOf(changes: Partial<Operation>): Operation {
  const amount_minor = changes.amount_minor ?? 10_000n
  return {
    account_id: pendingPayment.account_id,
    payment_id: pendingPayment.id,
    id: 'op_0000000000000001',
    kind: 'refund',
    version: 1,
    reference_id: 'one',
    amount_minor,
    returned_fee_minor: 0n,
    currency: 'USD',
    provider_amount_minor: amount_minor,
    provider_currency: 'USD',
    description: null,
    status: 'sent',
    resolution: 'ok',
    gateway_id: 408,
    attempt_number: 1,
    capture_id: null,
    final: false,
    held_minor: null,
    fee_minor: null,
    reserved_minor: null,
    signals: null,
    card_facts: null,
    provider_reference: null,
    detail: null,
    lookups: 0,
    created_at: pendingPayment.created_at,
    decided_at: null,
    due_at: null,
    ...changes,
  }
}
