import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { cellOf } from './cell.ts'

test('an amount is a number with the decimals it was given with', () => {
  assert.deepEqual(cellOf('amount', '3900.00'), { type: 'number', value: 3900, format: '0.00' })
  assert.deepEqual(cellOf('amount', '-45.614036'), { type: 'number', value: -45.614036, format: '0.000000' })
  assert.deepEqual(cellOf('amount', '7'), { type: 'number', value: 7, format: '0' })
  assert.deepEqual(cellOf('amount', '999999999.999999'), {
    type: 'number',
    value: 999999999.999999,
    format: '0.000000',
  })
})

test('an amount that a spreadsheet would round stays text', () => {
  for (const text of ['1234567890123456', '9007199254740993.00', '-12345678901.234567', '1e3', '–'])
    assert.deepEqual(cellOf('amount', text), { type: 'text', text })
})

const digits = (min: number, max: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((all) => all.join(''))

/** The value of decimal text, or of the shortest text of a double, in units of 10^-30. */
function exact(text: string): bigint {
  const [, sign, whole = '', decimals = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(text) ?? []
  const places = 30 + Number(exponent) - decimals.length
  return (sign === '-' ? -1n : 1n) * BigInt(whole + decimals) * 10n ** BigInt(places)
}

test('no digit of any amount is lost: what a number says, or its text, is what was given', () => {
  fc.assert(
    fc.property(fc.boolean(), digits(1, 18), digits(0, 8), (isNegative, whole, decimals) => {
      const text = `${isNegative ? '-' : ''}${whole}${decimals === '' ? '' : `.${decimals}`}`
      const cell = cellOf('amount', text)
      assert.ok(cell !== null && cell.type !== 'time')
      if (cell.type === 'text') assert.equal(cell.text, text)
      else assert.equal(exact(String(cell.value)), exact(text))
    }),
  )
})

test('text is text, whatever it begins with, and holds nothing that a file cannot', () => {
  for (const text of ['=1+1', '@SUM(A1)', '+7******1234', '-5', '=HYPERLINK("http://x")', '\ttab', '12'])
    assert.deepEqual(cellOf('text', text), { type: 'text', text })
  assert.deepEqual(cellOf('text', 'a\u0000b\u001fc\ufffed'), { type: 'text', text: 'abcd' })
  assert.deepEqual(cellOf('text', '\ud800'), { type: 'text', text: '\ufffd' })
  assert.deepEqual(cellOf('text', 'x'.repeat(40_000)), { type: 'text', text: 'x'.repeat(32_767) })
})

test('a time is a time, and what is none is text; nothing is an empty cell', () => {
  assert.deepEqual(cellOf('time', '2026-03-01T10:00:00.000Z'), { type: 'time', at_ms: Date.UTC(2026, 2, 1, 10) })
  assert.deepEqual(cellOf('time', 'never'), { type: 'text', text: 'never' })
  for (const kind of ['text', 'amount', 'time'] as const) {
    assert.equal(cellOf(kind, null), null)
    assert.equal(cellOf(kind, ''), null)
  }
})
