import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../database.ts'
import { openProduct } from '../product/product.ts'
import { allRows, type Row, shortRows, textOf } from './row.ts'
import { runRows } from './run.ts'
import { tableOf } from './table.ts'

test('a row of every step ends as the rules say, and a row that is judged by a wrong rule is seen', async (t) => {
  const database = await testDatabase()
  const product = await openProduct(database.url)
  try {
    // It takes less than it was asked for, and the lab is told that it takes all.
    const less = allRows('first charge: takes less | invoice')[0] as Row
    const misjudged: Row = { ...less, trouble: { ...less.trouble, name: 'misjudged', truth: 'taken' } }
    const result = await runRows(product, [...shortRows(), misjudged], {
      log: (line) => t.diagnostic(line),
      quiet_ms: 2_500,
    })
    for (const line of tableOf(result).split('\n')) t.diagnostic(line)
    const broken = result.verdicts.filter((one) => one.broken.length > 0)
    assert.deepEqual(
      broken.map(({ row, broken: found }) => [row, found]),
      [
        [
          textOf(misjudged),
          [
            'kept of the payer: "9900", the rules say "10000"',
            'statuses: ["partially_processed"], the rules say ["processed"]',
            'processed was never told',
          ],
        ],
      ],
    )
    assert.deepEqual(result.broken, [], 'nothing else is broken')
  } finally {
    await product.close()
    await database.close()
  }
})
