import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Conditions } from '../scheme.ts'
import { compileConditions, fieldsOf, firstFalseLeaf } from './conditions.ts'
import { asked, sampleCard } from './sample-routing.ts'

const leaves: readonly Conditions[] = [
  { field: 'test', op: 'eq', value: true },
  { field: 'test', op: 'eq', value: false },
  { field: 'card.brand', op: 'eq', value: 'visa' },
  { field: 'card.brand', op: 'ne', value: 'visa' },
]
const { tree } = fc.letrec<{ tree: Conditions }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...leaves),
    fc.record({ all: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ not: tie('tree') }),
  ),
}))

/** What the tree says, read aloud, of a test payment with a Visa card or without a card. */
function meaning(conditions: Conditions, card: boolean): boolean {
  if ('all' in conditions) return conditions.all.every((part) => meaning(part, card))
  if ('any' in conditions) return conditions.any.some((part) => meaning(part, card))
  if ('not' in conditions) return !meaning(conditions.not, card)
  if (!('field' in conditions)) return true
  return conditions.field === 'test' ? conditions.value === true : card && conditions.op === 'eq'
}

test('a compiled tree means what the tree says, and a false one is explained by a leaf of its own', () => {
  fc.assert(
    fc.property(tree, fc.boolean(), (conditions, card) => {
      const payment = asked({ card: card ? sampleCard : null })
      const holds = compileConditions(conditions)(payment)
      assert.equal(holds, meaning(conditions, card))
      const named = firstFalseLeaf(conditions, payment)
      if (holds) return assert.equal(named, null)
      if (named === null) return
      assert.ok(fieldsOf(conditions).includes(named.field))
      const { negated, ...leaf } = named
      assert.equal(compileConditions(leaf)(payment), negated === true)
    }),
    { numRuns: 500 },
  )
})
