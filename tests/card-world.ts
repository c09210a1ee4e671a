/** A world whose clock a test sets, and card payments in it whose gateways do what the test says. */
import assert from 'node:assert/strict'
import type { Simulation } from '@cascad/connector'
import { demoAccounts } from '../apps/server/demo/accounts.ts'
import { getAccount } from '../apps/server/src/accounts/find-account.ts'
import type { Context } from '../apps/server/src/context.ts'
import { seedDemo } from '../apps/server/src/demo/seed-demo.ts'
import { checkoutReturn } from '../apps/server/src/payments/call-gateway.ts'
import { createPayment } from '../apps/server/src/payments/create-payment.ts'
import { loadState, type State } from '../apps/server/src/payments/find-payment.ts'
import { type Drive, openLive } from '../apps/server/src/payments/live-cascade.ts'
import type { NewPayment, Payment } from '../apps/server/src/payments/payment.ts'
import { planPayment } from '../apps/server/src/payments/plan-payment.ts'
import { maskCard } from '../apps/server/src/payments/rules/card.ts'
import { runCascade } from '../apps/server/src/payments/run-cascade.ts'
import { createSimulators } from '../apps/simulators/src/simulators.ts'
import { testContext } from './context.ts'

/** Routes 408, 409 and 410 in this order; another merchant: 408 and 409. */
export const firstAccount = demoAccounts[0]?.settings.id ?? ''
export const otherAccount = demoAccounts[2]?.settings.id ?? ''

export type Wish = {
  readonly number: string
  readonly key: string
  readonly amount_minor?: bigint
  /** Step of every gateway, or by gateway id. */
  readonly steps: string | Simulation['scenario']
  readonly merchant_initiated?: boolean
  readonly three_ds?: 'off' | 'auto'
  readonly drive?: Partial<Drive>
  readonly account?: string
  /** Done once the payment is there, before anybody is called. */
  readonly first?: (payment: Payment) => Promise<void>
}

async function create(ctx: Context, { amount_minor = 10_000n, account = firstAccount }: Wish): Promise<Payment> {
  const owner = await getAccount(ctx, account)
  const wish: NewPayment = {
    reference_id: null,
    test_mode: true,
    payment_flow: 'charge',
    source: 'merchant_api',
    amount_minor,
    currency: 'USD',
    service: 'payment_card_usd_hpp',
    service_fields: {},
    description: null,
    customer: null,
    metadata: null,
    return_url: null,
    return_urls: null,
    callback_url: null,
    gateway_options: null,
    options: null,
    token: null,
    expires_at: null,
  }
  const planned = await planPayment(ctx, owner, wish)
  assert.ok(planned.plan)
  return (await createPayment(ctx, owner, wish, planned.plan)).payment
}

async function pay(ctx: Context, wish: Wish): Promise<State> {
  const payment = await create(ctx, wish)
  await wish.first?.(payment)
  const card = { number: wish.number, exp_month: '12', exp_year: '2030', cvv: '123', holder: null }
  const scenario = typeof wish.steps === 'string' ? { '*': wish.steps } : wish.steps
  const payer = {
    card,
    saved: null,
    cvv: null,
    browser: {},
    client_ip: null,
    return_url: checkoutReturn(ctx, payment, { from_shop: true }),
    wishes: {
      simulation: { expected_code: null, scenario },
      initiator: wish.merchant_initiated ? ('merchant' as const) : ('customer' as const),
      three_ds: wish.three_ds ?? ('off' as const),
    },
  }
  const drive: Drive = {
    cascading: true,
    merchant_drives: false,
    excluded: [],
    tried_in_chain: [],
    binding_id: null,
    shop_id: null,
    operation: 'payment',
    billing_country: null,
    test_key: wish.key,
    ...wish.drive,
  }
  const owner = await getAccount(ctx, payment.account_id)
  const around = { payer_on_page: false, stopping: new AbortController().signal, drive }
  const live = await openLive(ctx, owner, payment, payer, around)
  const payload = { token: null, client_ip: '', payment_card: maskCard(card) }
  const done = await runCascade(ctx, owner, { payment, attempts: [] }, live, { payload, submissions: 1 })
  return done ?? loadState(ctx, owner.id, payment.id)
}

let keys = 0

/** A key nobody else uses, so that tests do not disturb each other. */
export function newKey(): string {
  keys += 1
  return `key-${keys}`
}

export const decisions = ({ attempts }: State) => attempts.map(({ gateway_id, decision }) => [gateway_id, decision])

export type CardWorld = {
  readonly ctx: Context
  readonly pay: (wish: Wish) => Promise<State>
  time: Date
  readonly close: () => Promise<void>
}

export async function openCardWorld(): Promise<CardWorld> {
  const simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
  const world = { time: new Date('2026-06-01T10:00:00Z') }
  const { ctx, close } = await testContext({ now: () => world.time })
  await seedDemo(ctx, { simulators: simulators.url })
  return Object.assign(world, {
    ctx,
    pay: (wish: Wish) => pay(ctx, wish),
    async close() {
      await simulators.close()
      await close()
    },
  })
}
