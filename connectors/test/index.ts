import { defineConnector } from '@cascad/connector'
import { charge } from './charge.ts'
import { credentials } from './provider.ts'
import { refund, refundStatus } from './refund.ts'
import { simulatePayer } from './simulate-payer.ts'
import { status } from './status.ts'
import { voidPayment } from './void.ts'

/** The test provider: the merchant says in the request how the payment is to end. */
export default defineConnector({
  id: 'test',
  title: 'Test',
  can: {
    methods: ['test'],
    currencies: 'all',
    operations: ['charge', 'verify'],
    idempotency_key: true,
    lookup_by_reference: true,
    lookup_authoritative: true,
    settle_delay_s: 3,
    void_by_reference: true,
    refund: true,
    partial_refund: true,
    simulate_payer: true,
  },
  credentials,
  charge,
  status,
  refund,
  refundStatus,
  void: voidPayment,
  simulatePayer,
})
