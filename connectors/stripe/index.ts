import { defineConnector } from '@cascad/connector'
import { charge } from './charge.ts'
import { credentials } from './credentials.ts'
import { currencies } from './currencies.ts'
import { readEvent } from './read-event.ts'
import { refund, refundStatus } from './refund.ts'
import { status } from './status.ts'
import { voidPayment } from './void.ts'

/**
 * Card payments through Stripe, by its official library. How to set it up: README.md in this folder. `lookup_authoritative`
 * is not declared: see find-intent.ts.
 */
export default defineConnector({
  id: 'stripe',
  title: 'Stripe',
  can: {
    methods: ['payment_card'],
    currencies,
    operations: ['charge'],
    idempotency_key: true,
    lookup_by_reference: true,
    void_by_reference: true,
    refund: true,
    partial_refund: true,
    notifications: true,
    network_codes: true,
    card_tokens: true,
  },
  credentials,
  charge,
  status,
  refund,
  refundStatus,
  void: voidPayment,
  readEvent,
})
