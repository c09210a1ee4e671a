import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { createSimulators, type Simulators } from '../simulators.ts'

let simulators: Simulators
before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
})
beforeEach(() => simulators.control.reset())
after(() => simulators.close())

let serial = 0
function charge(): Promise<Response> {
  serial += 1
  const reference = `control-${serial}`
  return fetch(`${simulators.url}/acquirer/payments`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer sim_key_second',
      'idempotency-key': reference,
    },
    body: JSON.stringify({
      terminal: 'second',
      reference,
      operation: 'charge',
      test: true,
      amount: '1000',
      currency: 'USD',
      card: { number: '5519283812030000', exp_month: '12', exp_year: '2049', cvv: '123' },
      return_url: 'http://127.0.0.1:1/back',
      notification_url: 'http://127.0.0.1:1/told',
    }),
  })
}

test('one press sets the whole script, another one puts it back', async () => {
  const press = (preset: string) =>
    fetch(`${simulators.url}/control/terminals/first/preset`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ preset }),
    })
  const first = () => simulators.control.terminals().find(({ name }) => name === 'first')
  simulators.control.setScript('first', { refunds: 'decline', delay_ms: 7 })
  assert.equal(first()?.preset, null)
  assert.equal((await press('decline_some')).headers.get('location'), '/control?saved=first#first')
  const { script } = first() ?? {}
  assert.deepEqual(
    [first()?.preset, script?.decline_percent, script?.delay_ms, script?.refunds, script?.decline_by_amount],
    ['decline_some', 30, 0, 'approve', true],
  )
  await press('ordinary')
  assert.deepEqual([first()?.preset, first()?.script.decline_percent], ['ordinary', 0])
  assert.equal((await press('explode')).status, 422)
  assert.equal(first()?.preset, 'ordinary')
  const foreign = await fetch(`${simulators.url}/control/terminals/first/preset`, {
    method: 'POST',
    headers: { origin: 'https://evil.example' },
    body: new URLSearchParams({ preset: 'down' }),
  })
  assert.equal(foreign.status, 403)
  const redirect = await fetch(`${simulators.url}/control/terminals/redirect/preset`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ preset: 'decline_some' }),
  })
  assert.equal(redirect.status, 422, 'its payers decide, a share of declines means nothing to it')
})

test('the figures count every charge of the last minute once, by how it ended', async () => {
  const figures = () => simulators.control.terminals().find(({ name }) => name === 'second')?.last_minute
  const pay = () => charge().catch(() => null)
  await pay()
  await pay()
  for (const preset of ['decline', 'down']) {
    simulators.control.setPreset('second', preset)
    await pay()
  }
  simulators.control.setScript('second', { answer: 'error_after' })
  await pay()
  simulators.control.setScript('second', { answer: 'throttled' })
  await pay()
  simulators.control.setScript('second', { answer: 'pending' })
  await pay()
  assert.deepEqual(figures(), { asked: 7, approved: 2, declined: 1, waiting: 1, unanswered: 2, refused: 1 })
  const page = await fetch(`${simulators.url}/control/figures`)
  const text = await page.text()
  assert.match(text, /<b>7<\/b> asked.*<b>2<\/b> approved.*<b>1<\/b> declined.*<b>2<\/b> unanswered/s)
  assert.equal(page.headers.get('refresh'), '2')
  assert.equal((await fetch(`${simulators.url}/control/figures?paused`)).headers.get('refresh'), null)
  simulators.control.reset()
  assert.equal(figures()?.asked, 0)
})
