import assert from 'node:assert/strict'
import { test } from 'node:test'
import { routeCount } from './route-count.ts'

const rows: readonly [from: string, to: string, decline_class: string | null, approved: number, counted: number][] = [
  ['sent', 'approved', null, 1, 1],
  ['incomplete', 'approved', null, 1, 1],
  ['sent', 'declined', 'soft_generic', 0, 1],
  ['sent', 'declined', 'gateway_rejected', 0, 1],
  ['sent', 'unknown', 'unknown', 0, 1],
  ['unknown', 'approved', null, 1, 0],
  ['unknown', 'declined', 'insufficient_funds', 0, -1],
  ['unknown', 'not_sent', 'unreachable', 0, -1],
]
for (const [from, to, decline_class, approved, counted] of rows) {
  test(`${from} → ${to} (${decline_class}): ${approved} of ${counted}`, () => {
    assert.deepEqual(routeCount(from, to, decline_class), { approved, counted })
  })
}

const nothing: readonly [from: string, to: string, decline_class: string | null][] = [
  ['sent', 'incomplete', null],
  ['sent', 'not_sent', 'unreachable'],
  ['unknown', 'unknown', 'unknown'],
  ['unknown', 'declined', 'soft_generic'],
  ['unknown', 'reversed', 'unknown'],
  ['incomplete', 'expired', 'payer_action'],
]
for (const [from, to, decline_class] of nothing) {
  test(`${from} → ${to} (${decline_class}) changes no figure`, () => {
    assert.equal(routeCount(from, to, decline_class), null)
  })
}

for (const name of 'card_data insufficient_funds limit payer_action three_ds_failed never platform_risk duplicate request_invalid'.split(
  ' ',
)) {
  test(`a decline of class ${name} says nothing about the route`, () => {
    assert.equal(routeCount('sent', 'declined', name), null)
  })
}
