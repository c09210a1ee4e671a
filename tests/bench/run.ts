/**
 * `npm run bench`: how fast a payment is, beside the bare statements that write it. One run, one table, no asserted times.
 * Flags: --quick (shorter measurements), --merchants=N, --stored=N (payments stored before), --only=routing,product,card,stored,page
 */

import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import type { CeilingOrder, CeilingResult } from './ceiling.ts'
import type { LoadOrder, LoadResult } from './load.ts'
import { measurePage } from './page.ts'
import { measureProvider } from './provider.ts'
import { type Recorded, recordPayment, recordTransaction } from './record.ts'
import { type Row, renderTable } from './report.ts'
import { measureRouting } from './routing.ts'
import { measureStored, storePayments } from './stored.ts'
import { ask, type BenchWorld, startBenchWorld, startProcess } from './world.ts'

const flags = new Map(
  process.argv.slice(2).map((arg): [string, string] => {
    const [name = '', value = ''] = arg.replace(/^--/, '').split('=')
    return [name, value]
  }),
)
const quick = flags.has('quick')
const times = quick ? { warm_up_ms: 2_000, measure_ms: 4_000 } : { warm_up_ms: 4_000, measure_ms: 12_000 }
const concurrency = 16
const only = flags.get('only')?.split(',') ?? null
const wanted = (part: string): boolean => only === null || only.includes(part)

/** 5,000,000 is what the goals speak of; it takes some minutes to write them. */
const stored_count = Number(flags.get('stored') ?? 0)

const log = (line: string): void => console.log(`… ${line}`)

async function ceiling(world: BenchWorld, recorded: Recorded, accounts: readonly string[]): Promise<number> {
  const child = startProcess('ceiling.ts')
  const order: CeilingOrder = {
    database_url: world.database_url,
    statements: recorded.statements,
    recorded,
    account_ids: accounts,
    concurrency,
    ...times,
  }
  const { payments, seconds } = await ask<CeilingResult>(child, order)
  child.disconnect()
  return payments / seconds
}

async function product(
  world: BenchWorld,
  merchants: BenchWorld['merchants'],
  rate: number | null = null,
  lanes = concurrency,
): Promise<LoadResult> {
  const users = merchants.map(({ id, api_key }) => ({ user: id, password: api_key }))
  return load({ url: world.url, kind: 'invoices', merchants: users, concurrency: lanes, rate, ...times })
}

async function load(order: LoadOrder): Promise<LoadResult> {
  const child = startProcess('load.ts')
  const result = await ask<LoadResult>(child, order)
  child.disconnect()
  if (result.failed > 0) throw new Error(`${result.failed} payments of the load failed`)
  return result
}

const perSecond = (result: LoadResult): number => result.payments / result.seconds

async function run(): Promise<Row[]> {
  const rows: Row[] = []
  const add = (what: string, value: number | string, goal = ''): void => {
    const shown = typeof value === 'number' ? (value >= 100 ? String(Math.round(value)) : value.toPrecision(3)) : value
    rows.push({ what, value: shown, goal })
    log(`${what}: ${shown}`)
  }
  if (wanted('routing')) add('routing decisions per second, one core, 100 routes', measureRouting(), '≥ 50,000')
  const world = await startBenchWorld(Number(flags.get('merchants') ?? 1000), log)
  try {
    const all = world.merchants
    const hot = all.slice(0, 1)
    if (wanted('product')) {
      const recorded = await recordPayment(world.ctx, world.database_url, all[0]?.id ?? '')
      const bare = await ceiling(
        world,
        recorded,
        all.map(({ id }) => id),
      )
      add('ceiling, payments/s, spread over all merchants', bare)
      // Every merchant's settings are read before, as they are where a server has run for a while.
      await product(world, all)
      const untilSpread = await countWork(world)
      const loaded = await product(world, all)
      const spread = perSecond(loaded)
      const untilHot = await countWork(world)
      add('product, payments/s, spread, gateways 0 ms', spread)
      add('product ÷ ceiling', spread / bare, '≥ 0.5')
      const one = perSecond(await product(world, hot))
      add('product, payments/s, one hot merchant', one)
      add('hot ÷ spread', one / spread, '≥ 0.8')
      add('database transactions per payment, spread', perPayment(untilSpread, untilHot))
      add('database transactions per payment, one hot merchant', perPayment(untilHot, await countWork(world)))
      add('CPU ms per payment, spread: API + database + provider + load', cpuPerPayment(untilSpread, untilHot, loaded))
      const bareHot = await ceiling(
        world,
        recorded,
        hot.map(({ id }) => id),
      )
      add('ceiling, payments/s, one hot merchant', bareHot)
      await latency(world, spread, add)
      await world.setDelay(50)
      const slow = await product(world, all, null, 64)
      add('product, payments/s, gateways 50 ms, 64 lanes', perSecond(slow))
      add('sale p50 / p95 / p99 ms, gateways 50 ms', three(slow.sale_ms))
      await world.setDelay(0)
    }
    if (wanted('card')) await cardApi(world, add)
    if (stored_count > 0 && wanted('stored')) await stored(world, add)
    if (wanted('page')) for (const [what, value, goal] of await measurePage(world)) add(what, value, goal)
  } finally {
    await world.close()
  }
  return rows
}

