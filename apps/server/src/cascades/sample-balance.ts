/** For tests: random events of one provider's balance, and what its figures must be by contract 9.2 and 11, reckoned apart from the books. */
import fc from 'fast-check'
import type { Sql } from '../database/connect.ts'
import { createSecrets } from '../database/secrets.ts'
import { decideCorrection } from './decide-correction.ts'
import { decideWithdrawal } from './decide-withdrawal.ts'
import { freezeAppeal } from './freeze-appeal.ts'
import type { Provider } from './provider.ts'
import { rebookAppeal } from './rebook-appeal.ts'
import { releaseHold } from './release-hold.ts'
import { requestCorrection } from './request-correction.ts'
import { requestWithdrawal } from './request-withdrawal.ts'
import type { WithdrawalStep } from './rules/withdrawal-steps.ts'
import { addProvider, hold, nextAttempt, sampleNow as now, sampleContext } from './sample-provider.ts'
import { saveDestination } from './save-destination.ts'
import { settleSuccess } from './settle-success.ts'
import { topUpDemo } from './top-up-demo.ts'
import { unfreezeAppeal } from './unfreeze-appeal.ts'

/** `which` picks one of three payments, or one of the withdrawals so far. Rate 1 and equal scales: amounts are their settlement amounts. */
export type BalanceEvent =
  | { readonly type: 'top_up'; readonly amount: bigint }
  | { readonly type: 'withdraw'; readonly amount: bigint }
  | { readonly type: 'correct'; readonly change: bigint }
  | { readonly type: 'hold'; readonly which: number; readonly amount: bigint }
  | { readonly type: 'freeze'; readonly which: number; readonly amount: bigint }
  | { readonly type: 'release' | 'success' | 'unfreeze' | 'rebook'; readonly which: number }
  | { readonly type: 'step'; readonly which: number; readonly step: WithdrawalStep }

const amount = fc.bigInt({ min: 1n, max: 1000n })
const which = fc.nat({ max: 2 })
export const balanceEvent: fc.Arbitrary<BalanceEvent> = fc.oneof(
  fc.record({ type: fc.constantFrom('top_up' as const, 'withdraw' as const), amount }),
  fc.record({
    type: fc.constant('correct' as const),
    change: fc.bigInt({ min: -600n, max: 600n }).filter((change) => change !== 0n),
  }),
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('hold' as const, 'freeze' as const), which, amount }) },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom('release' as const, 'success' as const, 'unfreeze' as const, 'rebook' as const),
      which,
    }),
  },
  fc.record({
    type: fc.constant('step' as const),
    which,
    step: fc.constantFrom<WithdrawalStep>('approved', 'paid', 'rejected', 'cancelled'),
  }),
)

type Paid = {
  held: bigint
  of: bigint
  debited: bigint
  state: string
  appeal: bigint | null
  frozen: bigint
  appeals: number
}

type PaymentEvent = Exclude<BalanceEvent, { readonly type: 'top_up' | 'withdraw' | 'step' | 'correct' }>

/** One balance, told in the words of the contract. */
export class BalanceModel {
  available = 0n
  readonly payments = new Map<number, Paid>()
  readonly withdrawals: { amount: bigint; status: string }[] = []

  get held(): bigint {
    return [...this.payments.values()].reduce((sum, { held }) => sum + held, 0n)
  }
  get frozen(): bigint {
    return [...this.payments.values()].reduce((sum, { frozen }) => sum + frozen, 0n)
  }
  get withdrawing(): bigint {
    const open = this.withdrawals.filter(({ status }) => status === 'requested' || status === 'approved')
    return open.reduce((sum, one) => sum + one.amount, 0n)
  }

  apply(event: BalanceEvent): void {
    if (event.type === 'top_up') this.available += event.amount
    else if (event.type === 'withdraw') this.#withdraw(event.amount)
    else if (event.type === 'step') this.#step(event.which, event.step)
    else if (event.type === 'correct')
      this.available += -event.change > 0n && -event.change > this.available ? 0n : event.change
    else if (event.type === 'hold') this.#hold(event.which, event.amount)
    else this.#pay(event)
  }

  #withdraw(asked: bigint): void {
    if (asked > this.available) return
    this.available -= asked
    this.withdrawals.push({ amount: asked, status: 'requested' })
  }

  #step(index: number, step: WithdrawalStep): void {
    const one = this.withdrawals[index]
    const allowed = {
      approved: ['requested'],
      paid: ['approved'],
      rejected: ['requested', 'approved'],
      cancelled: ['requested'],
    }
    if (!one || !allowed[step].includes(one.status)) return
    one.status = step
    if (step === 'rejected' || step === 'cancelled') this.available += one.amount
  }

  #hold(index: number, asked: bigint): void {
    if (this.payments.has(index) || this.available <= 0n || this.available < asked) return
    this.available -= asked
    this.payments.set(index, {
      held: asked,
      of: asked,
      debited: 0n,
      state: 'held',
      appeal: null,
      frozen: 0n,
      appeals: 0,
    })
  }

  #pay(event: PaymentEvent): void {
    const one = this.payments.get(event.which)
    if (!one) return
    if (event.type === 'release' && one.state === 'held') {
      const kept = one.appeal === null ? 0n : one.appeal > one.frozen ? one.appeal - one.frozen : 0n
      this.available += one.held - kept
      Object.assign(one, { held: 0n, frozen: one.frozen + kept, state: 'released' })
    } else if (event.type === 'success' && one.state !== 'debited') {
      if (one.state === 'released') this.available -= one.of
      Object.assign(one, { held: 0n, debited: one.of, state: 'debited' })
    } else if (event.type === 'freeze' && one.appeal === null) {
      const lacking = event.amount - one.debited - one.held
      const frozen = lacking > 0n ? lacking : 0n
      this.available -= frozen
      Object.assign(one, { appeal: event.amount, frozen, appeals: one.appeals + 1 })
    } else if (event.type === 'unfreeze' && one.appeal !== null) {
      this.available += one.frozen
      Object.assign(one, { appeal: null, frozen: 0n })
    } else if (event.type === 'rebook' && one.appeal !== null) {
      this.available += one.debited + one.held + one.frozen - one.appeal
      Object.assign(one, { debited: one.appeal, held: 0n, frozen: 0n, appeal: null, state: 'debited' })
    }
  }
}

