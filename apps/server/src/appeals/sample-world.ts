/** For tests: the demo world with its desks, payments by requisites there, and a clock that is moved by hand. */
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createSimulators, type Simulators } from '../../../simulators/src/simulators.ts'
import { demoAccounts } from '../../demo/accounts.ts'
import { demoProviders } from '../../demo/providers.ts'
import type { Account } from '../accounts/account.ts'
import { getAccount } from '../accounts/find-account.ts'
import { findProvider } from '../cascades/find-provider.ts'
import { findProviderPayment } from '../cascades/find-provider-payment.ts'
import type { ProviderPaymentRow } from '../cascades/provider-payment.ts'
import { readBalance } from '../cascades/read-balance.ts'
import type { Context } from '../context.ts'
import { seedDemo } from '../demo/seed-demo.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { advancePayment } from '../payments/advance-payment.ts'
import { applyOutcome } from '../payments/apply-outcome.ts'
import { loadState, type State } from '../payments/find-payment.ts'
import type { NewPayment } from '../payments/payment.ts'
import type { News } from '../payments/rules/news.ts'
import { placeSample, transferWish } from '../payments/sample-wish.ts'
import { forgetRouting } from '../routing/load-routing.ts'
import { advanceAppeal } from './advance-appeal.ts'
import type { Actor, Appeal } from './appeal.ts'
import { lease_ms } from './call-provider.ts'
import { contestAppeal } from './contest-appeal.ts'
import { findAppealById } from './find-appeal.ts'
import { type Opened, type Opening, openAppeal } from './open-appeal.ts'
import { sampleReceipt } from './sample-files.ts'
import { claimDueAppeals } from './table.ts'

export const merchant = { side: 'merchant', name: 'Harbour Books', ip: '192.0.2.1' } as const
export const desk = { side: 'provider', name: 'desk@volga.example', ip: '192.0.2.2' } as const
export const ann = { side: 'operator', name: 'Ann', ip: null } as const satisfies Actor
export const ben = { side: 'operator', name: 'Ben', ip: null } as const satisfies Actor

const account_id = demoAccounts[0]?.settings.id ?? ''
const hour_ms = 3_600_000

export const success = {
  type: 'approved',
  provider_reference: null,
  amount_minor: null,
  rrn: null,
  approval_code: null,
  card_token: null,
} as const satisfies News['outcome']

export type AppealWorld = ReturnType<typeof appealWorld>

