import assert from 'node:assert/strict'
import { test } from 'node:test'
import { balanceLevels } from './balance-level.ts'
import { toldOfLevel } from './told-of-level.ts'

test('every crossing downwards is told, and none upwards; what is far below zero is the operator’s', () => {
  const told = balanceLevels.flatMap((from) =>
    balanceLevels.map((to) => {
      const { provider, operator } = toldOfLevel(from, to)
      return `${from} → ${to}:${provider ? ' provider' : ''}${operator ? ' operator' : ''}`
    }),
  )
  assert.deepEqual(
    told.filter((line) => !line.endsWith(':')),
    [
      'fine → low: provider operator',
      'fine → empty: provider operator',
      'fine → overdrawn: provider operator',
      'low → empty: provider operator',
      'low → overdrawn: provider operator',
      'empty → overdrawn: operator',
    ],
  )
})
