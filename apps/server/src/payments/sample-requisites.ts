/** For tests: the demo world with simulated desks, and payments that look for requisites there. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createSimulators } from '../../../simulators/src/simulators.ts'
import { demoProviders } from '../../demo/providers.ts'
import type { Account } from '../accounts/account.ts'
import { getAccount } from '../accounts/find-account.ts'
import { findProvider } from '../cascades/find-provider.ts'
import { readBalance } from '../cascades/read-balance.ts'
import { topUpDemo } from '../cascades/top-up-demo.ts'
import { seedDemo } from '../demo/seed-demo.ts'
import { forgetRouting } from '../routing/load-routing.ts'
import { applyOutcome } from './apply-outcome.ts'
import { loadState, type State } from './find-payment.ts'
import type { NewPayment } from './payment.ts'
import type { News } from './rules/news.ts'
import { runningOf } from './running.ts'
import { placeSample, transferWish } from './sample-wish.ts'
import { startCascade } from './start-payment.ts'

export type RequisitesWorld = Awaited<ReturnType<typeof requisitesWorld>>

const account_id = 'coma_DemoVolnaTravels'
const approved = {
  type: 'approved',
  provider_reference: null,
  amount_minor: null,
  rrn: null,
  approval_code: null,
  card_token: null,
} as const

/** Close it when done; `reset` before each test. */
export async function requisitesWorld() {
  const simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1', seed: 1 })
  const world: TestContext = await testContext()
  const { ctx } = world
  await seedDemo(ctx, { simulators: simulators.url })
  const account: Account = await getAccount(ctx, account_id)
  const stopping = new AbortController().signal
  let seed = 1

  /** A payment of so many roubles; its search has begun. */
  async function create(amount: string, changes: Partial<NewPayment> = {}): Promise<State> {
    const wish = { ...transferWish, amount_minor: BigInt(amount) * 100n, description: 'A cruise', ...changes }
    const payment = await placeSample(ctx, account, wish)
    return { payment, attempts: [] }
  }
  const searchAgain = (state: State): Promise<State> => startCascade(ctx, account, state, stopping)

  return {
    ctx,
    account,
    desks: simulators.desks,
    approved,
    create,
    searchAgain,
    /** A payment of so many roubles, looked for to the end of the search. */
    async search(amount: string, changes: Partial<NewPayment> = {}): Promise<State> {
      const { payment } = await create(amount, changes)
      return (await runningOf(ctx, payment.id)) ?? loadState(ctx, account.id, payment.id)
    },
    /** The next payment at the desk goes by the step. */
    script(desk: 'volga' | 'neva', step: string): void {
      simulators.desks.script(desk, { steps: [step] })
    },
    /** News about the last attempt, as a question to its provider would bring it. */
    async apply(state: State, outcome: News['outcome']): Promise<State> {
      const fresh = await loadState(ctx, account.id, state.payment.id)
      return (await applyOutcome(ctx, account, fresh, fresh.attempts.length, outcome, null)).state
    },
    /** Brings what is available in test mode to exactly this, by a top-up or a withdrawal in the books. */
    async setAvailable(desk: 'volga' | 'neva', minor: bigint): Promise<void> {
      const provider = await findProvider(ctx.sql, demoProviders.find((one) => one.desk === desk)?.id ?? '')
      assert.ok(provider)
      const { available_minor } = await readBalance(ctx.sql, provider, true)
      if (minor > available_minor) await topUpDemo(ctx, provider, true, minor - available_minor)
      if (minor >= available_minor) return
      await ctx.sql`
        with taken as (
          insert into ledger_transfers (account_id, id, test_mode, currency, debit, credit, amount_minor, kind, code, reference, subject_id, created_at)
          select account_id, 'trf_' || substr(md5(random()::text), 1, 16), test_mode, currency, credit, debit, ${available_minor - minor}::bigint,
            kind, code, id || ${String(minor)}, subject_id, created_at
          from ledger_transfers where account_id = ${provider.id} and code = 'top_up' and test_mode limit 1
          returning *
        )
        insert into ledger_unfolded (account_id, transfer_id, test_mode, currency, debit, credit, amount_minor, kind)
        select account_id, id, test_mode, currency, debit, credit, amount_minor, kind from taken`
    },
    /** Adds settings to the credentials of a desk's gateway. */
    async setCredentials(gateway_id: number, more: Readonly<Record<string, unknown>>): Promise<void> {
      const provider = demoProviders.find((one) => one.test_gateway_id === gateway_id)
      const credentials = { ...simulators.desks.credentials(provider?.desk ?? 'volga'), ...more }
      const encrypted = ctx.secrets.encrypt(JSON.stringify(credentials), `gateway:${gateway_id}`)
      await ctx.sql`update gateways set credentials_encrypted = ${encrypted} where gateway_id = ${gateway_id}`
      forgetRouting(ctx)
    },
    async setStatus(gateway_id: number, status: 'active' | 'off'): Promise<void> {
      await ctx.sql`update gateways set status = ${status} where gateway_id = ${gateway_id}`
      forgetRouting(ctx)
    },
    /** Looks until it is so, at most ten seconds. */
    async eventually<Value>(look: () => Promise<Value>, isSo: (value: Value) => boolean): Promise<Value> {
      for (let tries = 0; tries < 200; tries += 1) {
        const value = await look()
        if (isSo(value)) return value
        await sleep(50)
      }
      return look()
    },
    async reset(): Promise<void> {
      // Another seed each time: ids of payments are never given twice.
      seed += 1
      simulators.desks.reset(seed)
      await ctx.sql`delete from connection_pauses`
      await ctx.sql`update provider_connections set misconfigured_at = null, misconfigured_reason = null`
      await ctx.sql`delete from gateway_results`
      await ctx.sql`delete from gateway_breakers`
    },
    async close(): Promise<void> {
      await simulators.close()
      await world.close()
    },
  }
}
