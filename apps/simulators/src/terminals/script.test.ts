import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createDraw, drawWeighted } from './random.ts'
import { ordinaryScript, patchScript } from './script.ts'

test('the same seed gives the same draws, another seed or terminal gives others', () => {
  const run = (seed: number, name: string) => {
    const draw = createDraw(seed, name)
    return Array.from({ length: 50 }, () => draw(1000))
  }
  assert.deepEqual(run(7, 'first'), run(7, 'first'))
  assert.notDeepEqual(run(7, 'first'), run(8, 'first'))
  assert.notDeepEqual(run(7, 'first'), run(7, 'second'))
})

test('draws stay below their limit', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 1_000_000 }), (seed, below) => {
      const drawn = createDraw(seed, 'x')(below)
      assert.ok(Number.isInteger(drawn) && drawn >= 0 && drawn < below)
    }),
  )
})

test('weights of zero are never drawn, and each positive weight is', () => {
  const draw = createDraw(3, 'x')
  const drawn = new Set(
    Array.from({ length: 500 }, () => drawWeighted({ approve: 3, decline: 0, pending: 1 }, draw, 'ordinary')),
  )
  assert.deepEqual([...drawn].sort(), ['approve', 'pending'])
  assert.equal(drawWeighted({ approve: 0 }, draw, 'ordinary'), 'ordinary')
})

test('a patch changes its members and nothing else', () => {
  const patched = patchScript(ordinaryScript, { answer: 'decline', code: '91' })
  assert.deepEqual(patched, { ...ordinaryScript, answer: 'decline', code: '91' })
})

test('a patch with a mistake is refused with its name', () => {
  const mistakes = (patch: unknown) => {
    const result = patchScript(ordinaryScript, patch)
    return 'mistakes' in result ? result.mistakes.join('; ') : 'accepted'
  }
  assert.match(mistakes({ answer: 'explode' }), /answer/)
  assert.match(mistakes({ decline_percent: 101 }), /decline_percent/)
  assert.match(mistakes({ code: '5' }), /code/)
  assert.match(mistakes({ mix: { approve: 1, explode: 1 } }), /mix\.explode/)
  assert.match(mistakes({ colour: 'red' }), /colour/)
  assert.match(mistakes([]), /object/)
})
