import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ProviderPaymentState } from '../../cascades/provider-payment.ts'
import type { RequisitesPhase } from '../requisites-view.ts'
import { mayAppeal, phaseOf, type SeenPayment, type SeenRow, whatPayerMay } from './what-payer-sees.ts'

const minute = 60_000
const now = new Date('2026-01-02T03:00:00Z')
const at = (ms: number): Date => new Date(now.getTime() + ms)
const open: SeenPayment = { closed: false, paid: false, searching: false, expires_at: at(60 * minute) }
const row = (state: ProviderPaymentState, patch: Partial<SeenRow> = {}): SeenRow => ({
  state,
  orphan: false,
  requested_at: at(-minute),
  issued_at: ['issued', 'success', 'failed', 'expired', 'cancelled'].includes(state) ? at(-minute) : null,
  expires_at: at(20 * minute),
  claimed_at: null,
  ...patch,
})
const issued = row('issued')

test('the phases of a payment', () => {
  const cases: [payment: Partial<SeenPayment>, rows: SeenRow[], phase: RequisitesPhase][] = [
    [{ searching: true }, [], 'searching'],
    [{}, [], 'none_found'],
    [{}, [row('requested')], 'searching'],
    [{}, [row('refused')], 'none_found'],
    [{ searching: true }, [row('unknown')], 'searching'],
    [{ searching: true }, [issued], 'waiting'],
    [{}, [row('issued', { expires_at: now })], 'time_over'],
    [{}, [row('issued', { expires_at: now, claimed_at: at(-1) })], 'claimed'],
    [{}, [row('issued', { claimed_at: at(-1) })], 'claimed'],
    [{}, [row('expired')], 'over'],
    [{}, [row('failed')], 'over'],
    [{ searching: true }, [row('cancelled')], 'searching'],
    [{}, [row('cancelled'), row('refused')], 'none_found'],
    [{}, [row('cancelled'), issued], 'waiting'],
    [{ closed: true }, [row('cancelled')], 'ended'],
    [{ closed: true }, [], 'ended'],
    [{ closed: true, paid: true }, [row('success')], 'paid'],
    [{ closed: true, paid: true }, [row('success'), issued], 'paid'],
  ]
  for (const [payment, rows, phase] of cases)
    assert.equal(phaseOf({ ...open, ...payment }, rows, now), phase, JSON.stringify([payment, rows]))
})

const may = (rows: SeenRow[], payment: Partial<SeenPayment> = {}): string => {
  const allowed = whatPayerMay({ ...open, ...payment }, rows, now)
  return Object.entries(allowed)
    .flatMap(([name, yes]) => (yes ? [name.slice(4)] : []))
    .join(' ')
}

test('what the payer may do', () => {
  const cases: [may: string, rows: SeenRow[], payment?: Partial<SeenPayment>][] = [
    ['ask_other cancel claim', [issued]],
    ['', [row('issued', { claimed_at: now })]],
    ['claim', [row('issued', { expires_at: now })]],
    ['ask_other', [row('expired')]],
    ['ask_other', [row('refused')]],
    ['ask_other', []],
    ['', [], { searching: true }],
    ['', [row('requested')]],
    ['', [row('success')], { closed: true, paid: true }],
    ['', [row('cancelled')], { closed: true }],
    // Three sets at most; what nobody was shown is none.
    ['ask_other cancel claim', [row('cancelled'), issued]],
    ['cancel claim', [row('cancelled'), row('expired'), issued]],
    ['', [row('cancelled'), row('expired'), row('expired')]],
    // Who has said that he has paid is not shown where to pay once more, whatever became of it.
    ['', [row('expired', { claimed_at: now })]],
    ['cancel claim', [row('failed', { claimed_at: now }), issued]],
    ['ask_other cancel claim', [row('refused'), row('unknown'), row('violation'), issued]],
    // A search for the last minutes is none.
    ['cancel claim', [issued], { expires_at: at(5 * minute - 1) }],
    ['ask_other cancel claim', [issued], { expires_at: at(5 * minute) }],
  ]
  for (const [expected, rows, payment] of cases) assert.equal(may(rows, payment), expected, JSON.stringify(rows))
})

test('whoever may claim is waited for, whoever may ask for others has claimed nothing', () => {
  const states = fc.constantFrom<ProviderPaymentState>(
    'requested',
    'issued',
    'refused',
    'unknown',
    'failed',
    'expired',
    'cancelled',
    'success',
  )
  const rows = fc.array(
    fc
      .record({ state: states, claimed: fc.boolean(), over: fc.boolean() })
      .map(({ state, claimed, over }) =>
        row(state, { claimed_at: claimed ? now : null, expires_at: at(over ? 0 : minute) }),
      ),
    { maxLength: 5 },
  )
  const payment = fc.record({ closed: fc.boolean(), paid: fc.boolean(), searching: fc.boolean() })
  fc.assert(
    fc.property(payment, rows, (given, all) => {
      const seen = { ...open, ...given }
      const allowed = whatPayerMay(seen, all, now)
      const last = all.at(-1)
      if (allowed.may_claim) assert.ok(last?.state === 'issued' && last.claimed_at === null)
      if (allowed.may_cancel) assert.ok(allowed.may_claim)
      if (seen.paid || seen.closed) assert.deepEqual(Object.values(allowed), [false, false, false])
      if (allowed.may_ask_other) {
        assert.ok(all.filter(({ issued_at }) => issued_at !== null).length < 3)
        assert.ok(all.every(({ claimed_at }) => claimed_at === null))
      }
    }),
  )
})

test('an appeal is for requisites that were shown and are over, for fourteen days', () => {
  const day = 24 * 60 * minute
  const cases: [boolean, SeenRow][] = [
    [true, row('expired')],
    [true, row('failed')],
    [true, row('cancelled')],
    [false, row('cancelled', { issued_at: null })],
    [false, row('expired', { orphan: true })],
    [false, issued],
    [false, row('success')],
    [false, row('unknown')],
    [true, row('expired', { requested_at: at(-14 * day) })],
    [false, row('expired', { requested_at: at(-14 * day - 1) })],
  ]
  for (const [expected, one] of cases) assert.equal(mayAppeal(one, now), expected, JSON.stringify(one))
})
