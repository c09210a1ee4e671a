/** Brings the demo providers into the database: their endpoints at the simulators, terms, rate, and a first balance. */
import { parseAmount } from '@cascad/money'
import { type DemoProvider, demoProviders, demoRate, demoSettlement } from '../../demo/providers.ts'
import { connectGateway } from '../cascades/connect-gateway.ts'
import { endpointOf } from '../cascades/endpoint.ts'
import { findProvider } from '../cascades/find-provider.ts'
import { readBalance } from '../cascades/read-balance.ts'
import { saveProviderRate } from '../cascades/save-rate.ts'
import { topUpDemo } from '../cascades/top-up-demo.ts'
import type { Context } from '../context.ts'
import { replaceCredentials } from '../routing/replace-credentials.ts'
import { selectGateway, upsertConnectionTerms, upsertGateway, upsertProvider } from './table.ts'

export async function seedProviders(ctx: Context, simulators: string): Promise<void> {
  const { margin_percent, ...rate } = demoRate
  const wrong = await saveProviderRate(ctx, { ...rate, as_of: null })
  if (wrong) throw new Error(`The demo rate is wrong: ${wrong}.`)
  for (const provider of demoProviders) await seedProvider(ctx, provider, simulators, margin_percent)
}

async function seedProvider(
  ctx: Context,
  given: DemoProvider,
  simulators: string,
  margin_percent: string,
): Promise<void> {
  const { id, name, low_balance_alert } = given
  await upsertProvider(
    ctx.sql,
    {
      id,
      name,
      settlement_currency: demoSettlement.currency,
      settlement_scale: demoSettlement.scale,
      low_balance_alert_minor: minorOf(low_balance_alert),
    },
    ctx.now(),
  )
  const provider = await findProvider(ctx.sql, id)
  if (!provider) throw new Error(`The demo provider ${name} is not there.`)
  for (const test_mode of [true, false]) {
    const gateway_id = test_mode ? given.test_gateway_id : given.live_gateway_id
    await seedGateway(ctx, given, gateway_id, test_mode, simulators)
    await connectGateway(ctx, id, gateway_id)
    await upsertConnectionTerms(ctx.sql, gateway_id, demoRate.source, margin_percent)
    const { total_minor } = await readBalance(ctx.sql, provider, test_mode)
    if (total_minor === 0n) await topUpDemo(ctx, provider, test_mode, minorOf(given.balance))
  }
}

/**
 * What its people have put there since stays: the endpoint is set again only where it is the simulator's still, which may have moved
 * to another port, or where nobody can read it.
 */
async function seedGateway(
  ctx: Context,
  { name, desk, priority }: DemoProvider,
  gateway_id: number,
  test_mode: boolean,
  simulators: string,
): Promise<void> {
  const path = `/traders/${desk}/cascade`
  const credentials = { endpoint_url: simulators + path, api_key: `sim_cascade_key_${desk}` }
  const known = await readEndpoint(ctx, gateway_id)
  if (known) {
    const isOurs = known.api_key === credentials.api_key && known.endpoint_url?.endsWith(path) === true
    if (isOurs && (known.endpoint_url !== credentials.endpoint_url || known.status === 'misconfigured'))
      await replaceCredentials(ctx, ctx.sql, gateway_id, (before) => ({ ...before, ...credentials }))
    return
  }
  await upsertGateway(
    ctx.sql,
    {
      gateway_id,
      name,
      connector: 'cascade',
      test_mode,
      credentials_encrypted: ctx.secrets.encrypt(JSON.stringify(credentials), `gateway:${gateway_id}`),
      merchant_code: null,
      merchant_account_id: `ma_Gateway${String(gateway_id).padStart(9, '0')}`,
      currencies: ['RUB'],
      priority,
      failure_domain: desk,
    },
    ctx.now(),
  )
}

/** `null` = there is none, or it was encrypted with another secret key. */
async function readEndpoint(ctx: Context, gateway_id: number) {
  const row = await selectGateway(ctx.sql, gateway_id)
  try {
    const text = row && ctx.secrets.decrypt(row.credentials_encrypted, `gateway:${gateway_id}`)
    return text === null ? null : { ...endpointOf(JSON.parse(text)), status: row!.status }
  } catch {
    return null
  }
}

function minorOf(amount: string): bigint {
  const minor = parseAmount(amount, demoSettlement.scale)
  if (typeof minor === 'string') throw new Error(`The demo amount ${amount} is ${minor}.`)
  return minor
}
