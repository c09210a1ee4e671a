/** For tests: a provider with a connection to a simulated desk of traders, in either mode. */
import assert from 'node:assert/strict'
import { after, before, beforeEach } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createSimulators } from '../../../simulators/src/simulators.ts'
import type { Config } from '../config.ts'
import type { Context } from '../context.ts'
import { loadStarterDirectory } from '../directory/load-starter.ts'
import { createGateway } from '../routing/create-gateway.ts'
import { getGateway } from '../routing/load-routing.ts'
import { connectGateway } from './connect-gateway.ts'
import { createProvider } from './create-provider.ts'
import { endpointOf } from './endpoint.ts'
import type { Provider } from './provider.ts'
import { findConnection, type OwnConnection } from './read-connection.ts'
import { saveConnection } from './save-connection.ts'
import { type CredentialsSaved, type CredentialsWish, saveCredentials } from './save-credentials.ts'
import { saveProviderRate } from './save-rate.ts'
import { type TestResult, testConnection } from './test-connection.ts'

export type Desk = { readonly endpoint_url: string; readonly api_key: string }

/** A new provider in USDT whose gateway of this number has no endpoint yet; roubles at 85.5. */
export async function addConnection(ctx: Context, gateway_id: number, test_mode: boolean): Promise<Provider> {
  const provider = await createProvider(ctx, {
    name: `Desk ${gateway_id}`,
    settlement_currency: 'USDT',
    settlement_scale: 6,
    low_balance_alert_minor: 0n,
  })
  const [connector = ''] = [...ctx.connectors.values()].flatMap(({ id, requisites }) => (requisites ? [id] : []))
  assert.equal(await createGateway(ctx, { gateway_id, name: `Desk ${gateway_id}`, connector, test_mode }), null)
  assert.ok(await connectGateway(ctx, provider.id, gateway_id))
  const rate = { source: 'sample', from: 'USDT', to: 'RUB', rate: '84.6535', as_of: null }
  assert.equal(await saveProviderRate(ctx, rate), null)
  const terms = { rate_source: 'sample', rate_margin_percent: '1', currencies: ['RUB'] }
  assert.equal(await saveConnection(ctx, await connectionOf(ctx, gateway_id), terms), null)
  return provider
}

export async function connectionOf(ctx: Context, gateway_id: number): Promise<OwnConnection> {
  return (await findConnection(ctx, null, gateway_id)) ?? assert.fail(`there is no connection ${gateway_id}`)
}

export async function save(ctx: Context, gateway_id: number, wish: CredentialsWish): Promise<CredentialsSaved> {
  return saveCredentials(ctx, await connectionOf(ctx, gateway_id), wish, 'owner@desk.example')
}

export async function check(
  ctx: Context,
  gateway_id: number,
  wish: Parameters<typeof testConnection>[2] = {},
): Promise<Extract<TestResult, { type: 'tested' }>> {
  const result = await testConnection(ctx, await connectionOf(ctx, gateway_id), wish, 'owner@desk.example')
  assert.ok(result.type === 'tested', JSON.stringify(result))
  return result
}

/** The gateways of `openConnections`, of one provider each: live, in use at the desk volga; in test mode, without an endpoint. */
export const [live, trial] = [701, 702]

/** Before each test nothing waits, nothing is misconfigured, and the desks are as new. */
export function openConnections() {
  let world: Awaited<ReturnType<typeof deskWorld>>
  let seed = 1
  before(async () => {
    world = await deskWorld()
    await addConnection(world.ctx, live, false)
    await addConnection(world.ctx, trial, true)
  })
  beforeEach(async () => {
    const { ctx, desks, volga } = world
    seed += 1
    desks.reset(seed)
    await ctx.sql`update provider_connections set pending_encrypted = null, pending_at = null`
    assert.equal((await save(ctx, live, volga)).type, 'saved')
    // It may be in use already, by an earlier test.
    if ((await connectionOf(ctx, live)).row.pending_encrypted) assert.ok((await check(ctx, live)).passed)
    await ctx.sql`
      update provider_connections set misconfigured_at = null, misconfigured_reason = null, credentials_at = null, tested_at = null`
    desks.reset(seed)
  })
  after(() => world.close())
  return {
    world: () => world,
    usedBy: async (gateway_id: number) => endpointOf((await getGateway(world.ctx, gateway_id))?.credentials),
    isWaiting: async (gateway_id: number) => (await connectionOf(world.ctx, gateway_id)).row.pending_encrypted !== null,
  }
}

/** Close it when done. */
export async function deskWorld(options: { readonly config?: Partial<Config>; readonly now?: () => Date } = {}) {
  const simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1', seed: 1 })
  const world: TestContext = await testContext(options)
  await loadStarterDirectory(world.ctx)
  return {
    ctx: world.ctx,
    simulators,
    desks: simulators.desks,
    volga: simulators.desks.credentials('volga') as Desk,
    neva: simulators.desks.credentials('neva') as Desk,
    async close(): Promise<void> {
      await simulators.close()
      await world.close()
    },
  }
}
