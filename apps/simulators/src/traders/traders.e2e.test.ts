import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { runConformance } from '@cascad/provider-kit/conformance'
import { writeEvent } from '@cascad/provider-kit/write-event'
import { createSimulators, type Simulators } from '../simulators.ts'
import { asking, callDesk } from './call-desk.ts'

let simulators: Simulators
before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1', seed: 1 })
})
beforeEach(() => simulators.desks.reset(1))
after(() => simulators.close())

const { post, create, issued, statusOf } = callDesk(() => simulators)
const payments = () => simulators.desks.payments('volga')
const step = (text: string) => simulators.desks.script('volga', { steps: [text] })
const keyOf = (desk: string) => ({ 'x-api-key': simulators.desks.credentials(desk).api_key })

describe('what a desk does by itself', () => {
  test('each method is answered with a number of its own, all of one seed alike', async () => {
    const all = async () => [await create(), await create('100', 'sbp'), await create('100', 'account')]
    const first = await all()
    assert.deepEqual(
      first.map(({ status, text }) => [status, Object.keys(JSON.parse(text)).at(-1)]),
      [
        [201, 'cardNumber'],
        [201, 'sbpNumber'],
        [201, 'accountNumber'],
      ],
    )
    assert.equal(new Set(first.map(({ text }) => JSON.parse(text).id)).size, 3)
    simulators.desks.reset(1)
    assert.deepEqual(
      (await all()).map(({ text }) => text),
      first.map(({ text }) => text),
    )
    simulators.desks.reset()
    assert.notEqual((await create()).text, first[0]?.text, 'without a seed ids go on')
  })

  test('it refuses what it does not do, and amounts out of its range', async () => {
    simulators.desks.addDesk('small', { methods: ['card'], currencies: ['RUB'], amount_min: '100', amount_max: '200' })
    for (const [data, code] of [
      [asking('150', 'sbp'), 'METHOD_UNSUPPORTED'],
      [{ ...asking('150'), currency: 'EUR' }, 'CURRENCY_UNSUPPORTED'],
      [asking('99.99'), 'AMOUNT_OUT_OF_RANGE'],
      [asking('200.01'), 'AMOUNT_OUT_OF_RANGE'],
    ] as const) {
      const { status, text } = await post(writeEvent('CREATE_PAYMENT', data), keyOf('small'), 'small')
      assert.deepEqual([status, JSON.parse(text).code], [422, code])
    }
  })

  test('without traders at their desks there are no requisites', async () => {
    for (const { id } of simulators.desks.traders('volga')) simulators.desks.setTrader('volga', id, { active: false })
    const { status, text } = await create()
    assert.deepEqual([status, JSON.parse(text).code], [409, 'NO_REQUISITES'])
  })

  test('it passes the conformance run of the kit, which leaves its payments cancelled', async () => {
    const { endpoint_url: url, api_key: apiKey } = simulators.desks.credentials('volga')
    const amounts = { amount: '3900', amountAboveMax: '1000000.01' }
    const report = await runConformance({
      url,
      apiKey,
      methods: ['card', 'sbp', 'account'],
      currency: 'RUB',
      ...amounts,
    })
    assert.deepEqual(
      report.checks.filter(({ passed }) => !passed),
      [],
    )
    assert.ok(payments().length > 10)
    assert.ok(payments().every(({ status }) => status === 'failed'))
  })

  test('a wrong key and an unknown desk', async () => {
    assert.equal((await post('{}', { 'x-api-key': 'sim_cascade_key_neva' })).status, 401)
    assert.equal((await fetch(`${simulators.url}/traders/nobody/cascade`, { method: 'POST' })).status, 404)
  })

  test('a repeat under one idempotency key is one payment, even when the first answer was lost', async () => {
    step('e500:created')
    const headers = { 'idempotency-key': 'attempt-1' }
    assert.equal((await post(writeEvent('CREATE_PAYMENT', asking('100')), headers)).status, 500)
    const { status, text } = await post(writeEvent('CREATE_PAYMENT', asking('100')), headers)
    assert.deepEqual([status, JSON.parse(text).id], [201, payments()[0]?.id])
    assert.equal(payments().length, 1)
  })
})

