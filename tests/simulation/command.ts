/**
 * `npm run simulate -- --seed=N --payments=N --kills=N --face=all|card|transfer`: one run on a PostgreSQL of its own; exits non-zero
 * when a rule is broken.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { migrate } from '../../apps/server/src/database/migrate.ts'
import { startScratchServer } from '../../apps/server/src/database/scratch-server.ts'
import { openProduct } from '../product/product.ts'
import { report } from './report.ts'
import { runSimulation } from './run.ts'
import { tellStories } from './tell-stories.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    payments: { type: 'string', default: '2000' },
    crowd: { type: 'string', default: '48' },
    kills: { type: 'string', default: '8' },
    face: { type: 'string', default: 'all' },
    output: { type: 'boolean', default: false },
  },
})
const percents: Readonly<Record<string, number>> = { all: 30, card: 0, transfer: 100 }
const transfers_percent = percents[values.face]
if (transfers_percent === undefined) throw new Error(`--face is one of ${Object.keys(percents).join(', ')}`)
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const seed = Number(values.seed ?? randomInt(1, 2 ** 31))
say(`seed ${seed}`)
const server = await startScratchServer(say)
try {
  await migrate(server.url)
  const product = await openProduct(server.url)
  try {
    const { payments, crowd, kills } = values
    const result = await runSimulation(product, {
      seed,
      payments: Number(payments),
      crowd: Number(crowd),
      kills: Number(kills),
      transfers_percent,
      slow: true,
      log: say,
    })
    say(await report(product, result))
    for (const line of result.broken.slice(0, 60)) say(`BROKEN ${line}`)
    for (const line of await tellStories(product, result)) say(line)
    for (const line of [...new Set(result.faults)].slice(0, 40)) say(`FAULT ${line}`)
    const notes = Map.groupBy(
      [...result.seen, ...result.transferred].flatMap((one) => one.notes),
      (note) => note,
    )
    for (const [note, all] of [...notes].slice(0, 40)) say(`  note ${note}: ${all.length}`)
    if (result.broken.length + result.faults.length > 0) process.exitCode = 1
  } finally {
    await product.close()
  }
} finally {
  await server.stop()
}
