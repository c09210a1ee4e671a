import { defineConnector } from '@cascad/connector'
import { charge } from './charge.ts'
import { credentials } from './provider.ts'
import { status } from './status.ts'

/** Declare only what the contract suite can prove: an absent capability costs a hop, a false one costs money. */
export default defineConnector({
  id: 'new-provider',
  title: 'New provider',
  can: {
    methods: ['payment_card'],
    currencies: ['EUR', 'USD'],
    operations: ['charge'],
    idempotency_key: true,
    lookup_by_reference: true,
  },
  credentials,
  charge,
  status,
})