/** The same events through the use cases. */
export class RealBalance {
  readonly sql: Sql
  readonly provider: Provider
  readonly #attempts = [nextAttempt(), nextAttempt(), nextAttempt()]
  readonly #appeals = [0, 0, 0]
  readonly #withdrawals: string[] = []
  #destination = ''

  constructor(sql: Sql, provider: Provider) {
    this.sql = sql
    this.provider = provider
  }

  async apply(event: BalanceEvent): Promise<void> {
    const ctx = sampleContext(this.sql)
    const provider_id = this.provider.id
    if (event.type === 'top_up') await topUpDemo(ctx, this.provider, false, event.amount)
    else if (event.type === 'withdraw') await this.#withdraw(event.amount)
    else if (event.type === 'correct') await this.#correct(event.change)
    else if (event.type === 'step')
      await decideWithdrawal(ctx, provider_id, this.#withdrawals[event.which] ?? 'wdr_none', {
        step: event.step,
        by: 'operator',
      })
    else await this.#pay(event)
  }

  async #correct(change_minor: bigint): Promise<void> {
    const ctx = sampleContext(this.sql)
    const request = { test_mode: false, change_minor, reason: 'counted anew', requested_by: 'ann' }
    const asked = await requestCorrection(ctx, this.provider, request)
    if (asked) await decideCorrection(ctx, this.provider, asked.id, { status: 'approved', by: 'ben' })
  }

  async #withdraw(amount_minor: bigint): Promise<void> {
    const early = {
      sql: this.sql,
      now: () => new Date(now.getTime() - 90_000_000),
      secrets: createSecrets(Buffer.alloc(32, 7)),
    }
    if (this.#destination === '')
      this.#destination = (
        await saveDestination(early, this.provider.id, { label: 'Wallet', address: 'TXYZ' }, 'desk')
      ).id
    const request = { test_mode: false, amount_minor, destination_id: this.#destination, requested_by: 'desk' }
    const done = await requestWithdrawal(sampleContext(this.sql), this.provider, request)
    if (done.result === 'requested') this.#withdrawals.push(done.withdrawal.id)
  }

  async #pay(event: PaymentEvent): Promise<void> {
    const attempt_id = this.#attempts[event.which] as string
    const of = { provider_id: this.provider.id, attempt_id }
    const appeal = { ...of, appeal_id: `apl_${attempt_id}_${this.#appeals[event.which]}` }
    if (event.type === 'hold')
      await hold(this.sql, this.provider, { attempt_id, amount_minor: event.amount, rate: '1' })
    else if (event.type === 'release') await releaseHold(this.sql, of, now)
    else if (event.type === 'success') await settleSuccess(this.sql, of, now)
    else if (event.type === 'unfreeze') await unfreezeAppeal(this.sql, appeal, now)
    else if (event.type === 'rebook') await rebookAppeal(this.sql, appeal, now)
    else if (event.type === 'freeze') await this.#freeze(event.which, of, event.amount)
  }

  async #freeze(index: number, of: { provider_id: string; attempt_id: string }, amount_minor: bigint): Promise<void> {
    const [known] = await this.sql`select appeal_open from provider_settlements where attempt_id = ${of.attempt_id}`
    if (!known) return
    const next = (this.#appeals[index] ?? 0) + 1
    const appeal = { ...of, appeal_id: `apl_${of.attempt_id}_${next}` }
    if (await freezeAppeal(this.sql, this.provider, appeal, { amount_minor, exponent: 2 }, now))
      this.#appeals[index] = next
  }
}

/** A balance with payments, appeals and withdrawals of every state, each booked as it should be. */
export async function addRightBalance(sql: Sql): Promise<Provider> {
  const provider = await addProvider(sql, 0n)
  const events: readonly BalanceEvent[] = [
    { type: 'top_up', amount: 2000n },
    { type: 'hold', which: 0, amount: 300n },
    { type: 'hold', which: 1, amount: 200n },
    { type: 'hold', which: 2, amount: 100n },
    { type: 'success', which: 0 },
    { type: 'freeze', which: 0, amount: 350n },
    { type: 'rebook', which: 0 },
    { type: 'freeze', which: 1, amount: 250n },
    { type: 'release', which: 1 },
    { type: 'success', which: 1 },
    { type: 'withdraw', amount: 10n },
    { type: 'withdraw', amount: 20n },
    { type: 'withdraw', amount: 30n },
    { type: 'step', which: 0, step: 'approved' },
    { type: 'step', which: 0, step: 'paid' },
    { type: 'step', which: 1, step: 'cancelled' },
    { type: 'correct', change: 70n },
    { type: 'correct', change: -40n },
  ]
  const real = new RealBalance(sql, provider)
  for (const event of events) await real.apply(event)
  return provider
}
