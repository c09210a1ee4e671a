import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { forgetRouting } from '../routing/load-routing.ts'
import { connectGateway } from './connect-gateway.ts'
import { countSkips } from './count-skips.ts'
import type { Provider } from './provider.ts'
import { readSkips } from './read-skips.ts'
import { addProvider } from './sample-provider.ts'

let t: TestContext
let provider: Provider
let now = new Date('2026-03-10T12:30:00Z')
before(async () => {
  t = await testContext({ now: () => now })
  provider = await addProvider(t.ctx.sql, 0n)
  for (const [gateway_id, test_mode] of [
    [901, false],
    [902, false],
    [903, true],
  ] as const) {
    await t.ctx.sql`
      insert into gateways (gateway_id, name, connector, test_mode, credentials_encrypted, merchant_account_id)
      values (${gateway_id}, ${`Desk ${gateway_id}`}, 'acquirer', ${test_mode}, ${Buffer.from('none')}, 'ma_1')`
    await connectGateway(t.ctx, provider.id, gateway_id)
  }
  forgetRouting(t.ctx)
})
after(() => t.close())

test('skips are counted by the hour and told for the last 24 hours, for own connections of the mode', async () => {
  countSkips(t.ctx, [
    { gateway_id: 901, reason: 'rate_stale' },
    { gateway_id: 902, reason: 'balance_insufficient' },
    { gateway_id: 903, reason: 'breaker_open' },
    { gateway_id: 904, reason: 'rate_stale' },
  ])
  countSkips(t.ctx, [{ gateway_id: 902, reason: 'balance_insufficient' }])
  const first = await readSkips(t.ctx, provider.id, false)
  assert.deepEqual(first.since, new Date('2026-03-09T13:00:00Z'))
  assert.deepEqual(
    [...first.counts],
    [
      { gateway_id: 902, reason: 'balance_insufficient', payments: 2 },
      { gateway_id: 901, reason: 'rate_stale', payments: 1 },
    ],
  )
  assert.deepEqual(
    first.connections.map(({ gateway_id }) => gateway_id),
    [901, 902],
  )

  now = new Date('2026-03-11T11:59:00Z')
  countSkips(t.ctx, [{ gateway_id: 901, reason: 'rate_stale' }])
  assert.deepEqual((await readSkips(t.ctx, provider.id, false)).counts[0], {
    gateway_id: 901,
    reason: 'rate_stale',
    payments: 2,
  })

  now = new Date('2026-03-11T12:00:00Z')
  assert.deepEqual(
    [...(await readSkips(t.ctx, provider.id, false)).counts],
    [{ gateway_id: 901, reason: 'rate_stale', payments: 1 }],
  )
  assert.equal((await readSkips(t.ctx, provider.id, true)).counts.length, 0)
})

test('hours of more than a month ago are forgotten', async () => {
  now = new Date('2026-05-01T00:00:00Z')
  countSkips(t.ctx, [{ gateway_id: 901, reason: 'rate_stale' }])
  await readSkips(t.ctx, provider.id, false)
  const rows = await t.ctx.sql`select hour from connection_skips where gateway_id = 901`
  assert.deepEqual(
    rows.map(({ hour }) => hour),
    [now],
  )
})
