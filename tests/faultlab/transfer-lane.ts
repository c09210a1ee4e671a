/** A world of its own for one row: a merchant and two providers with a balance, a desk and a connection each. */
import type { DemoAccount } from '../../apps/server/demo/accounts.ts'
import { demoRate, demoSettlement } from '../../apps/server/demo/providers.ts'
import { getAccount } from '../../apps/server/src/accounts/find-account.ts'
import { saveAccount } from '../../apps/server/src/accounts/save-account.ts'
import { saveKeys } from '../../apps/server/src/accounts/save-keys.ts'
import { connectGateway } from '../../apps/server/src/cascades/connect-gateway.ts'
import { createProvider } from '../../apps/server/src/cascades/create-provider.ts'
import { topUpDemo } from '../../apps/server/src/cascades/top-up-demo.ts'
import { demoKeys } from '../../apps/server/src/demo/demo-keys.ts'
import { upsertConnectionTerms, upsertGateway } from '../../apps/server/src/demo/table.ts'
import { freeTerms, saveAccountServices } from '../../apps/server/src/directory/save-account-services.ts'
import { publishFirstScheme } from '../../apps/server/src/routing/publish-scheme.ts'
import type { Merchant, Product } from '../product/product.ts'
import type { TransferRow } from './transfer-row.ts'
import { eventsOf } from './transfer-trouble.ts'
import { openWire, type Wire } from './wire.ts'

export type Place = {
  readonly gateway_id: number
  readonly provider_id: string
  /** Name of its simulated desk. */
  readonly desk: string
}

export type TransferLane = {
  readonly product: Product
  readonly row: TransferRow
  readonly merchant: Merchant
  /** Path at the merchant's server where the row's callbacks come in. */
  readonly path: string
  /** In the order they are asked: the one with the trouble first. */
  readonly places: readonly [Place, Place]
  /** Turns the trouble on and off. */
  readonly setTrouble: (on: boolean) => Promise<void>
  readonly close: () => Promise<void>
}

export const transferService = 'card_transfer_rub_invoice'
const balance_minor = 100_000_000n

export async function openTransferLane(
  product: Product,
  shared: Wire,
  row: TransferRow,
  index: number,
): Promise<TransferLane> {
  const { ctx, shop } = product
  const number = String(index).padStart(5, '0')
  const id = `coma_LabTransfer${number}`
  const path = `/transfer-${number}`
  const { trouble, step } = row
  // Whom nobody is to reach has a line of his own.
  const wire = trouble.closed ? await openWire() : shared
  const places: [Place, Place] = [await addPlace(product, wire, index, 1), await addPlace(product, shared, index, 2)]
  await saveAccount(ctx, {
    id,
    name: `Transfer ${number}`,
    base_currency: 'RUB',
    currencies: ['RUB'],
    callback_url: new URL(path, shop.url).href,
  })
  const keys = demoKeys(ctx, { settings: { id } } as DemoAccount)
  await saveKeys(ctx, id, keys)
  await saveAccountServices(ctx, id, [transferService], { ...freeTerms, fee_rate: '4' })
  await publishFirstScheme(ctx, await getAccount(ctx, id), schemeOf(number, places))
  const { api_key, test, live } = keys
  const merchant = {
    id,
    api_key,
    test_public_key: test.public_key,
    private_keys: { test: test.private_key, live: live.private_key },
  }
  product.merchants.push(merchant)
  const [first] = places
  return {
    product,
    row,
    merchant,
    path,
    places,
    async setTrouble(on) {
      if (trouble.closed) await (on ? wire.shut() : wire.open())
      const line = wire.lines.get(first.desk)
      if (line) line.fault = (event) => (on && event === eventsOf[step] ? (trouble.fault ?? null) : null)
    },
    async close() {
      if (trouble.closed) await wire.shut()
    },
  }
}

async function addPlace({ ctx, simulators }: Product, wire: Wire, index: number, place: 1 | 2): Promise<Place> {
  const gateway_id = 20_000 + index * 10 + place
  const desk = `lab_${gateway_id}`
  simulators.desks.addDesk(desk)
  const { endpoint_url, api_key } = simulators.desks.credentials(desk)
  wire.lines.set(desk, { target: endpoint_url, fault: () => null })
  const credentials = { endpoint_url: wire.urlOf(desk), api_key, create_timeout_s: 2 }
  await upsertGateway(
    ctx.sql,
    {
      gateway_id,
      name: desk,
      connector: 'cascade',
      test_mode: true,
      credentials_encrypted: ctx.secrets.encrypt(JSON.stringify(credentials), `gateway:${gateway_id}`),
      merchant_code: null,
      merchant_account_id: `ma_Gateway${String(gateway_id).padStart(9, '0')}`,
      currencies: ['RUB'],
      priority: 30 - place,
      failure_domain: desk,
    },
    ctx.now(),
  )
  const provider = await createProvider(ctx, {
    name: desk,
    settlement_currency: demoSettlement.currency,
    settlement_scale: demoSettlement.scale,
    low_balance_alert_minor: 0n,
  })
  await connectGateway(ctx, provider.id, gateway_id)
  await upsertConnectionTerms(ctx.sql, gateway_id, demoRate.source, demoRate.margin_percent)
  await topUpDemo(ctx, provider, true, balance_minor)
  return { gateway_id, provider_id: provider.id, desk }
}

function schemeOf(number: string, places: readonly Place[]) {
  const routes = places.map(({ gateway_id }) => ({ gateway_id }))
  const rule = {
    id: 'all',
    name: 'All',
    active: true,
    conditions: {},
    strategy: { type: 'priority', routes },
    cascade: {},
    on_empty: 'fail',
  } as const
  const id = `sch_LabTransfer${number}`
  return {
    id,
    name: `Transfer ${number}`,
    kind: 'payment',
    time_zone: 'UTC',
    rules: [rule],
    on_no_rule: 'fail',
  } as const
}
