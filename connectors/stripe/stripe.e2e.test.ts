import { connectorContract, sampleCard } from '@cascad/connector/contract-suite'
import { receiveNotifications } from '../../apps/simulators/src/operations/receive-notifications.ts'
import { createSimulators } from '../../apps/simulators/src/simulators.ts'
import type { Credentials } from './credentials.ts'
import connector from './index.ts'
import { intentSample, refundSample, samples } from './sample-answers.ts'

const keys = { secret_key: 'sim_key_stripe', webhook_secret: 'sim_webhook_stripe' }

connectorContract({
  connector,
  credentials: { base_url: 'http://127.0.0.1:1', ...keys },
  charge: { card: sampleCard },
  answers: [
    ...Object.values(samples),
    { object: 'search_result', has_more: false, data: [intentSample()] },
    { object: 'list', has_more: false, data: [refundSample()] },
  ].map((document) => JSON.stringify(document)),
  treatments: ['approve', 'action_required', 'pending', 'wrong_amount'],
  held_treatments: ['pending', 'timeout_before', 'timeout_after', 'error_before', 'error_after'],
  async start() {
    const simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
    const inbox = await receiveNotifications()
    const { control } = simulators
    control.setWebhook('stripe', inbox.url)
    const credentials = control.credentials('stripe') as Credentials
    return {
      credentials,
      unreachable: { ...credentials, base_url: 'http://127.0.0.1:1' },
      forged: { ...credentials, webhook_secret: 'another_secret' },
      treat(treatment) {
        control.setScript('stripe', {
          answer: treatment === 'action_required' ? 'three_ds' : treatment,
          code: '51',
          reason: null,
        })
        return { card: sampleCard }
      },
      taken: control.taken,
      held: control.held,
      treatHeld: (treatment) => void control.setScript('stripe', { captures: treatment, cancels: treatment }),
      async agree({ action }) {
        const body = new URLSearchParams({ choice: 'confirm' })
        const answered = await fetch(action.url, { method: 'POST', body, redirect: 'manual' })
        if (answered.status !== 303) throw new Error(`the issuer's page answered ${answered.status}`)
      },
      notification: (reference) => inbox.next((body) => body.includes(reference)),
      async close() {
        await simulators.close()
        await inbox.close()
      },
    }
  },
})
