/** For tests of appeals: payments by requisites in the demo world, news about them, and appeals confirmed as the platform does it. */
import assert from 'node:assert/strict'
import { after, afterEach, before } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome } from '@cascad/connector'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createSimulators, type Simulators } from '../../../simulators/src/simulators.ts'
import { demoAccounts } from '../../demo/accounts.ts'
import { demoProviders } from '../../demo/providers.ts'
import type { Account } from '../accounts/account.ts'
import { getAccount } from '../accounts/find-account.ts'
import { findProvider } from '../cascades/find-provider.ts'
import { findProviderPayment } from '../cascades/find-provider-payment.ts'
import { freezeAppeal } from '../cascades/freeze-appeal.ts'
import { openCase } from '../cascades/open-case.ts'
import type { Provider } from '../cascades/provider.ts'
import type { ProviderCaseKind, ProviderPaymentRow } from '../cascades/provider-payment.ts'
import { readBalance } from '../cascades/read-balance.ts'
import { rebookAppeal } from '../cascades/rebook-appeal.ts'
import type { Context } from '../context.ts'
import { seedDemo } from '../demo/seed-demo.ts'
import { saveExchangeRates } from '../directory/exchange-rate.ts'
import { freeTerms, saveAccountServices } from '../directory/save-account-services.ts'
import { newId } from '../ids.ts'
import { readBalances } from '../ledger/read-balances.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { advancePayment } from './advance-payment.ts'
import { applyOutcome } from './apply-outcome.ts'
import { loadState, type State } from './find-payment.ts'
import { type Ordered, orderOperation } from './order-operation.ts'
import { pauseAfterConflict } from './pause-after-conflict.ts'
import type { Attempt, NewPayment, Payment } from './payment.ts'
import type { News } from './rules/news.ts'
import { placeSample, transferWish } from './sample-wish.ts'
import { prepareAppealSettlement } from './settle-appeal.ts'

const account_id = demoAccounts[0]?.settings.id ?? ''
const service = 'card_transfer_rub_invoice'
let opened: { readonly simulators: Simulators; readonly world: TestContext } | null = null
let passed_ms = 0
let serial = 0

/** Opens the world: 3 % fee, a tenth held back for an hour, a dollar is 90 roubles. After each test the books must be right. */
export function openAppeals(): void {
  before(async () => {
    const simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
    const world = await testContext({ now: () => new Date(Date.now() + passed_ms) })
    await seedDemo(world.ctx, { simulators: simulators.url })
    const terms = { ...freeTerms, fee_rate: '3', reserve_rate: '10', reserve_lifetime_minutes: 60 }
    await saveAccountServices(world.ctx, account_id, [service], terms)
    await saveExchangeRates(world.ctx, account_id, [{ from: 'USD', to: 'RUB', rate: '90' }])
    opened = { simulators, world }
  })
  afterEach(async () => {
    // Appeals are played here without rows of their own; `appeals/` proves those against the balances.
    const findings = (await verifyLedger(context().sql)).filter(({ check }) => !check.startsWith('what is frozen'))
    assert.deepEqual(
      findings.flatMap(({ check, culprits }) => culprits.map((culprit) => `${check}: ${culprit}`)),
      [],
    )
  })
  after(async () => {
    await opened?.simulators.close()
    await opened?.world.close()
  })
}

export function context(): Context {
  if (!opened) throw new Error('the world is not open yet')
  return opened.world.ctx
}

export const pass = (minutes: number): void => {
  passed_ms += minutes * 60_000
}

export const account = (): Promise<Account> => getAccount(context(), account_id)
export const stateOf = ({ id }: Payment): Promise<State> => loadState(context(), account_id, id)

/** A payment whose payer sees requisites; 3900.00 RUB if nothing else is said. */
export async function issued(changes: Partial<NewPayment> = {}): Promise<State> {
  const ctx = context()
  const payment = await placeSample(ctx, await account(), { ...transferWish, test_mode: false, service, ...changes })
  return searched({ payment, attempts: [] })
}

/** Requisites are looked for until some are shown. */
export async function searched({ payment }: State): Promise<State> {
  for (let looks = 0; looks < 200; looks += 1) {
    const state = await stateOf(payment)
    if (state.attempts.at(-1)?.status === 'incomplete') return state
    await advancePayment(context(), account_id, payment.id, AbortSignal.timeout(30_000))
    await sleep(20)
  }
  throw new Error(`${payment.id} found no requisites`)
}

/** News about an attempt, the newest if none is said. */
export async function tell({ payment }: State, outcome: News['outcome'], number?: number): Promise<State> {
  const state = await stateOf(payment)
  return (await applyOutcome(context(), await account(), state, number ?? state.attempts.length, outcome, null)).state
}

