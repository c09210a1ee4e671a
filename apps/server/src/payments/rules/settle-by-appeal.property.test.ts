import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FeeTerms, planFee } from '@cascad/money'
import fc from 'fast-check'
import type { Account } from '../../accounts/account.ts'
import type { Context } from '../../context.ts'
import { transfersOfReserveRelease } from '../../ledger/rules/payment-transfers.ts'
import { platformTreasury } from '../../ledger/rules/provider-transfers.ts'
import { transfersOfReceipt } from '../../ledger/rules/receipt-transfers.ts'
import {
  gatewayPurpose,
  merchantActive,
  merchantReserved,
  platformFees,
  platformLateApprovals,
  type Transfer,
} from '../../ledger/transfer.ts'
import { bookingTransfers, occasionOf, stampOf } from '../book.ts'
import { appealTransfers } from '../book-appeal.ts'
import type { Attempt, Payment } from '../payment.ts'
import { attemptOf, paymentOf } from '../sample-attempts.ts'
import { decide } from './decide.ts'
import { decideReceipt, type ReceiptWish } from './decide-receipt.ts'
import type { News } from './news.ts'
import { settle } from './settle.ts'
import { settleByAppeal } from './settle-by-appeal.ts'

type Event =
  | { readonly type: 'success' | 'over' | 'failed' | 'given_up' | 'ended'; readonly number: number }
  | { readonly type: 'appeal'; readonly number: number; readonly amount_minor: bigint }
  | { readonly type: 'decide'; readonly number: number; readonly wish: ReceiptWish }
  | { readonly type: 'release' }

const start = new Date('2026-01-01T10:00:00Z')
const account = { ledger_scheme: 'simple' } as Account
const ctx = { now: () => start } as Context
const exponents = { currency: 2, service_currency: 2 }

const terms: fc.Arbitrary<FeeTerms> = fc.record({
  strategy: fc.constantFrom('internal' as const, 'external' as const),
  reverse: fc.boolean(),
  rate: fc.constantFrom('0', '0.5', '3', '12.5', '60'),
  fix_minor: fc.constantFrom(0n, 1n, 100n),
  min_minor: fc.constantFrom(0n, 50n),
  max_minor: fc.constantFrom(0n, 200n),
})

const number = fc.constantFrom(1, 2)
const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    type: fc.constantFrom('success' as const, 'over' as const, 'failed' as const, 'given_up' as const),
    number,
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('appeal' as const),
      number,
      amount_minor: fc.bigInt({ min: 1n, max: 30_000n }),
    }),
  },
  fc.record({ type: fc.constantFrom('release' as const, 'ended' as const), number }),
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('decide' as const),
      number,
      wish: fc.constantFrom<ReceiptWish>(
        { type: 'credit', beside: false },
        { type: 'credit', beside: true },
        { type: 'return' },
      ),
    }),
  },
)

/** What seldom comes about by chance: money for a payment that has failed. */
const paidLate = (['failed', 'success'] as const).map((type, index): Event => ({ type, number: 2 - index }))
const begun = fc.constantFrom<readonly Event[]>([], paidLate)

const invoice = fc
  .record({
    fee: terms,
    amount_minor: fc.bigInt({ min: 400n, max: 10_000n }),
    reserve_rate: fc.constantFrom(null, '10', '33.3', '100'),
    exchange_rate: fc.constantFrom(null, '92.500000000000', '0.011000000000'),
    status: fc.constantFrom('process_pending' as const, 'terminated' as const),
  })
  .map(({ fee, amount_minor, reserve_rate, exchange_rate, status }): Payment => {
    const planned = planFee(amount_minor, 2, fee)
    return paymentOf({
      ...planned,
      status,
      amount_minor,
      terms: { fee, reserve_rate, reserve_lifetime_minutes: reserve_rate === null ? null : 60 },
      service_method: 'card_transfer',
      service_currency: exchange_rate === null ? 'USD' : 'RUB',
      exchange_rate,
      payment_service_amount_minor: exchange_rate === null ? null : planned.payment_amount_minor * 90n,
    })
  })
  .filter(({ deposit_minor }) => deposit_minor >= 0n)

/** Two attempts at providers of requisites, the second one shown when the first was given up; its books beside it. */
class World {
  payment: Payment
  attempts: Attempt[]
  readonly transfers: Transfer[] = []
  /** What is known to have been paid for the winning attempt. */
  paid_minor: bigint | null = null
  #appeals = 0
  readonly #accepts: boolean
  /** By attempt: what operators have decided about, and what of it was credited beside the payment. */
  readonly decided = new Map<number, bigint>()
  readonly given = new Map<number, { readonly taken: bigint; readonly credit: bigint; readonly fee: bigint }>()
  returned_minor = 0n
  /** By attempt: the most that was ever known to be paid. */
  readonly most = new Map<number, bigint>()
  #decisions = 0

