/** For tests: a desk of traders behind the platform's own way out, and the connection to it. */
import assert from 'node:assert/strict'
import { after, before, beforeEach } from 'node:test'
import type { Outcome, Send } from '@cascad/connector'
import type { IssueRequest, IssueResult } from '@cascad/connector/requisites'
import { createSender, type Sender } from '../../apps/server/src/http/send.ts'
import { createSimulators, type Simulators } from '../../apps/simulators/src/simulators.ts'
import type { Credentials } from './credentials.ts'
import { issue } from './issue.ts'
import { sampleIssue } from './sample-issue.ts'
import { status } from './status.ts'
import { voidPayment } from './void.ts'

export type Asking = Partial<IssueRequest<Credentials>>

/** Everything goes to the desk `volga`, which starts anew for each test. */
export function openDesk() {
  let simulators: Simulators
  let sender: Sender
  let serial = 0
  before(async () => {
    simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1', seed: 1 })
    sender = createSender({ allow_private_targets: true })
  })
  beforeEach(() => simulators.desks.reset(1))
  after(async () => {
    await simulators.close()
    await sender.close()
  })
  const send: Send = (request) =>
    sender.send({
      ...request,
      connect_timeout_ms: 3_000,
      read_timeout_ms: request.answer_timeout_ms ?? 10_000,
      total_timeout_ms: 3_000 + (request.answer_timeout_ms ?? 10_000),
      response_bytes_max: 64 * 1024,
      guard: 'none',
    })
  const desks = () => simulators.desks
  const step = (text: string) => desks().script('volga', { steps: [text] })
  const payments = () => desks().payments('volga')
  const credentials = (): Credentials => ({ ...desks().credentials('volga'), create_timeout_s: 1 })
  const asking = (more: Asking = {}): IssueRequest<Credentials> => {
    serial += 1
    return sampleIssue({ credentials: credentials(), attempt_id: `att_${serial}`, ...more })
  }
  const ask = (more: Asking = {}): Promise<IssueResult> => issue(asking(more), send)
  const questionOf = (provider_reference: string | null) => ({
    credentials: credentials(),
    reference: '1-1',
    provider_reference,
    test_mode: true,
  })
  return {
    send,
    desks,
    step,
    payments,
    credentials,
    asking,
    ask,
    questionOf,
    lastId: () => payments().at(-1)?.id ?? assert.fail('the desk has no payment'),
    /** The id of a payment that goes by this step. */
    async issued(text = 'issue'): Promise<string> {
      step(text)
      const { outcome } = await ask()
      assert.ok(outcome.type === 'action_required', `${text}: ${JSON.stringify(outcome)}`)
      return outcome.provider_reference ?? assert.fail()
    },
    statusOf: (id: string): Promise<Outcome> => status(questionOf(id), send),
    cancel: (id: string): Promise<Outcome> =>
      voidPayment({ ...questionOf(id), void_id: 'v-1', attempt_id: 'att_1' }, send),
  }
}
