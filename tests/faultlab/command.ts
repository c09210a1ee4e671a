/**
 * `npm run faultlab`: every misbehaviour at every step on both faces, then at every event of payments by transfer, then a seeded
 * crowd; prints what became of payments, books and callbacks, and ends with 1 when a rule is broken.
 *
 * --rows=TEXT: only rows with this text, and no crowd ("| transfer": those of transfers). --seed=N --payments=N --kills=N: the
 * crowd. --payments=0: no crowd.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { migrate } from '../../apps/server/src/database/migrate.ts'
import { startScratchServer } from '../../apps/server/src/database/scratch-server.ts'
import { openProduct, type Product } from '../product/product.ts'
import { report } from '../simulation/report.ts'
import { runSimulation } from '../simulation/run.ts'
import { allRows } from './row.ts'
import { type LabResult, runRows } from './run.ts'
import { tableOf } from './table.ts'
import { allTransfers } from './transfer-row.ts'
import { runTransfers } from './transfer-run.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    seed: { type: 'string' },
    payments: { type: 'string' },
    kills: { type: 'string', default: '4' },
  },
})
const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** On a PostgreSQL of its own, thrown away afterwards. */
async function onNewProduct(work: (product: Product) => Promise<boolean>): Promise<void> {
  const server = await startScratchServer(say)
  try {
    await migrate(server.url)
    const product = await openProduct(server.url)
    try {
      if (!(await work(product))) process.exitCode = 1
    } finally {
      await product.close()
    }
  } finally {
    await server.stop()
  }
}

function isSound(result: LabResult): boolean {
  say(tableOf(result))
  return result.broken.length === 0 && result.verdicts.every(({ broken }) => broken.length === 0)
}

async function seeded(product: Product, seed: number, payments: number): Promise<boolean> {
  say(`seed ${seed}: npm run faultlab -- --seed=${seed} --payments=${payments} --kills=${values.kills}`)
  const kills = Number(values.kills)
  const wish = { seed, payments, crowd: 48, kills, transfers_percent: 30, slow: true, log: say }
  const result = await runSimulation(product, wish)
  say(await report(product, result))
  for (const line of result.broken) say(`BROKEN ${line}`)
  for (const line of new Set(result.faults)) say(`FAULT ${line}`)
  return result.broken.length + result.faults.length === 0
}

const { rows, seed, payments = '600' } = values
const charged = allRows(rows)
const transferred = allTransfers(rows)
if (seed === undefined && charged.length > 0)
  await onNewProduct(async (product) => isSound(await runRows(product, charged, { log: say })))
if (seed === undefined && transferred.length > 0)
  await onNewProduct(async (product) => isSound(await runTransfers(product, transferred, { log: say })))
if (rows === undefined && payments !== '0') {
  await onNewProduct((product) => seeded(product, Number(seed ?? randomInt(1, 2 ** 31)), Number(payments)))
}
