import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { saveAccount } from '../accounts/save-account.ts'
import { saveExchangeRates } from '../directory/exchange-rate.ts'
import { loadStarterDirectory } from '../directory/load-starter.ts'
import { loadRouting, type Routing } from '../routing/load-routing.ts'
import { byConversion, byCost, sampleRule, sampleScheme } from '../routing/rules/sample-routing.ts'
import { saveTariff } from '../routing/save-tariff.ts'
import type { Strategy } from '../routing/scheme.ts'
import { loadMarket } from './load-market.ts'

let world: TestContext
const account_id = 'coma_MarketOfTests001'

before(async () => {
  world = await testContext()
  const { ctx } = world
  await loadStarterDirectory(ctx)
  await saveAccount(ctx, { id: account_id, name: 'Market', base_currency: 'USD', currencies: ['USD'] })
  await ctx.sql`
    insert into gateways (gateway_id, name, connector, test_mode, credentials_encrypted, merchant_account_id)
    values (1, 'One', 'acquirer', true, ${Buffer.from('none')}, 'ma_1')`
  assert.equal(await saveTariff(ctx, 1, { currency: 'EUR', exponent: 2 }, new Map([['fix', '0.10']])), null)
  await saveExchangeRates(ctx, account_id, [{ from: 'EUR', to: 'USD', rate: '1.1' }])
})
after(() => world.close())

async function marketOf(strategy: Strategy) {
  const { gateways, version_id } = await loadRouting(world.ctx, account_id)
  const routing: Routing = { version_id, gateways, scheme: sampleScheme([sampleRule('r', {}, strategy)]) }
  return loadMarket(world.ctx, account_id, routing, 'USD')
}

test('only what the strategies of the scheme ask for is loaded', async () => {
  assert.deepEqual(Object.keys(await marketOf({ type: 'priority', routes: [{ gateway_id: 1 }] })), [])
  assert.deepEqual(Object.keys(await marketOf(byCost(1))), ['prices'])
  assert.deepEqual(Object.keys(await marketOf(byConversion(1))), ['statistics'])
  assert.deepEqual(Object.keys(await marketOf({ ...byCost(1), then: 'conversion' })), ['prices', 'statistics'])
})

test('tariffs in another currency come with the rate into the payment’s', async () => {
  const { prices } = await marketOf(byCost(1))
  assert.deepEqual(
    [...(prices?.rates ?? [])].map(([code, rate]) => [code, Number(rate)]),
    [['EUR', 1.1]],
  )
  assert.deepEqual([prices?.exponents.get('EUR'), prices?.exponents.get('JPY')], [2, 0])
})
