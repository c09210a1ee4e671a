import { defineConnector } from '@cascad/connector'
import { closeAppeal, createAppeal } from './appeals.ts'
import { credentials } from './credentials.ts'
import { answerLimit_ms, issue } from './issue.ts'
import { status } from './status.ts'
import { trials } from './trials.ts'
import { voidPayment } from './void.ts'

/** A provider of requisites, by the Cascade API. No refund: the API has none. */
export default defineConnector({
  id: 'cascade',
  title: 'Cascade API',
  can: {
    methods: ['card_transfer', 'sbp', 'bank_transfer'],
    currencies: 'all',
    operations: ['charge'],
  },
  credentials,
  // Nothing here can take money by itself: whoever asks for that must go on to another gateway.
  charge: async () => ({ type: 'not_sent', detail: 'this provider gives requisites and cannot charge' }),
  status,
  void: voidPayment,
  requisites: {
    methods: { card_transfer: 'card', sbp: 'sbp', bank_transfer: 'account' },
    answerLimit_ms,
    issue,
    createAppeal,
    closeAppeal,
    trials,
  },
})
