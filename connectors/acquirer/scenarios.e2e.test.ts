/** Simulated payments that say how they want to go: expected codes, scenarios step by step. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Simulation } from '@cascad/connector'
import { createSimulators, type Simulators } from '../../apps/simulators/src/simulators.ts'
import connector from './index.ts'
import { factsOf, type More, resultOf, send, simulatedCharge, told, unused } from './sample-simulation.ts'

let simulators: Simulators
before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
})
after(() => simulators.close())

const request = (number: string, gateway_id = 408, more: More = {}) =>
  simulatedCharge(simulators, number, gateway_id, more)

describe('codes and scenarios', () => {
  const simulated = (simulation: Partial<Simulation>, more: More & { number?: string } = {}, gateway = 408) => {
    const { number = '4200000000000000', ...rest } = more
    return request(number, gateway, { simulation: { ...unused, ...simulation }, ...rest })
  }

  for (const [expected_code, result] of [
    ['S.0000', 'approved'],
    ['F.0105', 'F.0105'],
    ['F.2008', 'F.2008'],
    ['F.6001', 'F.6001'],
    ['P.9999', 'pending'],
  ] as const) {
    test(`expected code ${expected_code}, whatever the card`, async () => {
      for (const number of ['4200000000000000', '4005550000000019', '4012000000001097', '4200000000100065']) {
        assert.equal(await told(simulated({ expected_code }, { number, three_ds: 'auto' })), result)
      }
    })
  }

  const steps: Readonly<Record<string, string>> = {
    approve: 'approved',
    'decline:51': '51 F.0114',
    'decline:05:03': '05/03 F.0105',
    'code:F.0119': 'F.0119',
    refuse_connection: 'not_sent',
    'timeout:charged': 'lost, then approved',
    'timeout:not_charged': 'lost, then not_found',
    'http500:charged': 'lost, then approved',
    'http500:not_charged': 'lost, then not_found',
    'malformed:charged': 'lost, then approved',
    'late:600:charged': 'lost, then not_found',
    'late:0:charged': 'lost, then approved',
    'slow:20': 'approved',
    'slow:5000': 'lost, then not_found',
  }
  for (const [step, result] of Object.entries(steps)) {
    test(`step ${step} beats card and expected code`, async () => {
      const scenario = { '408': step, '*': 'decline:14' }
      assert.equal(await told(simulated({ scenario, expected_code: 'F.0100' }, { number: '4005550000000019' })), result)
    })
  }

  test('a late charge is in the books from the start', async () => {
    const charge = simulated({ scenario: { '*': 'late:600:charged' } })
    assert.equal((await connector.charge(charge, send)).type, 'unknown')
    assert.equal(simulators.control.taken(charge.reference), charge.amount_minor)
  })

  for (const [word, result] of [
    ['Y', 'approved'],
    ['A', 'approved'],
    ['C', 'action_required'],
    ['N', 'F.4001'],
    ['U', 'F.4003'],
    ['R', 'F.4002'],
  ] as const) {
    test(`step 3ds:${word}: ${result}, then as the card says`, async () => {
      const scenario = { '408': `3ds:${word}` }
      const outcome = await connector.charge(simulated({ scenario }, { three_ds: 'auto' }), send)
      assert.equal(resultOf(outcome), result)
      assert.equal(factsOf(outcome).three_ds?.pa_status, word)
      const off = await connector.charge(simulated({ scenario }, { three_ds: 'off' }), send)
      assert.equal(off.type, 'approved')
      if (word === 'Y' || word === 'A') {
        const failing = simulated({ scenario }, { three_ds: 'auto', number: '4005550000000019' })
        assert.equal(await told(failing), '05 F.0105')
      }
    })
  }

  test('steps of a list are taken call by call of a payment and gateway; the last one repeats', async () => {
    const scenario = { '*': ['refuse_connection', 'decline:05', 'timeout:not_charged', 'approve'] }
    const calls = (serial: string, gateway: number, first: number) =>
      [0, 1, 2, 3, 4].map((i) =>
        simulated({ scenario }, { reference: `${serial}-${first + i}`, attempt_id: `${serial}-${first + i}` }, gateway),
      )
    const expected = ['not_sent', '05 F.0105', 'lost, then not_found', 'approved', 'approved']
    const results: string[] = []
    for (const call of calls('serial-a', 408, 1)) results.push(await told(call))
    assert.deepEqual(results, expected)
    for (const call of calls('serial-a', 409, 6).slice(0, 2)) results.push(await told(call))
    for (const call of calls('serial-b', 408, 1).slice(0, 2)) results.push(await told(call))
    assert.deepEqual(results.slice(5), [...expected.slice(0, 2), ...expected.slice(0, 2)])
  })

  test('a repeat of a call is the same step', async () => {
    const charge = simulated({ scenario: { '408': ['decline:05', 'approve'] } })
    assert.equal(await told(charge), '05 F.0105')
    assert.equal(await told(charge), '05 F.0105')
    assert.equal(
      await told({ ...charge, reference: `${charge.reference.slice(0, -1)}2`, attempt_id: 'next' }),
      'approved',
    )
  })

  test('a gateway without a step follows its card', async () => {
    const charge = (gateway: number) =>
      simulated({ scenario: { '409': 'approve' } }, { number: '4005550000000019' }, gateway)
    assert.deepEqual([await told(charge(408)), await told(charge(409))], ['05 F.0105', 'approved'])
  })

  test('a script of the terminal acts on simulated payments too', async () => {
    simulators.control.setScript('third', { answer: 'unauthorized' })
    const outcome = await connector.charge(request('4200000000000000', 410), send)
    simulators.control.setScript('third', { answer: 'ordinary' })
    assert.equal(outcome.type === 'declined' && outcome.signals.unified_code, 'F.0102')
  })
})
