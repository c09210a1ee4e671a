import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Balances } from '../read-balances.ts'
import { SampleBooks, type SampleEvent, sampleEvent } from '../sample-books.ts'
import { merchantActive, merchantReserved, type Stamp, type Transfer } from '../transfer.ts'
import {
  transfersOfChargeback,
  transfersOfLateApproval,
  transfersOfPayment,
  transfersOfReserveRelease,
  transfersOfReversal,
} from './payment-transfers.ts'
import { transfersOfRefundDone, transfersOfRefundFailed, transfersOfRefundHold } from './refund-transfers.ts'

const stamp = (): Stamp => {
  let serial = 0
  return {
    created_at: new Date('2026-01-02T03:04:05.678Z'),
    nextId() {
      serial += 1
      return `trf_${serial}`
    },
  }
}
const occasion = {
  ledger_scheme: 'simple',
  test_mode: false,
  currency: 'USD',
  payment_id: 'cpi_1',
  gateway_id: 7,
} as const
const lines = (transfers: readonly Transfer[]) =>
  transfers.map(({ code, kind, debit, credit, amount_minor }) => `${code} ${kind} ${debit} > ${credit} ${amount_minor}`)

describe('what each event books', () => {
  const settled = { processed_amount_minor: 11341n, processed_fee_minor: 1341n, reserved_amount_minor: 1135n }

  test('a paid payment: gross, fee, reserve', () => {
    const transfers = transfersOfPayment({ ...occasion, ...settled }, stamp())
    assert.deepEqual(lines(transfers), [
      'payment posted gateway:7 > merchant:active 11341',
      'payment_fee posted merchant:active > platform:fees 1341',
      'reserve posted merchant:active > merchant:reserved 1135',
    ])
    assert.deepEqual(transfers[0], {
      id: 'trf_1',
      test_mode: false,
      currency: 'USD',
      code: 'payment',
      kind: 'posted',
      debit: 'gateway:7',
      credit: 'merchant:active',
      amount_minor: 11341n,
      pending_id: null,
      reference: 'cpi_1',
      subject_id: 'cpi_1',
      created_at: new Date('2026-01-02T03:04:05.678Z'),
    })
  })

  test('nothing makes no transfer: no fee, no reserve, a verified card', () => {
    const free = { ...settled, processed_fee_minor: 0n, reserved_amount_minor: null }
    assert.equal(transfersOfPayment({ ...occasion, ...free }, stamp()).length, 1)
    const verified = { ...free, processed_amount_minor: 0n }
    assert.deepEqual(transfersOfPayment({ ...occasion, ...verified }, stamp()), [])
  })

  test('an account without books makes no transfer at all', () => {
    const none = { ...occasion, ledger_scheme: 'none' } as const
    const amount = { amount_minor: 100n }
    const made = [
      transfersOfPayment({ ...none, ...settled }, stamp()),
      transfersOfReserveRelease({ ...none, reserved_amount_minor: 5n }, stamp()),
      transfersOfRefundHold({ ...none, ...amount, refund_id: 'ref_1', returned_fee_minor: 0n }, stamp()),
      transfersOfRefundDone([], stamp()),
      transfersOfChargeback({ ...none, ...amount, chargeback_id: 'cbk_1', fee_minor: 5n }, stamp()),
      transfersOfLateApproval({ ...none, ...amount, attempt_id: 'pay_1' }, stamp()),
    ]
    assert.deepEqual(made.flat(), [])
  })

  test('a refund that returns its fee is borne by the merchant and by the fees', () => {
    const refund = { ...occasion, refund_id: 'ref_1', amount_minor: 1000n, returned_fee_minor: 30n }
    const holds = transfersOfRefundHold(refund, stamp())
    assert.deepEqual(lines(holds), [
      'refund_hold pending merchant:active > gateway:7 970',
      'refund_fee_hold pending platform:fees > gateway:7 30',
    ])
    assert.deepEqual(lines(transfersOfRefundDone(holds, stamp())), [
      'refund_done post merchant:active > gateway:7 970',
      'refund_fee_done post platform:fees > gateway:7 30',
    ])
    const voided = transfersOfRefundFailed(holds, stamp())
    assert.deepEqual(
      voided.map(({ code, kind, pending_id }) => [code, kind, pending_id]),
      [
        ['refund_failed', 'void', holds[0]?.id],
        ['refund_fee_failed', 'void', holds[1]?.id],
      ],
    )
  })

  test('what is no hold cannot be ended', () => {
    assert.throws(() => transfersOfRefundDone(transfersOfPayment({ ...occasion, ...settled }, stamp()), stamp()))
  })

  test('a late approval and its reversal leave nothing anywhere', () => {
    const late = { ...occasion, attempt_id: 'pay_1', amount_minor: 100n }
    assert.deepEqual(lines([...transfersOfLateApproval(late, stamp()), ...transfersOfReversal(late, stamp())]), [
      'late_approval posted gateway:7 > platform:late_approvals 100',
      'reversal posted platform:late_approvals > gateway:7 100',
    ])
  })

  test('a negative amount is a mistake of ours', () => {
    const refund = { ...occasion, refund_id: 'ref_1', amount_minor: 10n, returned_fee_minor: 11n }
    assert.throws(() => transfersOfRefundHold(refund, stamp()), RangeError)
  })
})

/** Balances by the definition: posted credits − posted debits − pending debits. */
function balancesOf(transfers: readonly Transfer[], test_mode: boolean, currency: string): Balances {
  const of = transfers.filter((one) => one.test_mode === test_mode && one.currency === currency)
  const sum = (purpose: string, side: 'debit' | 'credit', effect: Record<Transfer['kind'], bigint>): bigint =>
    of.filter((one) => one[side] === purpose).reduce((total, one) => total + effect[one.kind] * one.amount_minor, 0n)
  const posted = { posted: 1n, post: 1n, pending: 0n, void: 0n }
  const pending = { posted: 0n, post: -1n, pending: 1n, void: -1n }
  const left = (purpose: string): bigint =>
    sum(purpose, 'credit', posted) - sum(purpose, 'debit', posted) - sum(purpose, 'debit', pending)
  return {
    active_minor: left(merchantActive),
    pending_minor: sum(merchantActive, 'debit', pending),
    reserved_minor: left(merchantReserved),
  }
}

describe('any sequence of events', () => {
  test('moves the merchant’s balances as the table of balances says', () => {
    fc.assert(
      fc.property(fc.array(sampleEvent, { minLength: 3, maxLength: 60 }), (events: SampleEvent[]) => {
        const books = new SampleBooks('x')
        for (const event of events) {
          books.book(event)
          for (const [key, expected] of books.expected) {
            const [mode, currency = ''] = key.split(' ')
            assert.deepEqual(balancesOf(books.transfers, mode === 'test', currency), expected, `${event.type}: ${key}`)
          }
        }
      }),
    )
  })

  test('names every event once, and moves only amounts above nothing between two accounts', () => {
    fc.assert(
      fc.property(fc.array(sampleEvent, { maxLength: 60 }), (events: SampleEvent[]) => {
        const books = new SampleBooks('x')
        for (const event of events) books.book(event)
        const names = books.transfers.map(({ reference, code }) => `${reference} ${code}`)
        assert.equal(new Set(names).size, names.length)
        assert.ok(books.transfers.every(({ amount_minor, debit, credit }) => amount_minor > 0n && debit !== credit))
      }),
    )
  })
})