export const success: Extract<Outcome, { type: 'approved' }> = {
  type: 'approved',
  provider_reference: null,
  amount_minor: null,
  rrn: null,
  approval_code: null,
  card_token: null,
}

export async function providerOf({ id }: Attempt): Promise<{ provider: Provider; row: ProviderPaymentRow }> {
  const row = await findProviderPayment(context().sql, account_id, id)
  const provider = row && (await findProvider(context().sql, row.provider_id))
  if (!row || !provider) throw new Error(`attempt ${id} is at no provider`)
  return { row, provider }
}

/** What all providers have available and frozen in millionths of a USDT. */
export async function providersHave(): Promise<{ available: bigint; frozen: bigint; held: bigint }> {
  const { sql } = context()
  const sums = { available: 0n, frozen: 0n, held: 0n }
  for (const { id } of demoProviders) {
    const provider = await findProvider(sql, id)
    if (!provider) throw new Error(`${id} is not there`)
    const { available_minor, frozen_minor, held_minor } = await readBalance(sql, provider, false)
    sums.available += available_minor
    sums.frozen += frozen_minor
    sums.held += held_minor
  }
  return sums
}

export async function merchantHas(currency = 'RUB'): Promise<{ active: bigint; reserved: bigint }> {
  const balance = (await readBalances(context(), account_id)).get(currency)
  return { active: balance?.active_minor ?? 0n, reserved: balance?.reserved_minor ?? 0n }
}

/** An appeal is opened: what it may take from the provider is frozen. */
export async function appealed({ payment }: State, amount_minor: bigint, number = 1): Promise<OpenAppeal> {
  const { attempts } = await stateOf(payment)
  const attempt = attempts.find((one) => one.number === number) as Attempt
  const { provider } = await providerOf(attempt)
  const now = context().now()
  const appeal_id = newId('appeal', now)
  const of = { provider_id: provider.id, attempt_id: attempt.id, appeal_id }
  const frozen = await freezeAppeal(context().sql, provider, of, { amount_minor, exponent: 2 }, now)
  assert.ok(frozen)
  return { ...of, payment, number, amount_minor }
}

export type OpenAppeal = {
  readonly provider_id: string
  readonly attempt_id: string
  readonly appeal_id: string
  readonly payment: Payment
  readonly number: number
  readonly amount_minor: bigint
}

class Conflict extends Error {}

/** It is confirmed: payment and provider in one transaction, anew when somebody else was faster. */
export async function confirmed(appeal: OpenAppeal): Promise<{ state: State; case: ProviderCaseKind | null }> {
  const ctx = context()
  const { number, amount_minor, appeal_id } = appeal
  for (let tries = 0; tries < 60; tries += 1) {
    const before = await stateOf(appeal.payment)
    const given = { attempt_number: number, appeal_id, amount_minor }
    const prepared = await prepareAppealSettlement(ctx, await account(), before, given)
    try {
      const state = (await ctx.sql.begin(async (tx) => {
        const written = await prepared.write(tx)
        if (!written) throw new Conflict()
        await rebookAppeal(tx, appeal, ctx.now())
        const { row } = await providerOf({ id: appeal.attempt_id } as Attempt)
        if (prepared.case) await openCase(ctx, tx, { ...row, kind: prepared.case, detail: 'confirmed' })
        return written
      })) as State
      return { state, case: prepared.case }
    } catch (error) {
      if (!(error instanceof Conflict)) throw error
      await pauseAfterConflict(tries)
    }
  }
  throw new Error('the payment kept changing')
}

/** A refund that the provider is said to have made; as if connections could. */
export async function refunded({ payment }: State, amount_minor: bigint): Promise<Ordered> {
  const ctx = context()
  const cascade = ctx.connectors.get('cascade')
  if (!cascade) throw new Error('there is no connector of cascades')
  const connectors = new Map(ctx.connectors).set('cascade', {
    ...cascade,
    can: { ...cascade.can, refund: true, partial_refund: true },
  })
  serial += 1
  const wish = { kind: 'refund', amount_minor, reference_id: `${serial}`, description: null, capture_id: null } as const
  return orderOperation({ ...ctx, connectors }, await account(), payment.id, { ...wish, told: success })
}

/** What the merchant was told, in order. */
export async function told({ id }: Payment): Promise<{ status: string; processed_amount: number | null }[]> {
  const rows = await context().sql<{ body: string }[]>`
    select body from callback_events where subject_id = ${id} order by id`
  return rows.map(({ body }) => {
    const { status, processed_amount } = JSON.parse(body).data.attributes
    return { status, processed_amount }
  })
}
