import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { testDatabase } from '../database.ts'
import { openProduct } from '../product/product.ts'
import { drawKills, drawPayer, drawScript } from './plan.ts'
import { report } from './report.ts'
import { runSimulation } from './run.ts'
import { drawShopper, isShopper } from './shopper.ts'
import { tellStories } from './tell-stories.ts'

test('the same seed draws the same payers, misbehaviour and kills, another seed others', () => {
  const run = (seed: number) =>
    Array.from({ length: 200 }, (_, i) => [
      drawPayer(seed, i),
      isShopper(seed, i),
      drawShopper(seed, i),
      drawScript(seed, i, 'first', false),
    ])
  assert.deepEqual(run(7), run(7))
  assert.notDeepEqual(run(7), run(8))
  assert.deepEqual(drawKills(7, 2_000, 8), drawKills(7, 2_000, 8))
  assert.notDeepEqual(drawKills(7, 2_000, 8), drawKills(8, 2_000, 8))
})

test('2,000 payments against misbehaving providers and dying processes break no rule', async (t) => {
  const { CASCAD_SIMULATION_SEED: given } = process.env
  const seed = given ? Number(given) : randomInt(1, 2 ** 31)
  t.diagnostic(`seed ${seed}: npm run simulate -- --seed=${seed} --face=card`)
  const database = await testDatabase()
  const product = await openProduct(database.url)
  try {
    const options = { seed, payments: 2_000, crowd: 96, kills: 8, log: (line: string) => t.diagnostic(line) }
    const result = await runSimulation(product, options)
    const table = await report(product, result)
    for (const line of table.split('\n')) t.diagnostic(line)
    for (const line of await tellStories(product, result)) t.diagnostic(line)
    assert.deepEqual(result.broken.slice(0, 50), [], `seed ${seed} broke ${result.broken.length} rules`)
    assert.deepEqual([...new Set(result.faults)].slice(0, 20), [], `seed ${seed} met faults`)
    assert.ok(
      result.seen.every(({ payment_id }) => payment_id !== null),
      'every merchant got its invoice',
    )
  } finally {
    await product.close()
    await database.close()
  }
})
