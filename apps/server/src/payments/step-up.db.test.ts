import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Simulation } from '@cascad/connector'
import { type CardWorld, decisions, newKey, openCardWorld, otherAccount } from '../../../../tests/card-world.ts'
import { serialNumber } from '../ids.ts'
import { saveSettings } from '../routing/cascade-settings.ts'
import { unifiedCodeOf } from '../routing/rules/unified-code-of.ts'
import type { Attempt, Payment } from './payment.ts'

const visa = '4200000000000000'

let world: CardWorld
const pay: CardWorld['pay'] = (wish) => world.pay(wish)

before(async () => {
  world = await openCardWorld()
})
after(() => world?.close())

test('a refused authentication of the issuer leads to the same gateway again, once, with 3-D Secure', async () => {
  const wish = { number: '4200000000100115', key: newKey(), steps: null }
  const stepped = await pay({ ...wish, drive: { cascading: false } })
  assert.deepEqual(decisions(stepped), [
    [408, 'step_up'],
    [408, 'win'],
  ])
  const [first, second] = stepped.attempts
  assert.ok(first && second && first.id !== second.id && first.reference !== second.reference)
  const alone = await pay({ ...wish, key: newKey(), merchant_initiated: true })
  assert.deepEqual(decisions(alone), [[408, 'stop_class_authentication_required']])
})

test('a step-up that is declined again ends there, or goes on by its own class', async () => {
  const again = await pay({ number: visa, key: newKey(), steps: { '408': 'decline:1A', '*': 'approve' } })
  assert.deepEqual(decisions(again), [
    [408, 'step_up'],
    [408, 'stop_class_authentication_required'],
  ])
  const onward = await pay({
    number: visa,
    key: newKey(),
    steps: { '408': ['decline:1A', 'decline:96'], '*': 'approve' },
  })
  assert.deepEqual(decisions(onward), [
    [408, 'step_up'],
    [408, 'hop'],
    [409, 'win'],
  ])
})

test('a failed authentication stops, a decline after one without a question may hop', async () => {
  const codes = { N: 'F.4001', R: 'F.4002', U: 'F.4003' }
  for (const [result, code] of Object.entries(codes)) {
    const steps = { '408': `3ds:${result}`, '*': 'approve' }
    const stopped = await pay({ number: visa, key: newKey(), steps, three_ds: 'auto' })
    assert.deepEqual(decisions(stopped), [[408, 'stop_class_three_ds_failed']], result)
    assert.equal(unifiedCodeOf(stopped.attempts[0] as Attempt), code)
  }
  const steps = { '408': '3ds:Y', '*': 'approve' }
  const hopped = await pay({ number: '4200000000100016', key: newKey(), steps, three_ds: 'auto' })
  assert.equal(hopped.attempts[0]?.card_facts?.three_ds?.pa_status, 'Y')
  assert.deepEqual(decisions(hopped), [
    [408, 'hop'],
    [409, 'win'],
  ])
})

const quotas: readonly (readonly [steps: Simulation['scenario'], expected: readonly string[]])[] = [
  [{ '*': 'decline:05' }, ['hop', 'stop_quota_soft_generic']],
  [{ '408': 'decline:96', '409': 'decline:05', '410': 'approve' }, ['hop', 'hop', 'win']],
  [{ '*': 'decline:91' }, ['hop', 'stop_quota_issuer_technical']],
]
for (const [steps, expected] of quotas) {
  test(`quotas: ${Object.values(steps ?? {}).join(', ')} → ${expected.join(', ')}`, async () => {
    const done = await pay({ number: visa, key: newKey(), steps })
    assert.deepEqual(
      done.attempts.map(({ decision }) => decision),
      expected,
    )
  })
}

/** Somebody has charged the card at the first gateway under the reference that our attempt will have. */
async function chargeBefore({ id, test_mode }: Payment): Promise<void> {
  const { ctx } = world
  const [row] = await ctx.sql<{ credentials_encrypted: Buffer }[]>`
    select credentials_encrypted from gateways where gateway_id = 408`
  assert.ok(row)
  const credentials = JSON.parse(ctx.secrets.decrypt(row.credentials_encrypted, 'gateway:408'))
  const response = await fetch(`${credentials.base_url}/payments`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${credentials.api_key}`,
      'content-type': 'application/json',
      'idempotency-key': `before-${id}`,
    },
    body: JSON.stringify({
      terminal: credentials.terminal,
      reference: `${serialNumber(id)}-1`,
      operation: 'charge',
      test: test_mode,
      amount: '10000',
      currency: 'USD',
      description: null,
      card: { number: '5519283812030000', exp_month: '12', exp_year: '2030', cvv: '123', holder: null },
      tokenize: false,
      customer: { email: null, name: null, phone: null },
      client_ip: null,
      browser: {},
      return_url: 'http://127.0.0.1:9/back',
      notification_url: 'http://127.0.0.1:9/news',
    }),
  })
  assert.equal(response.status, 200, await response.text())
}

test('what a gateway calls a double is looked up: approved there is approved, else the decline stands', async () => {
  const found = await pay({ number: visa, key: newKey(), steps: 'approve', first: chargeBefore })
  assert.deepEqual(decisions(found), [[408, 'win']])
  const declined = await pay({ number: visa, key: newKey(), steps: 'decline:94' })
  assert.deepEqual(decisions(declined), [[408, 'stop_class_duplicate']])
})

test('settings of the account lower a ceiling, and of a gateway read a code more strictly', async () => {
  const { ctx } = world
  const saved = await saveSettings(ctx, { owner: otherAccount, written: { visa_30d_limit: 1 }, changed_by: 'ann' })
  assert.ok('version' in saved)
  const raised = await saveSettings(ctx, { owner: otherAccount, written: { visa_30d_limit: 21 }, changed_by: 'ann' })
  assert.ok('mistakes' in raised)
  const key = newKey()
  const declined = await pay({ number: visa, key, steps: 'decline:96', account: otherAccount })
  assert.equal(declined.attempts.length, 1)
  assert.equal(declined.attempts[0]?.decision, 'stop_network')
  const overrides = [{ kind: 'network_code', code: '96', class: 'issuer_risk' }]
  await saveSettings(ctx, { owner: '408', written: { class_overrides: overrides }, changed_by: 'ann' })
  assert.deepEqual(decisions(await pay({ number: visa, key: newKey(), steps: 'decline:96' })), [
    [408, 'stop_class_issuer_risk'],
  ])
  await saveSettings(ctx, { owner: '408', written: {}, changed_by: 'ann' })
})
