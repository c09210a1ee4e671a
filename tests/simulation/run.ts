/** A run: payers in a crowd, providers that misbehave, processes that die; then quiet, and the rules are looked at. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Process, Product } from '../product/product.ts'
import { brokenRules, faultsIn } from '../product/rules.ts'
import { endLeases, letPass, untilIdle } from '../product/time.ts'
import { runPayer, type Seen } from './payer.ts'
import { drawKills, drawPayer, drawScript } from './plan.ts'
import { drawShopper, isShopper, runShopper, type Shopped } from './shopper.ts'

export type RunOptions = {
  readonly seed: number
  readonly payments: number
  /** Payers on the way at once. */
  readonly crowd: number
  readonly kills: number
  readonly log: (line: string) => void
}

export type RunResult = {
  readonly seed: number
  readonly seen: readonly Seen[]
  /** The same of merchants who send cards themselves. */
  readonly shopped: readonly Shopped[]
  readonly broken: readonly string[]
  readonly faults: readonly string[]
  readonly kills: number
  readonly duration_ms: number
}

const terminals = [
  'first',
  'second',
  'third',
  'live_first',
  'live_second',
  'live_third',
  'redirect',
  'live_redirect',
  'test',
]

export async function runSimulation(product: Product, options: RunOptions): Promise<RunResult> {
  const { seed, payments, log } = options
  const started_at = performance.now()
  let recovered = false
  for (const name of terminals) {
    product.simulators.control.scriptCharges(name, ({ description }) => {
      const index = /^simulation (\d+)$/.exec(description ?? '')?.[1]
      return index === undefined ? null : drawScript(seed, Number(index), name, recovered)
    })
  }
  const api = await product.startProcess('api')
  const worker = await product.startProcess('worker')
  const kills = drawKills(seed, payments, options.kills)
  const { seen, shopped } = await sendPayers(product, options, { api, worker }, kills)
  log(`${seen.length + shopped.length} payers are through after ${seconds(started_at)} s; waiting until nothing is due`)
  recovered = true
  await calmDown(product)
  const broken = await brokenRules(product)
  const taken = seen.filter(({ payment_id }) => payment_id !== null)
  const stored = await product.ctx.sql<{ id: string }[]>`select id from payments where source <> 'card_api'`
  if (stored.length !== new Set(taken.map(({ payment_id }) => payment_id)).size)
    broken.push(`${stored.length} payments are stored for ${taken.length} invoices`)
  broken.push(...(await unknownTransactions(product, shopped)))
  for (const { payment_id, created } of seen) if (created > 1) broken.push(`${payment_id}: created ${created} times`)
  const faults = [api, worker].flatMap((one) => faultsIn(one.output()))
  return { seed, seen, shopped, broken, faults, kills: kills.length, duration_ms: performance.now() - started_at }
}

/** Whatever was answered is stored, and nothing that nobody was ever told of. */
async function unknownTransactions({ ctx }: Product, shopped: readonly Shopped[]): Promise<string[]> {
  const stored = new Set((await ctx.sql<{ uid: string }[]>`select uid from card_transactions`).map(({ uid }) => uid))
  const told = new Set(shopped.flatMap(({ uids }) => uids))
  return [...stored.symmetricDifference(told)].map((uid) =>
    told.has(uid) ? `${uid}: was answered and is not stored` : `${uid}: is stored and was never answered`,
  )
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1)

type Processes = { readonly api: Process; readonly worker: Process }

async function sendPayers(
  product: Product,
  { seed, payments, crowd, log }: RunOptions,
  processes: Processes,
  kills: ReturnType<typeof drawKills>,
): Promise<{ seen: Seen[]; shopped: Shopped[] }> {
  const street = { product, url: processes.api.url, seed, run_id: `sim${seed}` }
  const seen: Seen[] = []
  const shopped: Shopped[] = []
  const rounds = [...kills]
  let next = 0
  let dying: Promise<void> = Promise.resolve()
  let failure: unknown = null
  const walk = async (): Promise<void> => {
    while (next < payments && failure === null) {
      const index = next
      next += 1
      while (rounds[0] && rounds[0].at_payer <= index) {
        const { role, delay_ms } = rounds.shift() as (typeof rounds)[number]
        dying = dying
          .then(() => sleep(delay_ms))
          .then(() => killAndRestart(product, processes[role]))
          .catch((error: unknown) => {
            failure ??= error
          })
      }
      if (isShopper(seed, index)) shopped.push(await runShopper(street, drawShopper(seed, index)))
      else seen.push(await runPayer(street, drawPayer(seed, index)))
      const through = seen.length + shopped.length
      if (through % 500 === 0) log(`${through} payers`)
    }
  }
  await Promise.all(Array.from({ length: crowd }, walk)).catch((error: unknown) => {
    failure ??= error
  })
  await dying
  if (failure !== null) throw failure
  return { seen, shopped }
}

async function killAndRestart(product: Product, victim: Process): Promise<void> {
  await victim.kill()
  // There is one worker: what it had taken belongs to nobody now.
  if (victim.role === 'worker') await endLeases(product.ctx.sql)
  await victim.restart()
}

/** Hours pass in steps, so that every look-up, retry and lifetime comes up, and the workers do what is due after each. */
async function calmDown(product: Product): Promise<void> {
  const { sql } = product.ctx
  const { control } = product.simulators
  await sleep(6_000)
  await untilIdle(sql)
  for (const passed_s of [15, 30, 60, 120, 300, 600, 1_800]) {
    await letPass(sql, passed_s)
    await untilIdle(sql)
  }
  // After the lifetimes: providers that were still thinking come to a late yes or no.
  const yes = (reference: string): boolean => Number.parseInt(reference.slice(-4, -2), 36) % 2 === 0
  for (const { terminal, reference, status, children } of control.ledger()) {
    if (status === 'pending') control.decide(terminal, reference, yes(reference))
    for (const child of children)
      if (child.status === 'pending') control.decide(terminal, child.reference, yes(child.reference))
  }
  await sleep(1_000)
  for (const passed_s of [30, 3_600, 3_600, 24 * 3_600, 8 * 24 * 3_600]) {
    await letPass(sql, passed_s)
    await untilIdle(sql)
  }
  // Notifications still on their way.
  await sleep(1_500)
  await untilIdle(sql)
}
