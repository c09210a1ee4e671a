import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writePdf } from './evidence.ts'

test('the page of books is a PDF whose parts are where its table says', () => {
  const bytes = writePdf(['Books (of a desk)', 'Прибыло 3500 \\ 100'])
  const text = Buffer.from(bytes).toString('latin1')
  assert.ok(text.startsWith('%PDF-1.4\n') && text.endsWith('%%EOF\n'))
  const table = Number(/startxref\n(\d+)/.exec(text)?.[1])
  assert.equal(text.slice(table, table + 4), 'xref')
  const places = [...text.slice(table).matchAll(/(\d{10}) 00000 n/g)].map((match) => Number(match[1]))
  assert.equal(places.length, 5)
  for (const [index, at] of places.entries()) assert.ok(text.startsWith(`${index + 1} 0 obj\n`, at))
  const stream = /<<\/Length (\d+)>>\nstream\n([\s\S]*?)\nendstream/.exec(text)
  assert.equal(stream?.[2]?.length, Number(stream?.[1]))
  assert.ok(text.includes('(Books \\(of a desk\\)) Tj'))
  assert.ok(text.includes('(??????? 3500 \\\\ 100) Tj'))
})
