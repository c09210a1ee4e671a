/** The crowd of payers by transfer, a small one; the large one by `npm run simulate -- --face=transfer`. */
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { testDatabase } from '../database.ts'
import { openProduct } from '../product/product.ts'
import { report } from './report.ts'
import { runSimulation } from './run.ts'
import { tellStories } from './tell-stories.ts'
import { deskNames, drawDesk, drawTransfer, isTransfer } from './transfer-plan.ts'

test('the same seed draws the same payers by transfer and the same desks, another seed others', () => {
  const run = (seed: number) =>
    Array.from({ length: 200 }, (_, i) => [
      isTransfer(seed, i, 50),
      drawTransfer(seed, i),
      deskNames.map((desk) => drawDesk(seed, i, desk, true)),
    ])
  assert.deepEqual(run(7), run(7))
  assert.notDeepEqual(run(7), run(8))
  const amounts = Array.from({ length: 5_000 }, (_, i) => drawTransfer(7, i).amount_minor)
  assert.equal(new Set(amounts).size, amounts.length, 'a desk tells payers apart by what they pay')
})

test('40 payments by transfer over two misbehaving desks and dying processes break no rule', async (t) => {
  const { CASCAD_SIMULATION_SEED: given } = process.env
  const seed = given ? Number(given) : randomInt(1, 2 ** 31)
  t.diagnostic(`seed ${seed}: npm run simulate -- --seed=${seed} --face=transfer`)
  const database = await testDatabase()
  const product = await openProduct(database.url)
  try {
    const log = (line: string): void => t.diagnostic(line)
    const options = { seed, payments: 40, crowd: 40, kills: 2, transfers_percent: 100, log }
    const result = await runSimulation(product, options)
    const table = await report(product, result)
    for (const line of table.split('\n')) t.diagnostic(line)
    for (const line of await tellStories(product, result)) t.diagnostic(line)
    assert.deepEqual(result.broken.slice(0, 50), [], `seed ${seed} broke ${result.broken.length} rules`)
    assert.deepEqual([...new Set(result.faults)].slice(0, 20), [], `seed ${seed} met faults`)
    assert.ok(
      result.transferred.every(({ payment_id }) => payment_id !== null),
      'every merchant got its invoice',
    )
  } finally {
    await product.close()
    await database.close()
  }
})
