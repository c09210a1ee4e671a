import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { exportStatement } from './export-statement.ts'
import type { Provider } from './provider.ts'
import { readBalance } from './read-balance.ts'
import { readStatement, type StatementLine } from './read-statement.ts'
import { addRightBalance, balanceEvent, RealBalance } from './sample-balance.ts'
import { addProvider, hold, nextAttempt } from './sample-provider.ts'
import { settleSuccess } from './settle-success.ts'

let db: TestDatabase
before(async () => {
  db = await testDatabase()
})
after(() => db.close())

async function allLines(provider: Provider, limit: number): Promise<StatementLine[]> {
  const lines: StatementLine[] = []
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page = await readStatement(db.sql, provider, { test_mode: false, limit, ...(cursor ? { cursor } : {}) })
    lines.push(...page.lines)
    cursor = page.cursor
  }
  return lines
}

test('the running balance leads from nothing to what is available, however the pages are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(balanceEvent, { minLength: 5, maxLength: 25 }),
      fc.integer({ min: 1, max: 9 }),
      async (events, limit) => {
        const provider = await addProvider(db.sql, 900n)
        const real = new RealBalance(db.sql, provider)
        for (const event of events) await real.apply(event)
        const lines = await allLines(provider, limit)
        const { available_minor } = await readBalance(db.sql, provider, false)
        assert.equal(lines[0]?.available_after_minor, available_minor)
        assert.equal(lines.at(-1)?.available_before_minor, 0n)
        for (const [index, line] of lines.entries()) {
          assert.equal(line.available_before_minor + line.change_minor, line.available_after_minor)
          assert.equal(lines[index + 1]?.available_after_minor ?? 0n, line.available_before_minor)
        }
        assert.deepEqual(lines, await allLines(provider, 1000))
      },
    ),
    { numRuns: 25 },
  )
})

test('a period is shown with the balance of its time', async () => {
  const provider = await addRightBalance(db.sql)
  const [newest, ...older] = await allLines(provider, 1000)
  const next = (older[0] as StatementLine).created_at
  const early = await readStatement(db.sql, provider, {
    test_mode: false,
    limit: 10,
    to: new Date(next.getTime() - 1000),
  })
  assert.deepEqual(early, { lines: [], cursor: null })
  const late = await readStatement(db.sql, provider, {
    test_mode: false,
    limit: 1,
    from: new Date(next.getTime() - 1000),
  })
  assert.deepEqual(late.lines, [newest])
  await assert.rejects(readStatement(db.sql, provider, { test_mode: false, limit: 1, cursor: 'trf_1.x' }), RangeError)
})

test('the export is the statement, a row for each line', async () => {
  const provider = await addProvider(db.sql, 1_000_000n)
  const attempt_id = nextAttempt()
  await hold(db.sql, provider, { attempt_id, amount_minor: 390000n })
  await settleSuccess(db.sql, { provider_id: provider.id, attempt_id }, new Date('2026-01-02T03:05:00.000Z'))
  let csv = ''
  for await (const piece of exportStatement(db.sql, provider, { test_mode: false })) csv += piece
  const [head, debit, held, top_up, end] = csv.split('\r\n')
  assert.equal(head, 'time,kind,reference,payment,amount,change,available_before,available_after,currency')
  assert.equal(
    debit,
    `2026-01-02T03:05:00.000Z,provider_debit,${attempt_id},${attempt_id},45.62,0.00,9954.38,9954.38,USDT`,
  )
  assert.equal(
    held,
    `2026-01-02T03:04:05.678Z,provider_hold,${attempt_id},${attempt_id},45.62,-45.62,10000.00,9954.38,USDT`,
  )
  assert.match(top_up ?? '', /^2026-01-02T03:04:05\.678Z,top_up,top_\w{16},,10000\.00,10000\.00,0\.00,10000\.00,USDT$/)
  assert.equal(end, '')
  assert.doesNotMatch(csv, /cpi_/, 'with the id of the payment a provider could open its payer’s page')
})