/** Opens the world around the tests of a file. */
export function appealWorld() {
  let simulators: Simulators
  let world: TestContext
  let passed_ms = 0
  before(async () => {
    simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
    world = await testContext({ now: () => new Date(Date.now() + passed_ms) })
    await seedDemo(world.ctx, { simulators: simulators.url })
  })
  after(async () => {
    await simulators.close()
    await world.close()
  })
  const ctx = (): Context => world.ctx
  const account = (): Promise<Account> => getAccount(ctx(), account_id)
  const stateOf = ({ payment }: State): Promise<State> => loadState(ctx(), account_id, payment.id)

  /** Requisites are looked for until some are shown. */
  async function searched(payment_id: string): Promise<State> {
    for (let looks = 0; looks < 200; looks += 1) {
      const state = await loadState(ctx(), account_id, payment_id)
      if (state.attempts.at(-1)?.status === 'incomplete') return state
      await advancePayment(ctx(), account_id, payment_id, AbortSignal.timeout(30_000))
      await sleep(10)
    }
    throw new Error(`${payment_id} found no requisites`)
  }

  /** A payment of 3900.00 RUB whose payer sees requisites; `step` = how the desk goes on with it. */
  async function issued(changes: Partial<NewPayment> = {}, step = 'issue'): Promise<State> {
    for (const name of ['volga', 'neva']) {
      simulators.desks.forgetScripts(name)
      simulators.desks.script(name, { steps: [step] })
    }
    const payment = await placeSample(ctx(), await account(), { ...transferWish, ...changes })
    return searched(payment.id)
  }

  /** News about an attempt, the newest if none is said. */
  async function tell(state: State, outcome: News['outcome']): Promise<State> {
    const fresh = await stateOf(state)
    return (await applyOutcome(ctx(), await account(), fresh, fresh.attempts.length, outcome, null)).state
  }

  async function rowOf({ attempts }: State): Promise<ProviderPaymentRow> {
    const row = await findProviderPayment(ctx().sql, account_id, attempts.at(-1)?.id ?? '')
    assert.ok(row)
    return row
  }

  const open = (
    state: State,
    more: Partial<Opening> = {},
    actor: Parameters<typeof openAppeal>[2] = merchant,
  ): Promise<Opened> =>
    openAppeal(ctx(), state.payment, actor, {
      reason: 'not_credited',
      amount_minor: null,
      comment: '',
      receipt: sampleReceipt,
      ...more,
    })

  async function opened(
    state: State,
    more: Partial<Opening> = {},
    actor?: Parameters<typeof openAppeal>[2],
  ): Promise<Appeal> {
    const done = await open(state, more, actor)
    assert.ok(
      done.opened,
      JSON.stringify(done, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    )
    return done.appeal
  }

  async function again({ id }: Pick<Appeal, 'id'>): Promise<Appeal> {
    const appeal = await findAppealById(ctx().sql, id)
    assert.ok(appeal)
    return appeal
  }

  /** What a worker does until nothing is due at this moment. */
  async function work(): Promise<number> {
    for (let steps = 0; steps < 1_000; steps += 1) {
      const now = ctx().now()
      const leased_until = new Date(now.getTime() + lease_ms)
      const [claimed] = await claimDueAppeals(ctx().sql, { now, leased_until, limit: 1 })
      if (!claimed) return steps
      await advanceAppeal(ctx(), claimed)
    }
    throw new Error('appeals stay due')
  }

  return {
    ctx,
    account,
    issued,
    searched,
    tell,
    stateOf,
    rowOf,
    open,
    opened,
    again,
    work,
    desks: () => simulators.desks,
    database_url: () => world.database_url,
    /** A rejected one that goes before an operator. */
    contested: (appeal: Appeal) => contestAppeal(ctx(), appeal, merchant, { text: 'I did pay.', files: [] }),
    pass(hours: number): void {
      passed_ms += hours * hour_ms
    },
    /** A failed payment. */
    failed: async (changes: Partial<NewPayment> = {}, step = 'issue'): Promise<State> =>
      tell(await issued(changes, step), { type: 'time_over', claimed: true }),
    /** Opened and acknowledged. */
    async submitted(state: State, more: Partial<Opening> = {}): Promise<Appeal> {
      const appeal = await opened(state, more)
      await work()
      return again(appeal)
    },
    /** The desk's name of the provider of a payment. */
    async deskOf(state: State): Promise<string> {
      const { provider_id } = await rowOf(state)
      return demoProviders.find(({ id }) => id === provider_id)?.desk ?? ''
    },
    /** Meanwhile the desk of the payment refuses our key. */
    async wrongKey(state: State, body: () => Promise<void>): Promise<void> {
      const { gateway_id } = await rowOf(state)
      const { sql, secrets } = ctx()
      const [kept] = await sql<{ credentials_encrypted: Buffer }[]>`
        select credentials_encrypted from gateways where gateway_id = ${gateway_id}`
      assert.ok(kept)
      const purpose = `gateway:${gateway_id}`
      const right = JSON.parse(secrets.decrypt(kept.credentials_encrypted, purpose)) as object
      const save = async (text: string): Promise<void> => {
        await sql`update gateways set credentials_encrypted = ${secrets.encrypt(text, purpose)} where gateway_id = ${gateway_id}`
        forgetRouting(ctx())
      }
      await save(JSON.stringify({ ...right, api_key: 'a_key_that_is_not_the_one_' }))
      await body().finally(() => save(JSON.stringify(right)))
    },
    /** What all providers have in test mode, in millionths of a USDT. */
    async figures() {
      const sums = { available: 0n, held: 0n, frozen: 0n, total: 0n }
      for (const { id } of demoProviders) {
        const provider = await findProvider(ctx().sql, id)
        assert.ok(provider)
        const figures = await readBalance(ctx().sql, provider, true)
        sums.available += figures.available_minor
        sums.held += figures.held_minor
        sums.frozen += figures.frozen_minor
        sums.total += figures.total_minor
      }
      return sums
    },
    /** What is wrong with the books: I1–I5. */
    async wrong(): Promise<string[]> {
      return (await verifyLedger(ctx().sql)).flatMap(({ check, culprits }) => culprits.map((one) => `${check}: ${one}`))
    },
    /** Bodies of the events a desk was called with, newest last. */
    calls(name: string, event: string): unknown[] {
      return simulators.desks
        .calls(name)
        .map(({ request }) => JSON.parse(request) as { event: string; data: unknown })
        .filter((call) => call.event === `CascadeEvents.${event}`)
        .map(({ data }) => data)
    },
  }
}
