import { connectorContract, sampleCard } from '@cascad/connector/contract-suite'
import { receiveNotifications } from '../../apps/simulators/src/operations/receive-notifications.ts'
import { createSimulators } from '../../apps/simulators/src/simulators.ts'
import type { Credentials } from './credentials.ts'
import connector from './index.ts'

const terminal = { terminal: 'second', api_key: 'sim_key_second', webhook_secret: 'sim_webhook_second' }
const answer = {
  id: 'acq_1',
  terminal: 'second',
  reference: '{reference}',
  operation: 'charge',
  test: true,
  amount: '12300',
  currency: 'USD',
  code: null,
  advice_code: null,
  reason: null,
  text: null,
  rrn: null,
  approval_code: null,
  card_token: null,
  action: null,
}

connectorContract({
  connector,
  credentials: { base_url: 'http://127.0.0.1:1', ...terminal },
  charge: { card: sampleCard },
  answers: [
    {
      ...answer,
      status: 'approved',
      code: '00',
      text: 'Approved',
      rrn: '178847226444',
      approval_code: '654321',
      card_token: 'tok_1',
      descriptor: 'SIM*second',
      avs_result: 'M',
      cvc_result: 'M',
      three_ds: { ve_status: 'Y', pa_status: 'A', eci: '06', xid: 'x', cavv: 'AAAB', cavv_algorithm: '2' },
    },
    { ...answer, status: 'declined', code: '51', advice_code: '24', reason: '1002', text: 'Insufficient funds' },
    { ...answer, status: 'declined', wished_code: 'F.0124' },
    { ...answer, status: 'pending' },
    { ...answer, status: 'voided' },
    {
      ...answer,
      status: 'action_required',
      action: { url: 'http://127.0.0.1:1/acs', method: 'POST', params: { creq: 'e30' } },
    },
    { error: { code: 'invalid_request', text: 'The request cannot be read.' } },
    { error: { code: 'not_found', text: 'No operation of this reference.' } },
  ].map((document) => JSON.stringify(document)),
  treatments: ['approve', 'action_required', 'pending', 'wrong_amount'],
  held_treatments: ['pending', 'timeout_before', 'timeout_after', 'error_before', 'error_after'],
  async start() {
    const simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
    const inbox = await receiveNotifications()
    const { control } = simulators
    const credentials = control.credentials('second') as Credentials
    return {
      credentials,
      unreachable: { ...credentials, base_url: 'http://127.0.0.1:1' },
      forged: { ...credentials, webhook_secret: 'another' },
      notification_url: inbox.url,
      treat(treatment) {
        control.setScript('second', {
          answer: treatment === 'action_required' ? 'three_ds' : treatment,
          code: '51',
          reason: null,
        })
        return { card: sampleCard }
      },
      taken: control.taken,
      held: control.held,
      treatHeld: (treatment) => void control.setScript('second', { captures: treatment, cancels: treatment }),
      async agree({ action }) {
        const body = new URLSearchParams({ ...action.params, choice: 'confirm' })
        const answered = await fetch(`${action.url}/answer`, { method: 'POST', body, redirect: 'manual' })
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
