/**
 * For tests: random business events of one merchant account, the transfers the rules make of them, and what the merchant's
 * balances must be by the table of contract 19.2, reckoned apart from the transfers.
 */
import fc from 'fast-check'
import type { Balances } from './read-balances.ts'
import {
  transfersOfChargeback,
  transfersOfLateApproval,
  transfersOfPayment,
  transfersOfReserveRelease,
  transfersOfReversal,
} from './rules/payment-transfers.ts'
import { transfersOfRefundDone, transfersOfRefundFailed, transfersOfRefundHold } from './rules/refund-transfers.ts'
import type { Occasion, Stamp, Transfer } from './transfer.ts'

/** `which` picks one of the payments or refunds so far; shares are in percent. */
export type SampleEvent =
  | { type: 'payment'; test_mode: boolean; currency: string; amount: bigint; fee_share: bigint; reserve_share: bigint }
  | { type: 'reserve_release'; which: number }
  | { type: 'refund'; which: number; share: bigint; fee_share: bigint }
  | { type: 'refund_end'; which: number; done: boolean }
  | { type: 'chargeback'; which: number; share: bigint; fee: bigint }
  | { type: 'late_approval'; which: number; amount: bigint }
  | { type: 'reversal'; which: number }
  | { type: 'fold' }

const share = fc.bigInt({ min: 0n, max: 100n })
const which = fc.nat({ max: 1000 })

export const sampleEvent: fc.Arbitrary<SampleEvent> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('payment' as const),
      test_mode: fc.boolean(),
      currency: fc.constantFrom('USD', 'EUR'),
      amount: fc.bigInt({ min: 1n, max: 10n ** 17n }),
      fee_share: share,
      reserve_share: share,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('reserve_release' as const), which }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('refund' as const), which, share, fee_share: share }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('refund_end' as const), which, done: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('chargeback' as const),
      which,
      share,
      fee: fc.bigInt({ min: 0n, max: 500n }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('late_approval' as const),
      which,
      amount: fc.bigInt({ min: 1n, max: 10n ** 12n }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('reversal' as const), which }) },
  { weight: 2, arbitrary: fc.constant({ type: 'fold' as const }) },
)

type Paid = Occasion & { gateway_id: number; amount: bigint; reserved: bigint; released: boolean }
type Open = { holds: Transfer[]; key: string; debit: bigint }
type Late = Occasion & { attempt_id: string; gateway_id: number; amount_minor: bigint }
type Sums = { -readonly [name in keyof Balances]: Balances[name] }

/** The account's history so far. `book` turns the next event into its transfers. */
export class SampleBooks {
  /** By `live USD` and the like. */
  readonly expected = new Map<string, Sums>()
  readonly transfers: Transfer[] = []
  readonly #prefix: string
  #serial = 0
  readonly #payments: Paid[] = []
  readonly #refunds: Open[] = []
  readonly #late: Late[] = []

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** The transfers of the event; none when it does not apply, such as the end of a refund nobody asked for. */
  book(event: SampleEvent): Transfer[] {
    const made = this.#transfersOf(event)
    this.transfers.push(...made)
    return made
  }

  #id(kind: string): string {
    this.#serial += 1
    return `${kind}_${this.#prefix}${String(this.#serial).padStart(6, '0')}`
  }

  get #stamp(): Stamp {
    return { created_at: new Date('2026-01-02T03:04:05.678Z'), nextId: () => this.#id('trf') }
  }

  #sums(of: Pick<Occasion, 'test_mode' | 'currency'>): Sums {
    const key = `${of.test_mode ? 'test' : 'live'} ${of.currency}`
    const sums = this.expected.get(key) ?? { active_minor: 0n, pending_minor: 0n, reserved_minor: 0n }
    this.expected.set(key, sums)
    return sums
  }

  #transfersOf(event: SampleEvent): Transfer[] {
    switch (event.type) {
      case 'payment':
        return this.#pay(event)
      case 'refund':
        return this.#refund(event)
      case 'refund_end':
        return this.#endRefund(event)
      case 'fold':
        return []
      default:
        return this.#afterwards(event)
    }
  }

  #pay(event: Extract<SampleEvent, { type: 'payment' }>): Transfer[] {
    const fee = (event.amount * event.fee_share) / 100n
    const reserved = ((event.amount - fee) * event.reserve_share) / 100n
    const { test_mode, currency, amount } = event
    const gateway_id = 1 + (this.#serial % 3)
    const paid: Paid = {
      ledger_scheme: 'simple',
      test_mode,
      currency,
      payment_id: this.#id('cpi'),
      gateway_id,
      amount,
      reserved,
      released: reserved === 0n,
    }
    this.#payments.push(paid)
    const sums = this.#sums(event)
    sums.active_minor += amount - fee - reserved
    sums.reserved_minor += reserved
    return transfersOfPayment(
      { ...paid, processed_amount_minor: amount, processed_fee_minor: fee, reserved_amount_minor: reserved || null },
      this.#stamp,
    )
  }

  #refund(event: Extract<SampleEvent, { type: 'refund' }>): Transfer[] {
    const paid = this.#payments[event.which % this.#payments.length]
    if (!paid) return []
    const amount_minor = (paid.amount * event.share) / 100n
    const returned_fee_minor = (amount_minor * event.fee_share) / 100n
    const holds = transfersOfRefundHold(
      { ...paid, refund_id: this.#id('ref'), amount_minor, returned_fee_minor },
      this.#stamp,
    )
    const debit = amount_minor - returned_fee_minor
    const sums = this.#sums(paid)
    sums.active_minor -= debit
    sums.pending_minor += debit
    this.#refunds.push({ holds, key: `${paid.test_mode ? 'test' : 'live'} ${paid.currency}`, debit })
    return holds
  }

  #endRefund(event: Extract<SampleEvent, { type: 'refund_end' }>): Transfer[] {
    const [open] = this.#refunds.splice(event.which % Math.max(this.#refunds.length, 1), 1)
    if (!open) return []
    const sums = this.expected.get(open.key) as Sums
    sums.pending_minor -= open.debit
    if (event.done) return transfersOfRefundDone(open.holds, this.#stamp)
    sums.active_minor += open.debit
    return transfersOfRefundFailed(open.holds, this.#stamp)
  }

  #afterwards(event: Extract<SampleEvent, { type: 'reserve_release' | 'chargeback' | 'late_approval' | 'reversal' }>) {
    if (event.type === 'reversal') {
      const [late] = this.#late.splice(event.which % Math.max(this.#late.length, 1), 1)
      return late ? transfersOfReversal(late, this.#stamp) : []
    }
    const paid = this.#payments[event.which % this.#payments.length]
    if (!paid) return []
    const sums = this.#sums(paid)
    if (event.type === 'late_approval') {
      const late = { ...paid, attempt_id: this.#id('pay'), amount_minor: event.amount }
      this.#late.push(late)
      return transfersOfLateApproval(late, this.#stamp)
    }
    if (event.type === 'chargeback') {
      const amount_minor = (paid.amount * event.share) / 100n
      sums.active_minor -= amount_minor + event.fee
      const chargeback = { ...paid, chargeback_id: this.#id('cbk'), amount_minor, fee_minor: event.fee }
      return transfersOfChargeback(chargeback, this.#stamp)
    }
    if (paid.released) return []
    paid.released = true
    sums.active_minor += paid.reserved
    sums.reserved_minor -= paid.reserved
    return transfersOfReserveRelease({ ...paid, reserved_amount_minor: paid.reserved }, this.#stamp)
  }
}