/** The same payment, first gateway declines and second approves, by one request of the Card API. */
async function cardApi(world: BenchWorld, add: Add): Promise<void> {
  const { url, shops } = world
  const recorded = await recordTransaction(world.ctx, world.database_url, shops[0]?.shop_id ?? 0)
  const accounts = shops.map(({ account_id }) => account_id)
  const bare = await ceiling(world, recorded, accounts)
  add('Card API: ceiling, payments/s', bare)
  const merchants = shops.map(({ shop_id, secret }) => ({ user: String(shop_id), password: secret }))
  const order: LoadOrder = { url, kind: 'transactions', merchants, concurrency, rate: null, ...times }
  const before = await countWork(world)
  const full = await load(order)
  const after = await countWork(world)
  add('Card API: product, payments/s', perSecond(full))
  add('Card API: product ÷ ceiling', perSecond(full) / bare, '≥ 0.5')
  add('Card API: database transactions per payment', perPayment(before, after))
  add('Card API: CPU ms per payment: API + database + provider + load', cpuPerPayment(before, after, full))
  add('Card API: p50 / p95 / p99 ms at saturation', three(full.sale_ms))
  const half = await load({ ...order, rate: Math.max(1, Math.floor(perSecond(full) / 2)), concurrency: 64 })
  add('Card API: p50 / p95 / p99 ms at half of it', three(half.sale_ms))
}

async function stored(all: BenchWorld, add: Add): Promise<void> {
  const world = { ...all, merchants: all.merchants.slice(0, 50) }
  const rounds = 600
  // Every merchant has two pages before, so that both sides list the same.
  await measureStored(world, world.merchants.length * 25)
  const before = await measureStored(world, rounds)
  await storePayments(world.ctx.sql, all.merchants, stored_count, log)
  const after = await measureStored(world, rounds)
  const count = stored_count.toLocaleString('en')
  add(`create with ${count} payments stored ÷ without`, after.create_ms / before.create_ms, '≤ 1.2')
  add(`list with ${count} payments stored ÷ without`, after.list_ms / before.list_ms, '≤ 1.5')
}

type WorkCount = {
  readonly payments: bigint
  readonly transactions: bigint
  readonly cpu: ReturnType<BenchWorld['cpu']>
}

/** A statement outside a transaction counts as one. Unlike a time, the same on a busy machine. */
async function countWork({ ctx, cpu }: BenchWorld): Promise<WorkCount> {
  // A connection tells its counts once a second.
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  const [row] = await ctx.sql<Omit<WorkCount, 'cpu'>[]>`
    select (select count(*) from payments) as payments, xact_commit as transactions
    from pg_stat_database where datname = current_database()`
  return { ...(row as Omit<WorkCount, 'cpu'>), cpu: cpu() }
}

/** On a machine with two cores 2,000 divided by the sum is what they could do. */
function cpuPerPayment(before: WorkCount, after: WorkCount, { cpu, started }: LoadResult): string {
  const payments = Number(after.payments - before.payments)
  const ms = (who: keyof WorkCount['cpu']): number => ((after.cpu[who] - before.cpu[who]) * 1000) / payments
  return [ms('api'), ms('database'), ms('provider'), (cpu * 1000) / started].map((one) => one.toFixed(2)).join(' + ')
}

const perPayment = (before: WorkCount, after: WorkCount): number =>
  Number(after.transactions - before.transactions) / Number(after.payments - before.payments)

type Add = (what: string, value: number | string, goal?: string) => void

const three = ({ p50, p95, p99 }: { p50: number; p95: number; p99: number }): string =>
  [p50, p95, p99].map((ms) => ms.toFixed(1)).join(' / ')

async function latency(
  world: BenchWorld,
  saturation: number,
  add: (what: string, value: number | string, goal?: string) => void,
): Promise<void> {
  const full = await product(world, world.merchants)
  add('create p50 / p95 / p99 ms at saturation', three(full.create_ms))
  add('sale p50 / p95 / p99 ms at saturation', three(full.sale_ms))
  const half = await product(world, world.merchants, Math.max(1, Math.floor(saturation / 2)), 64)
  add('create p50 / p95 / p99 ms at half of it', three(half.create_ms))
  add('sale p50 / p95 / p99 ms at half of it', three(half.sale_ms))
  const bare = await measureProvider(world.provider, quick ? 500 : 2000)
  add('two bare calls of the gateways p50 / p95 / p99 ms', three(bare))
  add('added latency p50 ms', half.sale_ms.p50 - bare.p50, '≤ 5')
  add('added latency p99 ms', half.sale_ms.p99 - bare.p99, '≤ 25')
}

const started = performance.now()
const rows = await run()
const table = renderTable(rows)
console.log(`\n${table}\n${Math.round((performance.now() - started) / 1000)} s in all`)
if (!quick && only === null) {
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, PostgreSQL 18 embedded, fsync and synchronous_commit on`
  writeFileSync(
    new URL('RESULTS.md', import.meta.url),
    `# Results of \`npm run bench\`\n\nMachine: ${machine}. Everything (PostgreSQL, API process, provider, load) shares it.\n${new Date().toISOString().slice(0, 10)}, ${concurrency} lanes.\n\n${table}\n`,
  )
}
