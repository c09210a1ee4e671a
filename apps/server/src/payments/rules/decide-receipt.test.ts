import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Attempt, Payment } from '../payment.ts'
import { attemptOf, paymentOf } from '../sample-attempts.ts'
import { decideReceipt, type ReceiptWish } from './decide-receipt.ts'

const now = new Date('2026-01-01T10:00:00Z')
const exponents = { currency: 2, service_currency: 2 }
const credit: ReceiptWish = { type: 'credit', beside: false }
const beside: ReceiptWish = { type: 'credit', beside: true }
const giveBack: ReceiptWish = { type: 'return' }

type Case = {
  readonly status: Payment['status']
  readonly attempt?: Partial<Attempt>
  readonly other_won?: boolean
  readonly decided_minor?: bigint
}

/** The kind, or why not. */
function told({ status, attempt = {}, other_won = false, decided_minor = 0n }: Case, wish: ReceiptWish): string {
  const payment = paymentOf({ status, amount_minor: 10_000n, payment_amount_minor: 10_000n })
  const late = { status: 'expired', late_approval: true, approved_amount_minor: 10_000n } as const
  const attempts = [
    attemptOf(payment, 1, { ...late, ...attempt }),
    attemptOf(payment, 2, { status: other_won ? 'approved' : 'expired', winner: other_won }),
  ]
  const done = decideReceipt({ payment, attempts, number: 1, decided_minor, exponents, now }, wish)
  return done.result === 'refused' ? done.why : `${done.kind} ${done.amount_minor}`
}

const rows: readonly [name: string, given: Case, credit: string, beside: string, giveBack: string][] = [
  ['a payment that failed', { status: 'process_failed' }, 'won 10000', 'won 10000', 'returned 10000'],
  ['one that was ended', { status: 'terminated' }, 'payment_over', 'beside 10000', 'returned 10000'],
  ['one that is over its lifetime', { status: 'expired' }, 'payment_over', 'beside 10000', 'returned 10000'],
  ['one that another paid', { status: 'processed', other_won: true }, 'paid_already', 'beside 10000', 'returned 10000'],
  [
    'one that was refunded since',
    { status: 'refunded', other_won: true },
    'paid_already',
    'beside 10000',
    'returned 10000',
  ],
  ['one that is open', { status: 'process_pending' }, 'payment_open', 'payment_open', 'returned 10000'],
  [
    'a rest, after some was decided about',
    { status: 'process_failed', decided_minor: 9_000n },
    'paid_already',
    'beside 1000',
    'returned 1000',
  ],
  ...(
    [
      ['all was decided about', { status: 'process_failed', decided_minor: 10_000n }],
      ['more was decided about than was paid', { status: 'process_failed', decided_minor: 10_001n }],
      ['it has won', { status: 'processed', attempt: { winner: true } }],
      ['it was never late', { status: 'process_failed', attempt: { late_approval: false } }],
      ['its gateway gives it back', { status: 'process_failed', attempt: { reversal_status: 'needed' } }],
    ] as const
  ).map(([name, given]): [string, Case, string, string, string] => [
    name,
    given,
    'nothing_unallocated',
    'nothing_unallocated',
    'nothing_unallocated',
  ]),
]
for (const [name, given, ...expected] of rows) {
  test(`what may be done with money of ${name}`, () => {
    assert.deepEqual(
      [credit, beside, giveBack].map((wish) => told(given, wish)),
      expected,
    )
  })
}
