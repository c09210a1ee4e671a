/** Spreadsheet files, read back as the XML that a spreadsheet reads. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inflateRawSync } from 'node:zlib'
import { Problem } from '../http/problem.ts'
import { ProviderProblem } from './provider-problem.ts'
import { type Column, type Rows, workbookFile } from './workbook.ts'

const columns: readonly Column[] = [
  { name: 'at', kind: 'time' },
  { name: 'bank', kind: 'text' },
  { name: 'amount', kind: 'amount' },
]

async function* pieces(...all: Rows[]): AsyncGenerator<Rows> {
  for (const rows of all) yield rows
}

/** One file of a ZIP archive, found by the directory at its end. */
function fileIn(zip: Buffer, name: string): string {
  const end = zip.lastIndexOf('PK\u0005\u0006')
  let at = zip.readUInt32LE(end + 16)
  for (let count = zip.readUInt16LE(end + 10); count > 0; count -= 1) {
    const [packed, named, extra, comment] = [20, 28, 30, 32].map((place) =>
      place === 20 ? zip.readUInt32LE(at + place) : zip.readUInt16LE(at + place),
    ) as [number, number, number, number]
    const local = zip.readUInt32LE(at + 42)
    if (zip.toString('utf8', at + 46, at + 46 + named) === name) {
      const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
      const bytes = zip.subarray(begin, begin + packed)
      return (zip.readUInt16LE(local + 8) === 0 ? bytes : inflateRawSync(bytes)).toString('utf8')
    }
    at += 46 + named + extra + comment
  }
  assert.fail(`there is no ${name}`)
}

test('texts are texts, amounts exact numbers, times times; nothing is a formula', async () => {
  const hostile = ['=HYPERLINK("http://evil.example")', '+1', '@x', '<b>&"\'', '__proto__', 'constructor', 'a\u0001b']
  const rows = hostile.map((bank) => ['2026-03-01T10:00:00.000Z', bank, '3900.50'])
  const file = await workbookFile('payments-live', columns, pieces(rows, [[null, null, '1234567890123456.78']]))
  assert.equal(file.headers['content-disposition'], 'attachment; filename="payments-live.xlsx"')
  const zip = file.body as Buffer
  const sheet = fileIn(zip, 'xl/worksheets/sheet1.xml')
  const texts = [...fileIn(zip, 'xl/sharedStrings.xml').matchAll(/<si><t[^>]*>(.*?)<\/t><\/si>/gs)].map(
    ([, text]) => text,
  )
  assert.doesNotMatch(sheet, /<f[ >]|t="str"/)
  const cell = (place: string) => new RegExp(`<c r="${place}"[^>]*?( t="s")?[^>]*><v>([^<]*)</v></c>`).exec(sheet)
  const textAt = (place: string) => texts[Number(cell(place)?.[2])]
  assert.deepEqual([textAt('A1'), textAt('B1'), textAt('C1')], ['at', 'bank', 'amount'])
  const shown = hostile.map((_, index) => textAt(`B${index + 2}`)?.trimEnd())
  assert.deepEqual(shown, [
    '=HYPERLINK("http://evil.example")',
    '+1',
    '@x',
    '&lt;b&gt;&amp;"\'',
    '__proto__',
    'constructor',
    'ab',
  ])
  assert.equal(cell('C2')?.[2], '3900.5')
  assert.equal(cell('C2')?.[1], undefined)
  // Days since the end of 1899, in UTC.
  assert.ok(Math.abs(Number(cell('A2')?.[2]) - (Date.UTC(2026, 2, 1, 10) / 86_400_000 + 25_569)) < 1e-6)
  assert.equal(textAt('C9'), '1234567890123456.78', 'a double would have lost a digit')
  assert.match(fileIn(zip, 'xl/styles.xml'), /formatCode="0\.00"/)
})

test('more rows than a file takes are refused, and so is a third file at a time; a failure is not hidden', async () => {
  const row = ['2026-03-01T10:00:00.000Z', 'Bank', '1']
  const isTooMany = (error: unknown): boolean => error instanceof ProviderProblem && error.code === 'too_many_rows'
  await assert.rejects(workbookFile('x', columns, pieces(Array(20_001).fill(row))), isTooMany)
  let letGo = (): void => {}
  const wait = new Promise<void>((resolve) => {
    letGo = resolve
  })
  async function* slow(): AsyncGenerator<Rows> {
    await wait
    yield [row]
  }
  const two = [workbookFile('a', columns, slow()), workbookFile('b', columns, slow())]
  await assert.rejects(
    workbookFile('c', columns, pieces([row])),
    (error) => error instanceof Problem && error.status === 503,
  )
  letGo()
  await Promise.all(two)
  async function* failing(): AsyncGenerator<Rows> {
    yield [row]
    throw new RangeError('no more rows')
  }
  await assert.rejects(workbookFile('d', columns, failing()), RangeError)
  assert.ok((await workbookFile('e', columns, pieces([row]))).body)
})
