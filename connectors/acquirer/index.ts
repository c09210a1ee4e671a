import { defineConnector } from '@cascad/connector'
import { cancel, cancelStatus } from './cancel.ts'
import { capture, captureStatus } from './capture.ts'
import { charge } from './charge.ts'
import { credentials } from './credentials.ts'
import { readEvent } from './read-event.ts'
import { refund, refundStatus } from './refund.ts'
import { status } from './status.ts'
import { voidPayment } from './void.ts'

/** A card acquirer: JSON over HTTP, bearer key, signed notifications. */
export default defineConnector({
  id: 'acquirer',
  title: 'Card acquirer',
  can: {
    methods: ['payment_card'],
    currencies: 'all',
    operations: ['charge', 'verify', 'authorize'],
    idempotency_key: true,
    lookup_by_reference: true,
    lookup_authoritative: true,
    settle_delay_s: 3,
    void_by_reference: true,
    refund: true,
    partial_refund: true,
    multi_capture: true,
    partial_cancel: true,
    cancel_charge: true,
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
