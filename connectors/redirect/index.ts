import { defineConnector } from '@cascad/connector'
import { charge } from './charge.ts'
import { methods } from './methods.ts'
import { credentials } from './provider.ts'
import { readEvent } from './read-event.ts'
import { refund, refundStatus } from './refund.ts'
import { status } from './status.ts'
import { voidPayment } from './void.ts'

/** A provider with a page of its own: the payer is sent there and comes back. */
export default defineConnector({
  id: 'redirect',
  title: 'Provider with its own page',
  can: {
    methods,
    currencies: 'all',
    operations: ['charge'],
    idempotency_key: true,
    lookup_by_reference: true,
    lookup_authoritative: true,
    settle_delay_s: 3,
    void_by_reference: true,
    refund: true,
    partial_refund: true,
    notifications: true,
  },
  credentials,
  charge,
  status,
  refund,
  refundStatus,
  void: voidPayment,
  readEvent,
})
