import assert from 'node:assert/strict'
import { test } from 'node:test'
import { effectOnAvailable, figuresOf, type ProviderCode, providerBookings } from './provider-transfers.ts'

const codes = Object.keys(providerBookings) as ProviderCode[]

test('what each booking does to the money that is free, as the contract has it', () => {
  const expected: Readonly<Record<ProviderCode, bigint>> = {
    top_up: 1n,
    provider_hold: -1n,
    provider_release: 1n,
    provider_debit: 0n,
    provider_late_debit: -1n,
    appeal_freeze: -1n,
    appeal_unfreeze: 1n,
    appeal_freeze_moved: -1n,
    appeal_unfreeze_moved: 1n,
    appeal_reversal: 1n,
    appeal_debit: -1n,
    withdrawal_hold: -1n,
    withdrawal_paid: 0n,
    withdrawal_returned: 1n,
    correction_credit: 1n,
    correction_debit: -1n,
  }
  for (const code of codes) assert.equal(effectOnAvailable(code), expected[code], code)
})

test('whatever ends a hold ends one between the same two accounts', () => {
  const ends: readonly [hold: ProviderCode, ...ends: ProviderCode[]][] = [
    ['provider_hold', 'provider_release', 'provider_debit'],
    ['appeal_freeze', 'appeal_unfreeze'],
    ['appeal_freeze_moved', 'appeal_unfreeze_moved'],
    ['withdrawal_hold', 'withdrawal_paid', 'withdrawal_returned'],
  ]
  for (const [hold, ...others] of ends) {
    const { kind, ...sides } = providerBookings[hold]
    assert.equal(kind, 'pending')
    for (const end of others) {
      const { kind: ending, ...same } = providerBookings[end]
      assert.ok(ending === 'void' || ending === 'post', end)
      assert.deepEqual(same, sides, end)
    }
  }
  const told = new Set(ends.flat())
  assert.ok(codes.filter((code) => !told.has(code)).every((code) => providerBookings[code].kind === 'posted'))
})

test('what is held, frozen and on its way out is not free', () => {
  const sums = { total_minor: 100n, held_minor: 60n, frozen_minor: 45n, withdrawing_minor: 5n }
  assert.deepEqual(figuresOf(sums), { ...sums, available_minor: -10n })
})
