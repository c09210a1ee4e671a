/** The published cards of simulated payments, row by row, at the three test gateways. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Outcome, ThreeDsWish } from '@cascad/connector'
import { createSimulators, type Simulators } from '../../apps/simulators/src/simulators.ts'
import connector from './index.ts'
import { factsOf, lookUp, type More, resultOf, send, simulatedCharge, told } from './sample-simulation.ts'

let simulators: Simulators
before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
})
after(() => simulators.close())

const request = (number: string, gateway_id = 408, more: More = {}) =>
  simulatedCharge(simulators, number, gateway_id, more)

describe('cards for cascades', () => {
  const cards: Readonly<Record<string, readonly [string, string, string]>> = {
    '4200000000100016': ['05 F.0105', 'approved', 'approved'],
    '4200000000100024': ['96 F.0117', '05 F.0105', 'approved'],
    '4200000000100123': ['05 F.0105', '05 F.0105', 'approved'],
    '4200000000100032': ['51 F.0114', 'approved', 'approved'],
    '4200000000100040': ['43 F.0116', 'approved', 'approved'],
    '4200000000100057': ['not_sent', 'approved', 'approved'],
    '4200000000100065': ['lost, then approved', 'approved', 'approved'],
    '4200000000100073': ['lost, then not_found', 'approved', 'approved'],
    '4200000000100081': ['lost, then approved', 'approved', 'approved'],
    '4200000000100099': ['96 F.0117', '96 F.0117', 'approved'],
    '4200000000100107': ['91 F.0119', '91 F.0119', 'approved'],
    '4200000000100115': ['1A', '1A', '1A'],
    '5204240000200019': ['05/03 F.0105', 'approved', 'approved'],
    '5204240000200027': ['51/25 F.0114', 'approved', 'approved'],
    '5204240000200035': ['83/01', 'approved', 'approved'],
  }
  for (const [number, expected] of Object.entries(cards)) {
    test(number, async () => {
      assert.deepEqual(await Promise.all([408, 409, 410].map((gateway) => told(request(number, gateway)))), expected)
    })
  }

  test('what was not sent, or sent and lost before the books, took no money; what is found later did', async () => {
    for (const [number, taken] of [
      ['4200000000100057', 0n],
      ['4200000000100073', 0n],
      ['4200000000100065', 12_300n],
      ['4200000000100081', 12_300n],
    ] as const) {
      const charge = request(number)
      await connector.charge(charge, send)
      assert.equal(simulators.control.taken(charge.reference), taken, number)
    }
  })

  test('the card that needs authentication is approved with it', async () => {
    for (const three_ds of ['auto', 'required'] as const) {
      const outcome = await connector.charge(request('4200000000100115', 408, { three_ds }), send)
      assert.equal(outcome.type, 'approved')
      assert.equal(factsOf(outcome).three_ds?.pa_status, 'Y')
    }
  })
})

const published = [
  ['4200000000000000', null, 'approved'],
  ['9112300000000000', null, 'approved'],
  ['4005550000000019', null, '05 F.0105'],
  ['4012000000003010', 'C', 'approved'],
  ['4012000000001006', 'Y', 'approved'],
  ['5204240000015003', 'Y', 'approved'],
  ['4012000000001055', 'A', 'approved'],
  ['5204240000015011', 'A', 'approved'],
  ['4012000000001097', 'C', 'approved'],
  ['5204240000015029', 'C', 'approved'],
  ['4012000000001022', 'U', 'F.4003'],
  ['5204240000015045', 'U', 'F.4003'],
  ['4012000000001030', 'R', 'F.4002'],
  ['5204240000015052', 'R', 'F.4002'],
  ['4012000000001014', 'N', 'F.4001'],
  ['5204240000015060', 'N', 'F.4001'],
  ['5519283812030000', null, 'approved'],
  ['5123817234060000', 'C', 'approved'],
  ['4302912837020000', null, 'F.0999'],
  ['4412397212080000', 'C', 'F.0999'],
  ['4111111111111111', null, 'F.0127'],
] as const

/** Answers the issuer's page as a payer does. */
async function choose(outcome: Outcome, choice: string): Promise<Response> {
  assert.ok(outcome.type === 'action_required')
  const body = new URLSearchParams({ ...outcome.action.params, choice })
  return await fetch(`${outcome.action.url}/answer`, { method: 'POST', body, redirect: 'manual' })
}

