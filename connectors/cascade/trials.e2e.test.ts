/** Every event against every behaviour of a desk: a reading each time, and the checks of the conformance run. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Send } from '@cascad/connector'
import type { Probe } from '@cascad/connector/trials'
import { eventNames } from '@cascad/provider-kit/events'
import { stepForms } from '../../apps/simulators/src/traders/step.ts'
import { openDesk } from './sample-desk.ts'
import { trials } from './trials.ts'

const desk = openDesk()
/** Answers that are withheld are not waited for as long as in earnest. */
const hasty: Send = (request) =>
  desk.send({ ...request, answer_timeout_ms: Math.min(request.answer_timeout_ms ?? 400, 400) })

async function probe(event: string, data: Record<string, unknown>): Promise<Probe> {
  const probe_id = crypto.randomUUID()
  const result = await trials.probe({ credentials: desk.credentials(), event, data, probe_id }, hasty)
  assert.ok(result.type === 'tried', JSON.stringify(result))
  return result
}

const asking = { amount: '3900', method: 'card', currencyRate: '85.5', currency: 'RUB', transactionWindowInMin: '30' }
const results: Readonly<Record<string, readonly string[]>> = {
  CREATE_PAYMENT: ['issued', 'refused', 'violation', 'unknown'],
  GET_PAYMENT: ['pending', 'success', 'failed', 'appeal', 'poll_error'],
  CANCEL_PAYMENT: ['delivered', 'declined', 'undelivered'],
  CREATE_APPEAL: ['acknowledged', 'refused', 'undelivered'],
  CANCEL_APPEAL: ['delivered', 'refused', 'undelivered'],
  CONFIRM_APPEAL: ['delivered', 'refused', 'undelivered'],
}

describe('every event against every behaviour', () => {
  for (const step of Object.keys(stepForms)) {
    test(step, async () => {
      desk.step(step)
      const created = await probe('CREATE_PAYMENT', asking)
      assert.ok(results.CREATE_PAYMENT?.includes(created.reading.result), JSON.stringify(created.reading))
      const id = created.reading.reference ?? desk.payments().at(-1)?.id ?? 'never-issued'
      const later = async (event: string, data: Record<string, unknown>) => {
        const { reading } = await probe(event, data)
        assert.ok(results[event]?.includes(reading.result), JSON.stringify(reading))
        return reading
      }
      await later('GET_PAYMENT', { id })
      const appeal = await later('CREATE_APPEAL', { id, amount: '4000', url: 'http://exampel.com/example.pdf' })
      await later('CONFIRM_APPEAL', { id: appeal.reference ?? id })
      await later('CANCEL_APPEAL', { id: appeal.reference ?? id })
      await later('CANCEL_PAYMENT', { id })
    })
  }

  test('every event of the contract is among them', () => assert.deepEqual(trials.events, eventNames))
})

describe('the conformance run', () => {
  const wish = () => ({
    credentials: desk.credentials(),
    methods: ['card', 'sbp', 'account'] as const,
    currency: 'RUB',
    amount: '3900',
    amount_above_max: '1000000.01',
    currency_rate: '85.5',
    total_timeout_ms: 30_000,
  })

  test('a desk passes it, and keeps nothing open', async () => {
    const report = await trials.conformance(wish(), desk.send)
    assert.deepEqual(
      report.checks.filter(({ result }) => result !== 'pass'),
      [],
    )
    assert.deepEqual([report.passed, report.event_form, report.idempotency_key], [true, null, true])
    assert.equal(report.checks.length, 12)
    assert.ok(desk.payments().every(({ status }) => status === 'failed'))
  })

  test('with the wrong key it says what to do, and never the key', async () => {
    const credentials = { ...desk.credentials(), api_key: 'not-the-key-of-volga' }
    const report = await trials.conformance({ ...wish(), credentials }, desk.send)
    assert.equal(report.passed, false)
    const requisites = report.checks.find(({ id }) => id === 'K2')
    assert.equal(requisites?.result, 'fail')
    assert.ok(requisites?.note && requisites.remedy)
    assert.equal(report.idempotency_key, null)
    assert.ok(!JSON.stringify(report).includes(credentials.api_key))
  })
})