  constructor(payment: Payment, accepts: boolean) {
    const currency = payment.service_currency ?? payment.currency
    const shown = { currency, action: { kind: 'requisites', method: 'card', expires_at: '' } } as const
    this.payment = payment
    this.attempts = [
      attemptOf(payment, 1, { ...shown, status: 'cancelled' }),
      attemptOf(payment, 2, { ...shown, status: 'incomplete' }),
    ]
    this.#accepts = accepts
  }

  attempt(number: number): Attempt {
    return this.attempts.find((one) => one.number === number) as Attempt
  }

  apply(event: Event): void {
    if (event.type === 'appeal') this.appeal(event.number, event.amount_minor)
    else if (event.type === 'decide') this.#decide(event.number, event.wish)
    else if (event.type === 'release') this.#release()
    else if (event.type === 'success') this.#hear(event.number, { type: 'approved', ...approved })
    else if (event.type === 'over') this.#hear(event.number, { type: 'time_over' })
    else if (event.type === 'failed') this.#hear(event.number, { type: 'time_over', claimed: true })
    else if (event.type === 'given_up') this.#hear(event.number, { type: 'given_up', then: 'search' })
    else this.#hear(event.number, { type: 'given_up', then: 'end' })
  }

  #hear(number: number, outcome: News['outcome']): void {
    const { payment, attempts } = this
    const decision = decide({
      payment,
      attempts,
      number,
      outcome,
      now: start,
      gateway: {
        lookup_authoritative: true,
        settle_delay_s: 0,
        accept_late_success: this.#accepts,
        void_by_reference: false,
      },
      exponents,
      reading: null,
      afterFailure: () => 'stop_off',
      payerMayRetry: false,
      requisites: { searching: false },
    })
    if (decision.attempt.winner) this.paid_minor = this.attempt(number).amount_minor
    this.#change(number, decision)
    if (decision.booking)
      this.#book(bookingTransfers(ctx, account, this.payment, this.attempt(number), decision.booking))
  }

  appeal(number: number, amount_minor: bigint): void {
    this.#appeals += 1
    const { payment, attempts } = this
    const decision = settleByAppeal({
      payment,
      attempts,
      number,
      amount_minor,
      given_back_minor: 0n,
      decided_minor: this.decided.get(number) ?? 0n,
      exponents,
      now: start,
    })
    this.#change(number, decision)
    if (decision.kind !== 'unallocated') this.paid_minor = amount_minor
    const appeal_id = `apl_${this.#appeals}`
    this.#book(appealTransfers(ctx, account, payment, this.attempt(number), decision, appeal_id))
  }

  #decide(number: number, wish: ReceiptWish): void {
    const { payment, attempts } = this
    const decided_minor = this.decided.get(number) ?? 0n
    const done = decideReceipt({ payment, attempts, number, decided_minor, exponents, now: start }, wish)
    if (done.result === 'refused') return
    this.#decisions += 1
    const { kind, amount_minor, credit_minor, fee_minor } = done
    const { gateway_id, currency } = this.attempt(number)
    const receipt = { ...occasionOf(account, payment), ...done, gateway_id, receipt_currency: currency }
    this.#book(transfersOfReceipt({ ...receipt, decision_id: `rcd_${this.#decisions}` }, stampOf(ctx)))
    this.#change(number, done)
    if (kind === 'won') {
      this.paid_minor = amount_minor
      this.#book(bookingTransfers(ctx, account, this.payment, this.attempt(number), { kind: 'payment' }))
      return
    }
    this.decided.set(number, decided_minor + amount_minor)
    if (kind === 'returned') this.returned_minor += amount_minor
    const { taken, credit, fee } = this.givenBeside(number)
    if (kind === 'beside')
      this.given.set(number, { taken: taken + amount_minor, credit: credit + credit_minor, fee: fee + fee_minor })
  }

  givenBeside(number: number): { readonly taken: bigint; readonly credit: bigint; readonly fee: bigint } {
    return this.given.get(number) ?? { taken: 0n, credit: 0n, fee: 0n }
  }

  #release(): void {
    const { unreserved, reserved_amount_minor } = this.payment
    if (unreserved !== false || reserved_amount_minor === null) return
    this.payment = { ...this.payment, unreserved: true }
    const released = { ...occasionOf(account, this.payment), reserved_amount_minor }
    this.#book(transfersOfReserveRelease(released, stampOf(ctx)))
  }

  #change(number: number, decision: { attempt: Partial<Attempt>; payment: Partial<Payment> }): void {
    this.payment = { ...this.payment, ...decision.payment }
    this.attempts = this.attempts.map((one) => (one.number === number ? { ...one, ...decision.attempt } : one))
  }

  #book(transfers: readonly Transfer[]): void {
    this.transfers.push(...transfers)
  }

  /** Credits less debits of an account, in one currency. */
  balance(purpose: string, currency: string): bigint {
    return this.transfers
      .filter((one) => one.currency === currency)
      .reduce(
        (sum, { credit, debit, amount_minor }) =>
          sum + (credit === purpose ? amount_minor : 0n) - (debit === purpose ? amount_minor : 0n),
        0n,
      )
  }
}

