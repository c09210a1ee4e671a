import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import fc from 'fast-check'
import { createSimulators, type Simulators } from '../simulators.ts'
import { callDesk } from './call-desk.ts'

let simulators: Simulators
before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1', seed: 1 })
})
beforeEach(() => simulators.desks.reset(1))
after(() => simulators.close())

const { post, send, create, issued } = callDesk(() => simulators)
const payments = () => simulators.desks.payments('volga')

describe('the control API', () => {
  const call = async (path: string, body?: object, method = body ? 'POST' : 'GET', headers = {}) => {
    const response = await fetch(`${simulators.url}/control/traders${path}`, {
      method,
      headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, document: (await response.json()) as Record<string, unknown> }
  }

  test('scripts match, run in order, repeat, and end', async () => {
    const set = (body: object) => call('/volga/script', body)
    await set({ match: { method: 'sbp' }, steps: ['refuse:NO_REQUISITES', 'create_failed'], repeat: 2 })
    await set({ match: { amount: '50', currency: 'RUB' }, steps: ['refuse_plain:410'], repeat: null })
    const statuses = async (amount: string, method: 'card' | 'sbp', times: number) => {
      const found: number[] = []
      for (let i = 0; i < times; i += 1) found.push((await create(amount, method)).status)
      return found
    }
    assert.deepEqual(await statuses('100', 'card', 1), [201])
    assert.deepEqual(await statuses('100', 'sbp', 5), [409, 200, 409, 200, 201])
    assert.deepEqual(await statuses('50', 'sbp', 3), [410, 410, 410])
    await call('/volga/scripts/forget', {})
    assert.deepEqual(await statuses('50', 'sbp', 1), [201])
  })

  test('payments, appeals, clock, log and reset', async () => {
    const id = await issued()
    assert.equal((await call(`/volga/payments/${id}`, { status: 'success' })).document.status, 'success')
    const appealId = JSON.parse((await send('CREATE_APPEAL', { id, amount: '1', url: 'http://a/r.pdf' })).text).appealId
    const judged = await call(`/volga/appeals/${appealId}`, { verdict: 'reject', reason: 'wrong_requisites' })
    assert.deepEqual([judged.document.verdict, judged.document.reason], ['reject', 'wrong_requisites'])
    const { document: log } = await call('/volga/log')
    assert.deepEqual(
      (log.log as { status: number }[]).map(({ status }) => status),
      [201, 200],
    )
    assert.doesNotMatch(JSON.stringify(log), /sim_cascade_key/)
    const before_ms = simulators.desks.now_ms()
    await call('/clock', { advance_s: 3_600 })
    assert.ok(simulators.desks.now_ms() - before_ms >= 3_600_000)
    assert.equal(((await call('/volga/payments')).document.payments as object[]).length, 1)
    assert.equal((await call('', undefined, 'DELETE')).status, 200)
    assert.deepEqual((await call('/volga/payments')).document.payments, [])
    assert.deepEqual((await call('/volga/appeals')).document.appeals, [])
  })

  test('mistakes are told, and nothing is set', async () => {
    for (const [path, body] of [
      ['/volga/script', { steps: ['fly'] }],
      ['/volga/script', { steps: [] }],
      ['/volga/script', { steps: ['issue'], repeat: 0 }],
      ['/volga/script', { steps: ['issue'], match: { colour: 'red' } }],
      ['/nobody/script', { steps: ['issue'] }],
      ['/volga/payments/nobody', { status: 'success' }],
      ['/volga/appeals/nobody', { verdict: 'accept' }],
      ['/volga/traders/nobody', { active: true }],
      ['/clock', { advance_s: -1 }],
    ] as const) {
      const { status, document } = await call(path, body)
      assert.equal(status, 422, path)
      assert.ok((document.error as { text: string }).text.length > 0)
    }
    assert.equal(simulators.desks.find('volga')?.scripts.length, 0)
    assert.equal((await create()).status, 201)
    assert.equal((await call('/nobody/payments')).status, 422)
  })

  test('another site cannot set anything', async () => {
    const headers = { origin: 'https://evil.example' }
    assert.equal((await call('/volga/script', { steps: ['reset'] }, 'POST', headers)).status, 403)
    assert.equal((await call('', undefined, 'DELETE', headers)).status, 403)
  })
})

test('the page shows desks, payments and appeals, and its forms work', async () => {
  const id = await issued()
  assert.equal((await send('CREATE_APPEAL', { id, amount: '1', url: 'javascript:alert(1)' })).status, 422)
  assert.equal((await send('CREATE_APPEAL', { id, amount: '1', url: 'http://a/"><script>' })).status, 200)
  const form = (path: string, fields: Record<string, string>) =>
    fetch(`${simulators.url}/control/traders${path}`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(fields),
    })
  assert.equal((await form('/volga/script', { step: 'refuse', argument: 'OTHER', repeat: '' })).status, 303)
  assert.equal((await create()).status, 400)
  assert.equal((await form(`/volga/payments/${id}`, { status: 'success' })).status, 303)
  assert.equal(payments()[0]?.set_status, 'success')
  assert.equal((await form('/volga/traders/trader-1', { active: 'false' })).status, 303)
  assert.equal(simulators.desks.traders('volga')[0]?.active, false)
  assert.equal((await form('/clock', { advance_s: '60' })).status, 303)
  assert.equal((await form('/volga/script', { step: 'issue', argument: '', repeat: 'often' })).status, 422)
  const page = await (await fetch(`${simulators.url}/control/traders`)).text()
  assert.match(page, new RegExp(`<code>${id}</code>`))
  assert.match(page, /next: refuse:OTHER/)
  assert.match(page, /Call back/)
  assert.doesNotMatch(page, /"><script>/)
})

test('any JSON to a desk gets a documented answer, and every call is kept', async () => {
  simulators.desks.addDesk('fuzzed', { amount_min: '0.01', amount_max: '1000000000' })
  const { api_key } = simulators.desks.credentials('fuzzed')
  const field = fc.oneof(fc.anything(), fc.constantFrom<unknown>('card', 'sbp', 'RUB', 30, 0.1, 3900, 'http://a'))
  const body = fc.record({
    event: fc.constantFrom('CREATE_PAYMENT', 'CascadeEvents.GET_PAYMENT', 'CREATE_APPEAL', 'CONFIRM_APPEAL', 'x'),
    data: fc.dictionary(
      fc.constantFrom('id', 'amount', 'method', 'currencyRate', 'currency', 'transactionWindowInMin', 'url'),
      field,
    ),
  })
  let sent = 0
  await fc.assert(
    fc.asyncProperty(body, async (value) => {
      let text: string
      try {
        text = JSON.stringify(value)
      } catch {
        return
      }
      sent += 1
      const { status } = await post(text, { 'x-api-key': api_key }, 'fuzzed')
      assert.ok([200, 201, 400, 404, 409, 422].includes(status), String(status))
    }),
    { numRuns: 200 },
  )
  assert.equal(simulators.desks.calls('fuzzed').length, sent)
})
