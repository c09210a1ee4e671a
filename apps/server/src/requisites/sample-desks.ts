/** For tests: the demo world with its desks, on a clock that only the test moves, and a worker that does what is due when told. */
import assert from 'node:assert/strict'
import { testContext } from '../../../../tests/context.ts'
import { createSimulators } from '../../../simulators/src/simulators.ts'
import { demoProviders } from '../../demo/providers.ts'
import type { Account } from '../accounts/account.ts'
import { getAccount } from '../accounts/find-account.ts'
import { decideWithdrawal } from '../cascades/decide-withdrawal.ts'
import { findProvider } from '../cascades/find-provider.ts'
import { listProviderPaymentsOf } from '../cascades/find-provider-payment.ts'
import { listCases } from '../cascades/list-cases.ts'
import type { Provider } from '../cascades/provider.ts'
import type { ProviderPaymentRow } from '../cascades/provider-payment.ts'
import { readBalance } from '../cascades/read-balance.ts'
import { requestWithdrawal } from '../cascades/request-withdrawal.ts'
import { saveDestination } from '../cascades/save-destination.ts'
import { seedDemo } from '../demo/seed-demo.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { advancePayment } from '../payments/advance-payment.ts'
import { loadState, type State } from '../payments/find-payment.ts'
import type { NewPayment } from '../payments/payment.ts'
import { runningOf } from '../payments/running.ts'
import { placeSample, transferWish } from '../payments/sample-wish.ts'
import { forgetRouting } from '../routing/load-routing.ts'
import { followPayment } from './follow-payment.ts'
import { claimDue } from './table.ts'

export type DeskName = 'volga' | 'neva'
export type Desks = Awaited<ReturnType<typeof openDesks>>

const account_id = 'coma_DemoVolnaTravels'

