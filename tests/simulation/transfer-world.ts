/** The demo merchant whose payers transfer, and the desks as the seed wants them. */
import { formatMinor } from '@cascad/money'
import { demoProviders } from '../../apps/server/demo/providers.ts'
import { getAccount } from '../../apps/server/src/accounts/find-account.ts'
import { findProvider } from '../../apps/server/src/cascades/find-provider.ts'
import { findConnection } from '../../apps/server/src/cascades/read-connection.ts'
import { saveConnection } from '../../apps/server/src/cascades/save-connection.ts'
import { topUpDemo } from '../../apps/server/src/cascades/top-up-demo.ts'
import { publishScheme } from '../../apps/server/src/routing/publish-scheme.ts'
import type { Merchant, Product } from '../product/product.ts'
import { deskNames, drawDesk, drawTransfer, isTransfer } from './transfer-plan.ts'

const merchant_id = 'coma_DemoVolnaTravels'

export function transferMerchant({ merchants }: Product): Merchant {
  const merchant = merchants.find(({ id }) => id === merchant_id)
  if (!merchant) throw new Error(`there is no merchant ${merchant_id}`)
  return merchant
}

export type DeskWish = {
  readonly seed: number
  readonly payments: number
  readonly transfers_percent?: number
  readonly slow?: boolean
}

/** Of each payer's average payment: the first desk runs short, the second has enough. */
const topUp_minor = { volga: 3_000_000n, neva: 25_000_000n } as const

/** Before any process starts: nothing is in anybody's memory yet. */
export async function openDesks(product: Product, wish: DeskWish): Promise<void> {
  const { ctx } = product
  for (const { id, test_gateway_id, desk } of demoProviders) {
    const [provider, own] = await Promise.all([findProvider(ctx.sql, id), findConnection(ctx, null, test_gateway_id)])
    if (!provider || !own) throw new Error(`the desk ${desk} is not connected`)
    const mistakes = await saveConnection(ctx, own, { create_timeout_s: 1 })
    if (mistakes) throw new Error(JSON.stringify(mistakes))
    await topUpDemo(ctx, provider, true, topUp_minor[desk] * BigInt(wish.payments))
  }
  await publishScheme(ctx, await getAccount(ctx, merchant_id), scheme)
  script(product, wish)
}

/** Where a bank's page follows the desks, and, for phones, where nothing does. */
const scheme = {
  id: 'sch_SimulationDesks0',
  name: 'Desks, then a bank',
  kind: 'payment',
  time_zone: 'UTC',
  rules: [rule('phones', { field: 'method', op: 'eq', value: 'sbp' }, [441, 442]), rule('others', {}, [441, 442, 420])],
  on_no_rule: 'fail',
}

function rule(id: string, conditions: object, gateways: readonly number[]) {
  const strategy = { type: 'priority', routes: gateways.map((gateway_id) => ({ gateway_id })) }
  return { id, name: id, active: true, conditions, strategy, cascade: {}, on_empty: 'fail' }
}

/** Payers are told apart by what they pay. */
function script({ simulators }: Product, { seed, payments, transfers_percent = 0, slow = false }: DeskWish): void {
  for (let index = 0; index < payments; index += 1) {
    if (!isTransfer(seed, index, transfers_percent)) continue
    const amount = formatMinor(BigInt(drawTransfer(seed, index).amount_minor), 2)
    for (const desk of deskNames)
      simulators.desks.script(desk, { match: { amount }, steps: [...drawDesk(seed, index, desk, slow)], repeat: null })
  }
}