const approved = {
  provider_reference: 'p-1',
  amount_minor: null,
  rrn: null,
  approval_code: null,
  card_token: null,
}

function check(world: World): void {
  const { payment, attempts } = world
  const { currency } = payment
  const winners = attempts.filter(({ winner }) => winner)
  assert.ok(winners.length <= 1)
  const released = payment.unreserved === true
  const reserved = payment.reserved_amount_minor ?? 0n
  const deposit = payment.processed_deposit_minor ?? 0n
  assert.equal(world.balance(merchantReserved, currency), released ? 0n : reserved)
  const beside = [...world.given.values()].reduce((sum, { credit, fee }) => sum + credit - fee, 0n)
  const fees = [...world.given.values()].reduce((sum, { fee }) => sum + fee, 0n)
  assert.equal(world.balance(merchantActive, currency), beside + (released ? deposit + reserved : deposit))
  assert.equal(world.balance(platformFees, currency), fees + (payment.processed_fee_minor ?? 0n))
  assert.equal(deposit + reserved + (payment.processed_fee_minor ?? 0n), payment.processed_amount_minor ?? 0n)

  const service_currency = payment.service_currency ?? currency
  const unallocated = attempts.filter(({ late_approval, winner }) => late_approval && !winner)
  const receipts = unallocated.reduce(
    (sum, { number, approved_amount_minor }) => sum + (approved_amount_minor ?? 0n) - (world.decided.get(number) ?? 0n),
    0n,
  )
  assert.equal(world.balance(platformLateApprovals, service_currency), receipts)
  assert.equal(world.balance(platformTreasury, service_currency), world.returned_minor)
  for (const attempt of attempts) {
    const sale = attempt.winner ? (payment.processed_amount_minor ?? 0n) : 0n
    const nobodys = attempt.late_approval && !attempt.winner ? (attempt.approved_amount_minor ?? 0n) : 0n
    const purpose = gatewayPurpose(attempt.gateway_id)
    const { taken, credit } = world.givenBeside(attempt.number)
    const known = world.most.get(attempt.number) ?? 0n
    const most = known > (attempt.approved_amount_minor ?? 0n) ? known : (attempt.approved_amount_minor ?? 0n)
    world.most.set(attempt.number, most)
    assert.ok((world.decided.get(attempt.number) ?? 0n) <= most)
    if (service_currency === currency) assert.equal(world.balance(purpose, currency), taken - credit - sale - nobodys)
    else {
      assert.equal(world.balance(purpose, currency), -credit - sale)
      assert.equal(world.balance(purpose, service_currency), taken - nobodys)
    }
  }
  const events = world.transfers.map(({ reference, code }) => `${reference} ${code}`)
  assert.equal(new Set(events).size, events.length)
}

/** A payment that was settled with this amount and nothing else. */
function inOneGo(payment: Payment, paid_minor: bigint) {
  const { partial: _, ...settled } = settle(payment, paid_minor, exponents, start)
  return settled
}

test('whatever successes, appeals and decisions of operators come in whatever order, the books and the payment say the same, as if settled at once', () => {
  fc.assert(
    fc.property(invoice, fc.boolean(), begun, fc.array(event, { maxLength: 12 }), (payment, accepts, first, events) => {
      const world = new World(payment, accepts)
      for (const one of [...first, ...events]) {
        const { status } = world.payment
        world.apply(one)
        check(world)
        if (['processed', 'partially_processed', 'terminated'].includes(status))
          assert.equal(world.payment.status, status)
      }
      if (world.paid_minor === null) return
      const { processed_amount_minor, processed_fee_minor, processed_deposit_minor } = world.payment
      const whole = inOneGo(payment, world.paid_minor)
      assert.deepEqual(
        {
          processed_amount_minor,
          processed_fee_minor,
          processed_deposit_minor,
          reserved: world.payment.reserved_amount_minor ?? 0n,
        },
        {
          processed_amount_minor: whole.processed_amount_minor,
          processed_fee_minor: whole.processed_fee_minor,
          processed_deposit_minor: whole.processed_deposit_minor,
          reserved: whole.reserved_amount_minor ?? 0n,
        },
      )
    }),
    { numRuns: 2000 },
  )
})

test('an appeal of the amount that is known already books nothing', () => {
  fc.assert(
    fc.property(invoice, number, fc.bigInt({ min: 1n, max: 30_000n }), (payment, which, amount_minor) => {
      const world = new World(payment, true)
      world.appeal(which, amount_minor)
      const { length } = world.transfers
      const before = { payment: world.payment, attempts: world.attempts }
      world.appeal(which, amount_minor)
      assert.equal(world.transfers.length, length)
      assert.deepEqual({ payment: world.payment, attempts: world.attempts }, before)
    }),
  )
})
