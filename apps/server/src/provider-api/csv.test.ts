import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { csvLine } from './csv.ts'

/** RFC 4180, for one line. */
function readLine(line: string): string[] {
  assert.ok(line.endsWith('\r\n'))
  const cells: string[] = []
  let rest = line.slice(0, -2)
  for (;;) {
    const [whole = '', quoted, plain] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?:,|$)/.exec(rest) ?? assert.fail(rest)
    cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    if (!whole.endsWith(',')) return cells
    rest = rest.slice(whole.length)
  }
}

test('whatever the cells hold, a reader gets them back, and none of them is a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 6 }), (cells) => {
      const read = readLine(csvLine(cells))
      const plain = (text: string | undefined) => (text ?? '').replaceAll("'", '')
      assert.deepEqual(read.map(plain), cells.map(plain))
      for (const cell of read) assert.doesNotMatch(cell, /^([=@\t\r]|[+-].*[^\d.,*+-])/s)
    }),
  )
})

test('amounts and masks stay as they are; nothing is an empty cell', () => {
  assert.equal(csvLine(['-45.614036', '+7******1234', null, '']), '-45.614036,+7******1234,,\r\n')
  assert.equal(csvLine(['=1+1', '@x', '+x', '-x', 'a,"b"']), `'=1+1,'@x,'+x,'-x,"a,""b"""\r\n`)
})

test('neither wide letters, nor blanks, nor the separator of other countries make a formula', () => {
  for (const sign of ['=', '@', '+', '-', '\uff1d', '\uff20', '\uff0b', '\uff0d']) {
    assert.equal(csvLine([`${sign}cmd|x`]), `'${sign}cmd|x\r\n`)
    assert.equal(csvLine([` ${sign}cmd|x`]), `' ${sign}cmd|x\r\n`)
    // Opened where semicolons separate, this is two cells, whatever quotes stand around it.
    assert.equal(csvLine([`Bank;${sign}cmd|x`]), `Bank;'${sign}cmd|x\r\n`)
    assert.equal(csvLine([`Bank; ${sign}cmd, x`]), `"Bank;' ${sign}cmd, x"\r\n`)
  }
  assert.equal(csvLine(['Bank; Co', '5-7', 'a=b']), 'Bank; Co,5-7,a=b\r\n')
})
