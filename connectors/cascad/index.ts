import { defineConnector } from '@cascad/connector'
import { cancel, cancelStatus } from './cancel.ts'
import { capture, captureStatus } from './capture.ts'
import { charge } from './charge.ts'
import { credentials } from './credentials.ts'
import { readEvent } from './read-event.ts'
import { refund, refundStatus } from './refund.ts'
import { status } from './status.ts'
import { voidPayment } from './void.ts'

/** Another installation of this platform as a gateway, through its Card API. */
export default defineConnector({
  id: 'cascad',
  title: 'Cascad (Card API)',
  can: {
    methods: ['payment_card'],
    currencies: 'all',
    operations: ['charge', 'authorize'],
    idempotency_key: true,
    lookup_by_reference: true,
    lookup_authoritative: true,
    // A transaction is found before any gateway is called, and every request is answered within 24 s.
    settle_delay_s: 30,
    void_by_reference: true,
    refund: true,
    partial_refund: true,
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
