/** All rows at once, each in its own lane; hours pass between the acts, and at the end every row and the whole world are judged. */
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Process, Product } from '../product/product.ts'
import { brokenRules, faultsIn, readBooks } from '../product/rules.ts'
import type { ReceivedCallback } from '../product/shop.ts'
import { letPass, untilIdle } from '../product/time.ts'
import { spoiled_deliveries } from './expect.ts'
import { judge, type Verdict } from './judge.ts'
import { type Lane, openLane } from './lane.ts'
import { begin, follow, goOn, openStory, recover, type Story } from './play.ts'
import type { Row } from './row.ts'

export type LabResult = {
  readonly verdicts: readonly Verdict[]
  /** Broken rules that belong to no row, and faults the processes met. */
  readonly broken: readonly string[]
  readonly duration_ms: number
}

export type LabOptions = {
  readonly log: (line: string) => void
  /** How long providers may still tell something after an act: longer than the slowest of them. */
  readonly quiet_ms?: number
}

const crowd = 48

export async function runRows(
  product: Product,
  rows: readonly Row[],
  { log, quiet_ms = 6_500 }: LabOptions,
): Promise<LabResult> {
  const started_at = performance.now()
  const since = (): string => `${((performance.now() - started_at) / 1000).toFixed(0)} s`
  const lanes = await inCrowd(rows, 4, (row, index) => openLane(product, row, index))
  misbehave(product, lanes)
  const processes: Process[] = [await product.startProcess('api'), await product.startProcess('worker')]
  const url = processes[0]?.url ?? ''
  const stories = lanes.map((lane) => openStory(lane, url))
  const act = (what: (story: Story) => Promise<void>) =>
    inCrowd(stories, crowd, async (story) => {
      await what(story).catch((error: unknown) => story.answers.push(`ERROR ${error}`))
    })
  log(`${since()}: ${rows.length} worlds are built`)
  await act(begin)
  log(`${since()}: everybody has paid or tried to`)
  await pass(product, quiet_ms, [15, 30, 60])
  stories.forEach(recover)
  await pass(product, quiet_ms, [60, 120, 300, 600, 2_000])
  await act(goOn)
  await act(follow)
  await pass(product, quiet_ms, [15, 30, 60])
  stories.forEach(recover)
  await pass(product, quiet_ms, [60, 120, 300, 600, 3_600, 24 * 3_600, 8 * 24 * 3_600])
  log(`${since()}: nothing is due any more`)
  const broken = await brokenRules(product)
  const books = await readBooks(product.ctx.sql, product)
  const verdicts = await inCrowd(stories, 8, (story) => judge(story, books, broken))
  const named = new Set(verdicts.flatMap((one) => one.broken))
  const faults = processes.flatMap((one) => faultsIn(one.output()))
  return {
    verdicts,
    broken: [...broken.filter((line) => !named.has(line)), ...faults],
    duration_ms: performance.now() - started_at,
  }
}

/** Time for what providers tell by themselves, then steps of time with all that comes due in each. */
async function pass({ ctx }: Product, quiet_ms: number, steps_s: readonly number[]): Promise<void> {
  await sleep(quiet_ms)
  await untilIdle(ctx.sql)
  for (const step_s of steps_s) {
    await letPass(ctx.sql, step_s)
    await untilIdle(ctx.sql)
  }
}

/** The merchants' endpoints spoil the first deliveries of each event. */
function misbehave({ shop }: Product, lanes: readonly Lane[]): void {
  const byPath = new Map(lanes.map((lane) => [lane.path, lane]))
  const tries = new Map<string, number>()
  shop.answer = ({ path, event_id }: ReceivedCallback, response: ServerResponse) => {
    const endpoint = byPath.get(path)?.row.trouble.endpoint
    const number = (tries.get(event_id) ?? 0) + 1
    tries.set(event_id, number)
    if (endpoint === undefined || number > spoiled_deliveries) response.writeHead(200).end('ok')
    else if (endpoint === 'cuts') response.destroy()
    else if (endpoint === 'answers 500') response.writeHead(500).end('broken')
    else if (endpoint === 'redirects') response.writeHead(302, { location: '/elsewhere' }).end()
    // Silence: whoever sent it gives up by himself.
  }
}

export async function inCrowd<T, R>(
  all: readonly T[],
  width: number,
  work: (one: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  const walk = async (): Promise<void> => {
    while (next < all.length) {
      const index = next
      next += 1
      results[index] = await work(all[index] as T, index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, all.length) }, walk))
  return results
}