describe('published cards', () => {
  for (const [number, word, result] of published) {
    for (const gateway of [408, 409, 410]) {
      test(`${number} at ${gateway}, authentication on: ${word ?? 'not enrolled'}`, async () => {
        const charge = request(number, gateway, { three_ds: 'auto' })
        let outcome = await connector.charge(charge, send)
        assert.equal(factsOf(outcome).three_ds?.pa_status ?? null, word)
        assert.equal(outcome.type === 'action_required', word === 'C')
        if (word === 'C') {
          assert.equal((await choose(outcome, 'confirm')).headers.get('location'), charge.return_url)
          outcome = await lookUp(charge)
          assert.equal(factsOf(outcome).three_ds?.pa_status, 'Y')
        }
        assert.equal(resultOf(outcome), result)
      })

      test(`${number} at ${gateway}, authentication off`, async () => {
        const outcome = await connector.charge(request(number, gateway), send)
        assert.equal(factsOf(outcome).three_ds, null)
        assert.equal(resultOf(outcome), result.startsWith('F.400') ? 'approved' : result)
      })
    }
  }

  test('a payment without the payer is never authenticated', async () => {
    const outcome = await connector.charge(
      request('4012000000001097', 408, { three_ds: 'required', initiator: 'merchant' }),
      send,
    )
    assert.equal(outcome.type, 'approved')
    assert.equal(factsOf(outcome).three_ds, null)
    assert.equal(factsOf(outcome).cvc_result, null)
  })

  test('required: a card that does not take part is vouched for by the network', async () => {
    const outcome = await connector.charge(request('4200000000000000', 408, { three_ds: 'required' }), send)
    assert.equal(outcome.type, 'approved')
    const { ve_status, pa_status } = factsOf(outcome).three_ds ?? {}
    assert.deepEqual([ve_status, pa_status], ['N', 'A'])
  })

  test('special expiries and amounts that decline mean nothing to a simulated payment', async () => {
    const card = { number: '5519283812030000', exp_month: '07', exp_year: '2077', cvv: '123', holder: null }
    const outcome = await connector.charge(request(card.number, 408, { card, amount_minor: 1_005n }), send)
    assert.equal(outcome.type, 'approved')
  })

  test('refused: unauthenticated; left: it still waits, and may be confirmed after all', async () => {
    const refused = request('4012000000003010', 408, { three_ds: 'auto' })
    await choose(await connector.charge(refused, send), 'refuse')
    const outcome = await lookUp(refused)
    assert.equal(resultOf(outcome), 'F.4001')
    assert.equal(factsOf(outcome).three_ds?.pa_status, 'N')

    const left = request('4012000000003010', 408, { three_ds: 'auto' })
    const asked = await connector.charge(left, send)
    assert.equal((await choose(asked, 'leave')).headers.get('location'), left.return_url)
    assert.equal((await lookUp(left)).type, 'action_required')
    await choose(asked, 'confirm')
    assert.equal((await lookUp(left)).type, 'approved')
  })

  test('the page of a simulated payment offers Confirm, Refuse and Leave', async () => {
    const asked = await connector.charge(request('4012000000003010', 408, { three_ds: 'auto' }), send)
    assert.ok(asked.type === 'action_required')
    const page = await fetch(`${asked.action.url}?${new URLSearchParams({ ...asked.action.params, lang: 'en' })}`)
    const buttons = [...(await page.text()).matchAll(/<button[^>]*>([^<]+)<\/button>/g)].map(([, label]) => label)
    assert.deepEqual(buttons, ['Confirm', 'Refuse', 'Leave'])
  })

  test('without a simulation the same numbers follow the other test cards', async () => {
    const outcome = await connector.charge(request('4200000000000000', 408, { simulation: null }), send)
    assert.equal(outcome.type === 'declined' && outcome.signals.resolution, 'invalid_card')
  })

  test('a live gateway does not simulate', async () => {
    const outcome = await connector.charge(request('4200000000100016', 408, { test_mode: false }), send)
    assert.equal(outcome.type, 'approved')
  })
})

describe('facts of an approval', () => {
  test('bank code 00, authorization code 654321, a reference number of 12 digits, the descriptor', async () => {
    for (const operation of ['charge', 'authorize'] as const) {
      const outcome = await connector.charge(
        request('4200000000000000', 408, { operation, descriptor: 'SHOP 17' }),
        send,
      )
      assert.ok(outcome.type === 'approved')
      assert.equal(outcome.approval_code, '654321')
      const { bank_code, rrn, descriptor } = factsOf(outcome)
      assert.deepEqual([bank_code, descriptor], ['00', 'SHOP 17'])
      assert.match(rrn ?? '', /^\d{12}$/)
    }
  })

  const cvc = { 111: 'M', 222: 'N', 333: 'U', 444: 'E', 555: '0', 739: 'M', 1234: 'M' }
  for (const [cvv, result] of Object.entries(cvc)) {
    test(`security code ${cvv}: ${result}`, async () => {
      const card = { number: '4200000000000000', exp_month: '08', exp_year: '2030', cvv, holder: null }
      const outcome = await connector.charge(request(card.number, 408, { card }), send)
      assert.equal(factsOf(outcome).cvc_result, result)
    })
  }

  const addresses = [
    ['1 Baker street', '10001', 'M'],
    ['1 Baker street', '20001', 'B'],
    ['2 Baker street', '10001', 'P'],
    ['3', '3', 'U'],
    ['4', '4', 'E'],
    ['5', '5', '0'],
    ['1', '9', '1'],
    ['Baker street', 'SW', '1'],
    ['221b', null, null],
  ] as const
  for (const [address, zip, result] of addresses) {
    test(`address ${address}, postal code ${zip}: ${result}`, async () => {
      const nothing = { first_name: null, last_name: null, country: null, city: null, state: null, phone: null }
      const billing_address = { ...nothing, address, zip }
      const outcome = await connector.charge(request('4200000000000000', 408, { billing_address }), send)
      assert.equal(factsOf(outcome).avs_result, result)
    })
  }
})

test('a decline that asks for authentication is approved once the payer is authenticated', async () => {
  const { control } = simulators
  control.setScript('second', { answer: 'decline', code: '1A' })
  const charge = async (three_ds: ThreeDsWish) =>
    resultOf(await connector.charge(request('5519283812030000', 409, { three_ds, simulation: null }), send))
  assert.deepEqual([await charge('auto'), await charge('required')], ['1A', 'approved'])
  control.setScript('second', { answer: 'ordinary', code: '05' })
})