describe('answers to CREATE_PAYMENT that are no requisites', () => {
  const cases: [string, number, string | null, number][] = [
    ['refuse:NO_REQUISITES', 409, 'NO_REQUISITES', 0],
    ['refuse:INSUFFICIENT_BALANCE', 402, 'INSUFFICIENT_BALANCE', 0],
    ['refuse:AMOUNT_OUT_OF_RANGE', 422, 'AMOUNT_OUT_OF_RANGE', 0],
    ['refuse_plain:418', 418, null, 0],
    ['throttle:7', 429, 'THROTTLED', 0],
    ['unauthorized', 401, null, 0],
    ['create_failed', 200, null, 0],
    ['e500:not_created', 500, 'INTERNAL', 0],
    ['e500:created', 500, null, 1],
    ['redirect', 302, null, 0],
  ]
  for (const [text, status, code, created] of cases) {
    test(text, async () => {
      step(text)
      const reply = await create()
      assert.equal(reply.status, status)
      if (code) assert.equal(JSON.parse(reply.text).code, code)
      assert.equal(payments().length, created)
      if (text === 'throttle:7') assert.equal(reply.headers.get('retry-after'), '7')
      if (text === 'redirect') assert.ok(reply.headers.get('location'))
      if (text === 'create_failed') assert.equal(JSON.parse(reply.text).status, 'failed')
    })
  }

  for (const [text, created] of [
    ['timeout:not_created', 0],
    ['timeout:created', 1],
  ] as const) {
    test(`${text} never answers`, async () => {
      step(text)
      const { endpoint_url } = simulators.desks.credentials('volga')
      const caller = new AbortController()
      const call = fetch(endpoint_url, {
        method: 'POST',
        headers: keyOf('volga'),
        body: writeEvent('CREATE_PAYMENT', asking('100')),
        signal: caller.signal,
      })
      while (simulators.desks.calls('volga').length === 0) await new Promise(setImmediate)
      assert.equal(simulators.desks.calls('volga')[0]?.status, 'hang')
      caller.abort()
      await assert.rejects(call, { name: 'AbortError' })
      assert.equal(payments().length, created)
    })
  }

  test('reset cuts the connection', async () => {
    step('reset')
    await assert.rejects(create(), { name: 'TypeError' })
    assert.equal(simulators.desks.calls('volga')[0]?.status, 'reset')
  })
})

describe('answers to CREATE_PAYMENT that break the contract, though the payment exists', () => {
  const documentAfter = async (text: string) => {
    step(text)
    const reply = await create()
    assert.equal(payments().at(-1)?.step.name, text.split(':')[0])
    return { ...reply, document: JSON.parse(reply.text) }
  }

  test('bad_json', async () => {
    step('bad_json')
    const { status, text } = await create()
    assert.equal(status, 200)
    assert.throws(() => JSON.parse(text), SyntaxError)
    assert.equal(payments().length, 1)
  })

  test('wrong_types', async () => {
    const { document } = await documentAfter('wrong_types')
    assert.deepEqual([document.bank, Array.isArray(document.owner), document.cardNumber], [5, true, true])
  })

  test('missing:<field>', async () => {
    for (const field of ['bank', 'id', 'status', 'owner', 'cardNumber']) {
      const { document } = await documentAfter(`missing:${field}`)
      assert.equal(Object.keys(document).length, 4)
      assert.ok(!Object.hasOwn(document, field))
    }
  })

  test('wrong_method', async () => {
    const { document } = await documentAfter('wrong_method')
    assert.deepEqual([document.cardNumber, typeof document.sbpNumber], [undefined, 'string'])
  })

  test('duplicate_id', async () => {
    const before = await issued()
    assert.equal((await documentAfter('duplicate_id')).document.id, before)
  })

  test('number_id is a number on the wire, and the payment is found by its text', async () => {
    const { text, document } = await documentAfter('number_id')
    assert.match(text, new RegExp(`"id":${payments()[0]?.id}[,}]`))
    assert.equal(await statusOf(String(document.id)), 'pending')
  })

  test('luhn_bad, huge, and success at once', async () => {
    const digits = [...(await documentAfter('luhn_bad')).document.cardNumber.replace(/ /g, '')].reverse()
    const sum = digits
      .map((digit: string, index: number) => Number(digit) * (index % 2 === 0 ? 1 : 2))
      .reduce((total: number, value: number) => total + (value > 9 ? value - 9 : value), 0)
    assert.notEqual(sum % 10, 0)
    assert.ok((await documentAfter('huge')).text.length > 1_000_000)
    const { document } = await documentAfter('issue_now_success')
    assert.equal(document.status, 'success')
    assert.equal(await statusOf(document.id), 'pending')
  })

  test('slow and late answers are right', async () => {
    for (const text of ['slow:5', 'late_answer:0.005']) {
      step(text)
      const reply = await create()
      assert.equal(JSON.parse(reply.text).id, payments().at(-1)?.id)
    }
  })
})