/** Close it when done; `reset` before each test. */
export async function openDesks() {
  let clock_ms = Math.floor(Date.now() / 1_000) * 1_000
  const now = (): Date => new Date(clock_ms)
  const simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1', seed: 1, now })
  const world = await testContext({ now })
  const { ctx } = world
  await seedDemo(ctx, { simulators: simulators.url })
  const account: Account = await getAccount(ctx, account_id)
  const { desks } = simulators
  let seed = 1

  const load = (of: State): Promise<State> => loadState(ctx, account.id, of.payment.id)
  const rowsOf = ({ payment }: State): Promise<ProviderPaymentRow[]> =>
    listProviderPaymentsOf(ctx.sql, account.id, payment.id)

  const soonest = async (): Promise<number> => {
    const [next] = await ctx.sql<{ due_at: Date | null }[]>`
      select least((select min(due_at) from provider_payments), (select min(due_at) from payments)) as due_at`
    return next?.due_at?.getTime() ?? Infinity
  }

  /** Everything that is due, until nothing is. */
  async function work(): Promise<void> {
    const stopping = new AbortController().signal
    for (let rounds = 0; rounds < 100; rounds += 1) {
      const due = await claimDue(ctx.sql, now(), new Date(clock_ms + 60_000), 10)
      await Promise.all(due.map((row) => followPayment(ctx, row)))
      const payments = await ctx.sql<{ id: string }[]>`
        select id from payments where account_id = ${account.id} and due_at <= ${now()}`
      await Promise.all(payments.map(({ id }) => advancePayment(ctx, account.id, id, stopping)))
      if ((await soonest()) > clock_ms) return
    }
    assert.fail('there is always something due')
  }

  /** Lets so much time pass, doing everything when it is due. */
  async function pass(ms: number): Promise<void> {
    const end = clock_ms + ms
    for (;;) {
      const next = await soonest()
      if (next > end) break
      clock_ms = Math.max(clock_ms, next)
      await work()
    }
    clock_ms = end
  }

  /** A payment of 3900 roubles whose search has begun. */
  async function begin(step: string, changes: Partial<NewPayment> = {}, desk: DeskName = 'volga') {
    desks.script(desk, { steps: [step] })
    const payment = await placeSample(ctx, account, { ...transferWish, description: 'A cruise', ...changes })
    return { payment }
  }

  return {
    ctx,
    account,
    desks,
    now,
    load,
    rowsOf,
    work,
    pass,
    /** Time passes, and nobody does anything. */
    sleep(ms: number): void {
      clock_ms += ms
    },
    begin,
    /** A payment whose requisites are given by the step, looked for to the end of the search. */
    async search(step: string, changes: Partial<NewPayment> = {}, desk: DeskName = 'volga'): Promise<State> {
      const { payment } = await begin(step, changes, desk)
      return (await runningOf(ctx, payment.id)) ?? loadState(ctx, account.id, payment.id)
    },
    /** The newest provider payment. */
    async row(of: State): Promise<ProviderPaymentRow> {
      const row = (await rowsOf(of)).at(-1)
      assert.ok(row)
      return row
    },
    /** What the desk was asked about this order, with when by its clock. */
    calls(row: ProviderPaymentRow, event: string): Date[] {
      const name = desks.names().find((desk) => desks.payments(desk).some(({ id }) => id === row.provider_reference))
      return desks
        .calls(name ?? 'volga')
        .filter(({ request }) => request.includes(event) && request.includes(`"${row.provider_reference}"`))
        .map(({ at }) => new Date(at))
    },
    setPaid(row: ProviderPaymentRow, status: 'success' | 'failed' | 'pending' = 'success'): void {
      for (const desk of desks.names()) {
        if (desks.payments(desk).some(({ id }) => id === row.provider_reference))
          desks.setPayment(desk, row.provider_reference ?? '', { status })
      }
    },
    async casesOf(row: Pick<ProviderPaymentRow, 'attempt_id'>): Promise<string[]> {
      return (await listCases(ctx.sql, { attempt_id: row.attempt_id }, 100)).map(({ kind }) => kind).sort()
    },
    async provider(desk: DeskName): Promise<Provider> {
      const provider = await findProvider(ctx.sql, demoProviders.find((one) => one.desk === desk)?.id ?? '')
      assert.ok(provider)
      return provider
    },
    async figures(desk: DeskName) {
      const { available_minor, held_minor, total_minor } = await readBalance(ctx.sql, await this.provider(desk), true)
      return { available_minor, held_minor, total_minor }
    },
    /** Nobody listens at the desk's address any more; answers with what brings it back. */
    async unplug(desk: DeskName): Promise<() => Promise<void>> {
      const gateway_id = demoProviders.find((one) => one.desk === desk)?.test_gateway_id ?? 0
      const plug = async (endpoint_url: string): Promise<void> => {
        const credentials = { ...desks.credentials(desk), endpoint_url }
        const encrypted = ctx.secrets.encrypt(JSON.stringify(credentials), `gateway:${gateway_id}`)
        await ctx.sql`update gateways set credentials_encrypted = ${encrypted} where gateway_id = ${gateway_id}`
        forgetRouting(ctx)
      }
      await plug('http://127.0.0.1:1/traders')
      return () => plug(desks.credentials(desk).endpoint_url)
    },
    /** Takes all that is available out of the balance; answers with what brings it back. */
    async empty(desk: DeskName): Promise<() => Promise<void>> {
      const provider = await this.provider(desk)
      const { available_minor: amount_minor } = await this.figures(desk)
      const yesterday = { ...ctx, now: () => new Date(clock_ms - 25 * 3_600_000) }
      const { id } = await saveDestination(yesterday, provider.id, { label: 'Wallet', address: 'TXYZ' }, 'desk')
      const order = { test_mode: true, amount_minor, destination_id: id, requested_by: 'desk' }
      const done = await requestWithdrawal(ctx, provider, order)
      assert.equal(done.result, 'requested')
      const withdrawal_id = done.result === 'requested' ? done.withdrawal.id : ''
      return async () => {
        await decideWithdrawal(ctx, provider.id, withdrawal_id, { step: 'cancelled', by: 'desk' })
      }
    },
    /** Statuses the merchant was told, in order. */
    async told({ payment }: State): Promise<string[]> {
      const events = await ctx.sql<{ subject_status: string }[]>`
        select subject_status from callback_events where subject_id = ${payment.id} order by id`
      return events.map(({ subject_status }) => subject_status)
    },
    /** Another seed each time, so that ids of orders are never given twice; and the books must be right. */
    async reset(): Promise<void> {
      seed += 1
      desks.reset(seed)
      await ctx.sql`delete from gateway_results`
      await ctx.sql`delete from gateway_breakers`
      // What earlier tests left over is not followed any more.
      await ctx.sql`update provider_payments set poll_at = null, cancel_at = null, leased_until = null`
      await ctx.sql`update payments set due_at = null`
    },
    async close(): Promise<void> {
      try {
        const findings = await verifyLedger(ctx.sql)
        assert.deepEqual(
          findings.flatMap(({ check, culprits }) => culprits.map((culprit) => `${check}: ${culprit}`)),
          [],
        )
      } finally {
        await simulators.close()
        await world.close()
      }
    },
  }
}

export const second = 1_000
export const minute = 60 * second
export const hour = 60 * minute
