/** A run: payers in a crowd, providers that misbehave, processes that die; then quiet, and the rules are looked at. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Process, Product } from '../product/product.ts'
import { brokenRules, faultsIn } from '../product/rules.ts'
import { endLeases } from '../product/time.ts'
import { calmDown } from './calm-down.ts'
import { runPayer, type Seen, type Street } from './payer.ts'
import { openPeople } from './people.ts'
import { drawKills, drawPayer, drawScript } from './plan.ts'
import { drawShopper, isShopper, runShopper, type Shopped } from './shopper.ts'
import { runTransfer, type Transferred, type TransferStreet } from './transfer-payer.ts'
import { drawTransfer, isTransfer } from './transfer-plan.ts'
import { brokenTransfers } from './transfer-rules.ts'
import { openDesks, transferMerchant } from './transfer-world.ts'

export type RunOptions = {
  readonly seed: number
  readonly payments: number
  /** Payers on the way at once. */
  readonly crowd: number
  readonly kills: number
  /** How many of a hundred payers pay by transfer; none when left out. */
  readonly transfers_percent?: number
  /** Questions that are never answered, too: they take their time. */
  readonly slow?: boolean
  readonly log: (line: string) => void
}

export type RunResult = {
  readonly seed: number
  readonly seen: readonly Seen[]
  /** The same of merchants who send cards themselves. */
  readonly shopped: readonly Shopped[]
  /** The same of payers by transfer. */
  readonly transferred: readonly Transferred[]
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
  const { seed, payments, log, transfers_percent = 0 } = options
  const started_at = performance.now()
  let recovered = false
  for (const name of terminals) {
    product.simulators.control.scriptCharges(name, ({ description }) => {
      const index = /^simulation (\d+)$/.exec(description ?? '')?.[1]
      return index === undefined ? null : drawScript(seed, Number(index), name, recovered)
    })
  }
  if (transfers_percent > 0) await openDesks(product, options)
  const api = await product.startProcess('api')
  // A search that a worker takes up sends its payers back to the same address.
  const worker = await product.startProcess('worker', { CASCAD_PUBLIC_URL: api.url })
  const kills = drawKills(seed, payments, options.kills)
  const street = await openStreet(product, options, api.url)
  const crowd = await sendPayers(street, options, { api, worker }, kills)
  const { seen, shopped, transferred } = crowd
  const through = seen.length + shopped.length + transferred.length
  log(`${through} payers are through after ${seconds(started_at)} s; waiting until nothing is due`)
  recovered = true
  await calmDown(product, { cards: transfers_percent < 100, people: street.people })
  const outputs = [api, worker].map((one) => one.output())
  const broken = await brokenRules(product)
  if (transfers_percent > 0) broken.push(...(await brokenTransfers(product, outputs)))
  broken.push(...(await unknownPayments(product, [...seen, ...transferred])))
  broken.push(...(await unknownTransactions(product, shopped)))
  const faults = outputs.flatMap(faultsIn)
  return { seed, ...crowd, broken, faults, kills: kills.length, duration_ms: performance.now() - started_at }
}

async function openStreet(
  product: Product,
  { seed, transfers_percent = 0 }: RunOptions,
  url: string,
): Promise<Street & Pick<TransferStreet, 'merchant'> & { readonly people: TransferStreet['people'] | null }> {
  return {
    product,
    url,
    seed,
    run_id: `sim${seed}`,
    merchant: transferMerchant(product),
    people: transfers_percent > 0 ? await openPeople(product, url) : null,
  }
}

type Invoiced = Pick<Seen, 'payment_id' | 'created'>

/** Each invoice is one payment, and was created once. */
async function unknownPayments({ ctx }: Product, seen: readonly Invoiced[]): Promise<string[]> {
  const taken = seen.filter(({ payment_id }) => payment_id !== null)
  const stored = await ctx.sql<{ id: string }[]>`select id from payments where source <> 'card_api'`
  const broken = seen
    .filter(({ created }) => created > 1)
    .map((one) => `${one.payment_id}: created ${one.created} times`)
  if (stored.length !== new Set(taken.map(({ payment_id }) => payment_id)).size)
    broken.push(`${stored.length} payments are stored for ${taken.length} invoices`)
  return broken
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

type Crowd = Pick<RunResult, 'seen' | 'shopped' | 'transferred'>

async function sendPayers(
  street: Awaited<ReturnType<typeof openStreet>>,
  { seed, payments, crowd, log, transfers_percent = 0 }: RunOptions,
  processes: Processes,
  kills: ReturnType<typeof drawKills>,
): Promise<Crowd> {
  const { product, people } = street
  const seen: Seen[] = []
  const shopped: Shopped[] = []
  const transferred: Transferred[] = []
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
      if (people && isTransfer(seed, index, transfers_percent))
        transferred.push(await runTransfer({ ...street, people }, drawTransfer(seed, index)))
      else if (isShopper(seed, index)) shopped.push(await runShopper(street, drawShopper(seed, index)))
      else seen.push(await runPayer(street, drawPayer(seed, index)))
      const through = seen.length + shopped.length + transferred.length
      if (through % 500 === 0) log(`${through} payers`)
    }
  }
  await Promise.all(Array.from({ length: crowd }, walk)).catch((error: unknown) => {
    failure ??= error
  })
  await dying
  if (failure !== null) throw failure
  return { seen, shopped, transferred }
}

async function killAndRestart(product: Product, victim: Process): Promise<void> {
  await victim.kill()
  // There is one worker: what it had taken belongs to nobody now.
  if (victim.role === 'worker') await endLeases(product.ctx.sql)
  await victim.restart()
}
