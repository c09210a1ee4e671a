/** A world of its own for one row: a merchant, a shop, three gateways and their terminals, so that no row disturbs another. */
import type { DemoAccount } from '../../apps/server/demo/accounts.ts'
import { createShop } from '../../apps/server/src/accounts/create-shop.ts'
import { getAccount } from '../../apps/server/src/accounts/find-account.ts'
import { saveAccount } from '../../apps/server/src/accounts/save-account.ts'
import { saveKeys } from '../../apps/server/src/accounts/save-keys.ts'
import { type ShopClient, shopClientOf } from '../../apps/server/src/card-api/sample-shop.ts'
import { demoKeys } from '../../apps/server/src/demo/demo-keys.ts'
import { upsertGateway } from '../../apps/server/src/demo/table.ts'
import { freeTerms, saveAccountServices } from '../../apps/server/src/directory/save-account-services.ts'
import { publishFirstScheme } from '../../apps/server/src/routing/publish-scheme.ts'
import { ordinaryScript, type Script } from '../../apps/simulators/src/terminals/script.ts'
import { speaking } from '../card-shop.ts'
import type { Merchant, Product } from '../product/product.ts'
import { childOf } from './expect.ts'
import type { Row } from './row.ts'

export type Lane = {
  readonly product: Product
  readonly row: Row
  readonly name: string
  readonly merchant: Merchant
  /** Path at the merchant's server where the row's callbacks and notifications come in. */
  readonly path: string
  /** In their order: first, second, third. */
  readonly gateways: readonly number[]
  readonly terminals: readonly string[]
  readonly shop: (url: string) => ShopClient
}

export async function openLane(product: Product, row: Row, index: number): Promise<Lane> {
  const { ctx, shop: endpoint } = product
  const number = String(index).padStart(5, '0')
  const id = `coma_FaultLabRow${number}`
  const path = `/row-${number}`
  const callback_url = new URL(path, endpoint.url).href
  const gateways = [1, 2, 3].map((place) => 10_000 + index * 10 + place)
  const terminals = gateways.map((gateway_id) => `lab_${gateway_id}`)
  for (const [i, gateway_id] of gateways.entries()) await addGateway(product, row, gateway_id, i)
  const options = { allow_host_to_host: true }
  await saveAccount(ctx, {
    id,
    name: `Row ${number}`,
    base_currency: 'USD',
    currencies: ['USD'],
    callback_url,
    options,
  })
  const keys = demoKeys(ctx, { settings: { id } } as DemoAccount)
  await saveKeys(ctx, id, keys)
  await saveAccountServices(ctx, id, ['payment_card_usd_hpp'], freeTerms)
  await publishFirstScheme(ctx, await getAccount(ctx, id), schemeOf(number, gateways))
  const { api_key, test, live } = keys
  const private_keys = { test: test.private_key, live: live.private_key }
  const merchant = { id, api_key, test_public_key: test.public_key, private_keys }
  product.merchants.push(merchant)
  const credential = row.face === 'invoice' ? null : await addShop(product, row, id, callback_url)
  return {
    product,
    row,
    name: number,
    merchant,
    path,
    gateways,
    terminals,
    shop(url) {
      if (!credential) throw new Error('the merchant of this row has no shop')
      const client = shopClientOf(url, credential.shop.shop_id, credential.secret)
      return speaking(client, row.face === 'card v3' ? '3' : '2')
    },
  }
}

async function addShop(product: Product, { step, cascade }: Row, account_id: string, notification_url: string) {
  return createShop(product.ctx, account_id, {
    name: 'Fault lab',
    settings: {
      test_mode: true,
      rate_limit: null,
      three_d_secure: step === '3-D Secure' ? 'auto' : 'off',
      automatic_cascading: cascade === 'automatic',
      notification_url,
    },
  })
}

/** `at` = 0 for the first gateway. */
async function addGateway({ ctx, simulators }: Product, row: Row, gateway_id: number, at: number): Promise<void> {
  const terminal = `lab_${gateway_id}`
  const { control } = simulators
  control.addTerminal(terminal, 'acquirer')
  control.setScript(terminal, scriptOf(row, at))
  const closed = row.trouble.closed === true && at === troubledGateway(row)
  const credentials = control.credentials(terminal, closed ? 'http://127.0.0.1:1' : undefined)
  await upsertGateway(
    ctx.sql,
    {
      gateway_id,
      name: terminal,
      connector: 'acquirer',
      test_mode: true,
      credentials_encrypted: ctx.secrets.encrypt(JSON.stringify(credentials), `gateway:${gateway_id}`),
      merchant_code: null,
      merchant_account_id: `ma_Gateway${String(gateway_id).padStart(9, '0')}`,
      currencies: null,
      priority: 30 - at,
      failure_domain: terminal,
    },
    ctx.now(),
  )
}

function troubledGateway({ step }: Row): number {
  return step === 'second charge' ? 1 : 0
}

/** How a terminal behaves while the payment is made. What follows later misbehaves when it is asked for. */
function scriptOf(row: Row, at: number): Partial<Script> {
  if (at === troubledGateway(row)) return childOf(row) === null ? (row.trouble.script ?? {}) : ordinaryScript
  // The first declines in a way that leads on, so that the second is asked.
  return at < troubledGateway(row) ? { answer: 'decline', code: '96' } : {}
}

function schemeOf(number: string, gateways: readonly number[]) {
  const strategy = { type: 'priority', routes: gateways.map((gateway_id) => ({ gateway_id })) } as const
  const rule = {
    id: 'all',
    name: 'All',
    active: true,
    conditions: {},
    strategy,
    cascade: {},
    on_empty: 'fail',
  } as const
  const id = `sch_FaultLabRow${number}`
  return { id, name: `Row ${number}`, kind: 'payment', time_zone: 'UTC', rules: [rule], on_no_rule: 'fail' } as const
}
