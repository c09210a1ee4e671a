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
      assert.deepEqual(
        read.map((cell, index) => (cell === `'${cells[index]}` ? cells[index] : cell)),
        cells,
      )
      for (const cell of read) assert.doesNotMatch(cell, /^([=@\t\r]|[+-].*[^\d.,*+-])/s)
    }),
  )
})

test('amounts and masks stay as they are; nothing is an empty cell', () => {
  assert.equal(csvLine(['-45.614036', '+7******1234', null, '']), '-45.614036,+7******1234,,\r\n')
  assert.equal(csvLine(['=1+1', '@x', '+x', '-x', 'a,"b"']), `'=1+1,'@x,'+x,'-x,"a,""b"""\r\n`)
})
