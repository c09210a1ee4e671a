import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readPointer } from './json-pointer.ts'

for (const [text, steps] of [
  ['', []],
  ['/', ['']],
  ['/rates/RUB', ['rates', 'RUB']],
  ['/data/0/price', ['data', '0', 'price']],
  ['/a~1b/~0/~01', ['a/b', '~', '~1']],
  ['rates', null],
  ['/a~', null],
  ['/a~2', null],
  ['#/a', null],
] as const) {
  test(`${JSON.stringify(text)} leads by ${JSON.stringify(steps)}`, () => assert.deepEqual(readPointer(text), steps))
}

test('every way through a document can be written', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), (steps) => {
      const text = steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
      assert.deepEqual(readPointer(text), steps)
    }),
  )
})
