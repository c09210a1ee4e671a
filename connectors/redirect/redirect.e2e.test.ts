import { connectorContract } from '@cascad/connector/contract-suite'
import { receiveNotifications } from '../../apps/simulators/src/operations/receive-notifications.ts'
import { createSimulators } from '../../apps/simulators/src/simulators.ts'
import connector from './index.ts'
import type { Credentials } from './provider.ts'

const order = {
  id: 'ord_1',
  shop: 'redirect',
  order: '{reference}',
  method: 'paypal',
  amount: '12300',
  currency: 'USD',
  reason: null,
  text: null,
  page: null,
}

connectorContract({
  connector,
  credentials: { base_url: 'http://127.0.0.1:1', shop: 'redirect', secret: 'sim_webhook_redirect' },
  charge: { method: 'paypal' },
  answers: [
    { ...order, state: 'paid' },
    { ...order, state: 'rejected', reason: 'no_funds', text: 'Not enough money' },
    { ...order, state: 'cancelled', reason: 'payer_cancelled' },
    { ...order, state: 'processing' },
    { ...order, state: 'waiting', page: 'http://127.0.0.1:1/pay/1' },
    { error: { code: 'invalid_request', text: 'The request cannot be read.' } },
    { error: { code: 'not_found', text: 'No operation of this reference.' } },
  ].map((document) => JSON.stringify(document)),
  treatments: ['approve', 'action_required'],
  async start() {
    const simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
    const inbox = await receiveNotifications()
    const { control } = simulators
    const credentials = control.credentials('redirect') as Credentials
    return {
      credentials,
      unreachable: { ...credentials, base_url: 'http://127.0.0.1:1' },
      forged: { ...credentials, secret: 'another' },
      notification_url: inbox.url,
      treat(treatment) {
        control.setScript('redirect', { answer: treatment === 'action_required' ? 'ordinary' : treatment })
        return { method: 'paypal' }
      },
      taken: control.taken,
      async agree({ action }) {
        const answered = await fetch(action.url, {
          method: 'POST',
          body: new URLSearchParams({ choice: 'pay' }),
          redirect: 'manual',
        })
        if (answered.status !== 303) throw new Error(`the provider's page answered ${answered.status}`)
      },
      notification: (reference) => inbox.next((body) => body.includes(reference)),
      async close() {
        await simulators.close()
        await inbox.close()
      },
    }
  },
})
