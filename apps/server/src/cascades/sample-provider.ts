/** For tests: a provider in USDT with two decimals or six, and payments in roubles at 85.5. */
import type { Sql } from '../database/connect.ts'
import { newId } from '../ids.ts'
import { createProvider } from './create-provider.ts'
import { type HoldResult, holdForCreate } from './hold-for-create.ts'
import type { Provider } from './provider.ts'
import { topUpDemo } from './top-up-demo.ts'

export const sampleNow = new Date('2026-01-02T03:04:05.678Z')
export const sampleContext = (sql: Sql) => ({ sql, now: () => sampleNow, config: { mode: 'demo' } as never })

let serial = 0
export function nextAttempt(): string {
  serial += 1
  return `pay_${String(serial).padStart(16, '0')}`
}

/** A new provider with this much on its live balance. */
export async function addProvider(sql: Sql, balance_minor: bigint, settlement_scale = 2): Promise<Provider> {
  const ctx = sampleContext(sql)
  const provider = await createProvider(ctx, {
    name: `Desk ${newId('provider', sampleNow)}`,
    settlement_currency: 'USDT',
    settlement_scale,
    low_balance_alert_minor: 0n,
  })
  if (balance_minor > 0n) await topUpDemo(ctx, provider, false, balance_minor)
  return provider
}

export type SampleHold = { readonly attempt_id: string; readonly amount_minor: bigint; readonly rate?: string }

/** Holds as the engine does: in a transaction of its own. */
export async function hold(sql: Sql, provider: Provider, { attempt_id, amount_minor, rate = '85.5' }: SampleHold) {
  return (await sql.begin((tx) =>
    holdForCreate(tx, {
      provider,
      attempt_id,
      account_id: 'coma_shop',
      payment_id: `cpi_${attempt_id.slice(4)}`,
      test_mode: false,
      currency: 'RUB',
      exponent: 2,
      amount_minor,
      rate,
      now: sampleNow,
    }),
  )) as HoldResult
}
