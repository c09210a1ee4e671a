import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../database.ts'
import { openProduct } from '../product/product.ts'
import { tableOf } from './table.ts'
import { allTransfers, shortTransfers, type TransferRow, textOfTransfer } from './transfer-row.ts'
import { runTransfers } from './transfer-run.ts'

test('payments by transfer end as the tables of the contract say, and a row that is judged by a wrong rule is seen', async (t) => {
  const database = await testDatabase()
  const product = await openProduct(database.url)
  try {
    // Nobody knows what became of the order, and the lab is told that it was refused.
    const unknown = allTransfers('create: 500 before')[0] as TransferRow
    const shape = { seen: 'answer', status: 422, body: 'object' } as const
    const misjudged: TransferRow = { ...unknown, trouble: { ...unknown.trouble, name: 'misjudged', shape } }
    const result = await runTransfers(product, [...shortTransfers(), misjudged], { log: (line) => t.diagnostic(line) })
    for (const line of tableOf(result).split('\n')) t.diagnostic(line)
    assert.deepEqual(
      result.verdicts.filter(({ broken }) => broken.length > 0).map(({ row, broken }) => [row, broken]),
      [
        [
          textOfTransfer(misjudged),
          [
            'states: ["unknown","success"], the rules say ["refused","success"]',
            'attempts: ["orphaned","approved"], the rules say ["declined","approved"]',
            'health at first: "failure", the rules say "healthy"',
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
