import type { ChargeRequest } from '@cascad/connector'
import { connectorContract, type Treatment } from '@cascad/connector/contract-suite'
import { createSimulators } from '../../apps/simulators/src/simulators.ts'
import connector from './index.ts'
import type { Credentials } from './provider.ts'

const words: Partial<Record<Treatment, string>> = { decline: 'FAIL', pending: 'Pending' }

connectorContract({
  connector,
  credentials: { base_url: 'http://127.0.0.1:1' },
  charge: { method: 'test', service_fields: { status: 'success' } },
  answers: [
    '{"id":"tst_1","reference":"{reference}","result":"success","amount":"12300","currency":"USD","text":"Approved"}',
    '{"id":"tst_1","reference":"{reference}","result":"fail","amount":"12300","currency":"USD","text":"Failed as asked"}',
    '{"id":"tst_1","reference":"{reference}","result":"pending","amount":"12300","currency":"USD","text":null}',
    '{"error":{"code":"invalid_request","text":"The request cannot be read."}}',
    '{"error":{"code":"not_found","text":"No operation of this reference."}}',
  ],
  treatments: ['approve', 'pending'],
  async start() {
    const simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
    const { control } = simulators
    return {
      credentials: control.credentials('test') as Credentials,
      unreachable: { base_url: 'http://127.0.0.1:1' },
      treat(treatment): Partial<ChargeRequest<Credentials>> {
        const by_word = treatment === 'approve' || treatment === 'decline' || treatment === 'pending'
        control.setScript('test', { answer: by_word || treatment === 'action_required' ? 'ordinary' : treatment })
        return { method: 'test', service_fields: { status: words[treatment] ?? 'Success' } }
      },
      taken: control.taken,
      close: simulators.close,
    }
  },
})
