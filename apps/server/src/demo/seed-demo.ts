import { parseAmount } from '@cascad/money'
import { type DemoAccount, demoAccounts } from '../../demo/accounts.ts'
import { type DemoGateway, demoGateways } from '../../demo/gateways.ts'
import { getAccount } from '../accounts/find-account.ts'
import { saveAccount } from '../accounts/save-account.ts'
import { saveKeys } from '../accounts/save-keys.ts'
import type { Context } from '../context.ts'
import { getExponent } from '../directory/currencies.ts'
import { saveExchangeRates } from '../directory/exchange-rate.ts'
import { forgetServices } from '../directory/find-service.ts'
import { loadStarterDirectory } from '../directory/load-starter.ts'
import { freeTerms, type ServiceTerms, saveAccountServices } from '../directory/save-account-services.ts'
import { starterPaymentServices } from '../directory/starter/services.ts'
import { forgetRouting } from '../routing/load-routing.ts'
import { publishFirstScheme } from '../routing/publish-scheme.ts'
import { demoKeys } from './demo-keys.ts'
import { seedPeople } from './seed-people.ts'
import { seedProviders } from './seed-providers.ts'
import { seedShops } from './seed-shops.ts'
import { upsertGateway } from './table.ts'

/** Addresses without a slash at the end. The last two: who is told when nobody else asked to be, such as the demo shop. */
export type DemoUrls = {
  readonly simulators: string
  readonly callbacks?: string
  /** The same for shops of the Card API. */
  readonly notifications?: string
}

/**
 * Brings the demo world into the database: directory, gateways that point at the simulators, merchants with keys, services,
 * rates and a routing scheme. Run at every start: what the demo files say is set again, payments and the rest stay.
 */
export async function seedDemo(ctx: Context, urls: DemoUrls): Promise<void> {
  await loadStarterDirectory(ctx)
  for (const gateway of demoGateways) await seedGateway(ctx, gateway, urls)
  await seedProviders(ctx, urls.simulators)
  await seedPeople(ctx)
  for (const account of demoAccounts) await seedAccount(ctx, account, urls)
  await seedShops(ctx, urls.notifications ?? null)
  forgetRouting(ctx)
  forgetServices(ctx)
  seeded.set(ctx, urls)
}

const seeded = new WeakMap<Context, DemoUrls>()

/** Where the simulators are: as seeded by this process, else as configured. */
export function demoUrls(ctx: Context): DemoUrls {
  return seeded.get(ctx) ?? { simulators: `http://127.0.0.1:${ctx.config.simulators_port}` }
}

async function seedGateway(ctx: Context, gateway: DemoGateway, urls: DemoUrls): Promise<void> {
  const { gateway_id, name, connector, test_mode, merchant_code, currencies, priority, failure_domain } = gateway
  const credentials = JSON.stringify(demoCredentials(gateway, urls.simulators))
  await upsertGateway(
    ctx.sql,
    {
      gateway_id,
      name,
      connector,
      test_mode,
      credentials_encrypted: ctx.secrets.encrypt(credentials, `gateway:${gateway_id}`),
      merchant_code,
      merchant_account_id: `ma_Gateway${String(gateway_id).padStart(9, '0')}`,
      currencies,
      priority,
      failure_domain,
    },
    ctx.now(),
  )
}

/** In the form the gateway's connector asks for. The simulators' keys are public: no money is behind them. */
function demoCredentials(gateway: DemoGateway, simulators: string): Readonly<Record<string, string>> {
  const { connector, terminal } = gateway
  const [api_key, webhook_secret] = [`sim_key_${terminal}`, `sim_webhook_${terminal}`]
  switch (connector) {
    case 'test':
      return { base_url: `${simulators}/test-provider` }
    case 'acquirer':
      return { base_url: `${simulators}/acquirer`, terminal, api_key, webhook_secret }
    case 'redirect':
      return { base_url: `${simulators}/redirect`, shop: terminal, secret: webhook_secret }
    case 'stripe':
      return { base_url: `${simulators}/stripe`, secret_key: api_key, webhook_secret }
  }
}

async function seedAccount(ctx: Context, account: DemoAccount, urls: DemoUrls): Promise<void> {
  const { settings, scheme, rates } = account
  const currencies = [...new Set(starterPaymentServices.map((service) => service.currency))]
  await saveAccount(ctx, { ...settings, currencies, callback_url: urls.callbacks ?? null })
  await saveKeys(ctx, settings.id, demoKeys(ctx, account))
  const services = starterPaymentServices.map((service) => service.code)
  await saveAccountServices(ctx, settings.id, services, await demoTerms(ctx, account))
  const pairs = rates?.map(([from, to, rate]) => ({ from, to, rate })) ?? []
  if (pairs.length > 0) await saveExchangeRates(ctx, settings.id, pairs)
  await publishFirstScheme(ctx, await getAccount(ctx, settings.id), scheme)
}

async function demoTerms(ctx: Context, account: DemoAccount): Promise<ServiceTerms> {
  const { terms, settings } = account
  const exponent = await getExponent(ctx, settings.base_currency)
  const minor = (amount: string | undefined): bigint => {
    const parsed = parseAmount(amount ?? '0', exponent)
    if (typeof parsed === 'string') throw new Error(`Demo account ${settings.name}: the fee ${amount} is ${parsed}.`)
    return parsed
  }
  return {
    ...freeTerms,
    fee_rate: terms?.fee_rate ?? '0',
    fee_fix_minor: minor(terms?.fee_fix),
    fee_min_minor: minor(terms?.fee_min),
    fee_max_minor: minor(terms?.fee_max),
    reserve_rate: terms?.reserve_rate ?? '0',
    reserve_lifetime_minutes: terms?.reserve_lifetime_minutes ?? 0,
  }
}
