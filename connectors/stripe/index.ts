import { defineConnector } from '@cascad/connector'
import { cancel, cancelStatus } from './cancel.ts'
import { capture, captureStatus } from './capture.ts'
import { charge } from './charge.ts'
import { credentials } from './credentials.ts'
import { currencies } from './currencies.ts'
import { readEvent } from './read-event.ts'
import { refund, refundStatus } from './refund.ts'
import { status } from './status.ts'
import { voidPayment } from './void.ts'

/**
 * Card payments through Stripe, by its official library. How to set it up: README.md in this folder. Not declared:
 * `lookup_authoritative` (see find-intent.ts), `multi_capture` (only on some of Stripe's price plans, and card by card),
 * `partial_cancel` and `cancel_charge` (Stripe has neither).
 */
export default defineConnector({
  id: 'stripe',
  title: 'Stripe',
  can: {
    methods: ['payment_card'],
    currencies,
    operations: ['charge', 'authorize'],
    idempotency_key: true,
    lookup_by_reference: true,
    void_by_reference: true,
    refund: true,
    partial_refund: true,
    hold_lifetime_days: 7,
    three_ds: true,
    notifications: true,
    network_codes: true,
    card_tokens: true,
  },
  credentials,
  charge,
  status,
  refund,
  refundStatus,
  capture,
  captureStatus,
  cancel,
  cancelStatus,
  void: voidPayment,
  readEvent,
})
