/** All rows of payments by transfer at once, each in its own lane; time passes between the acts, and at the end all is judged. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Process, Product } from '../product/product.ts'
import { brokenRules, faultsIn } from '../product/rules.ts'
import { letPass, untilIdle } from '../product/time.ts'
import { brokenTransfers } from '../simulation/transfer-rules.ts'
import type { Verdict } from './judge.ts'
import { inCrowd, type LabOptions, type LabResult } from './run.ts'
import { judgeTransfer } from './transfer-judge.ts'
import { openTransferLane } from './transfer-lane.ts'
import {
  actTransfer,
  appealTransfer,
  beginTransfer,
  decideTransfer,
  goOnTransfer,
  openTransferStory,
  readHealth,
  type TransferStory,
} from './transfer-play.ts'
import type { TransferRow } from './transfer-row.ts'
import { openWire } from './wire.ts'

const crowd = 32
const hour_s = 3_600
/** Late answers come, and what was counted in a process is written. */
const settle_ms = 3_000
const idle_timeout_ms = 180_000

export async function runTransfers(
  product: Product,
  rows: readonly TransferRow[],
  { log }: Pick<LabOptions, 'log'>,
): Promise<LabResult> {
  const started_at = performance.now()
  const since = (): string => `${((performance.now() - started_at) / 1000).toFixed(0)} s`
  const wire = await openWire()
  const lanes = await inCrowd(rows, 4, (row, index) => openTransferLane(product, wire, row, index))
  const processes: Process[] = [await product.startProcess('api'), await product.startProcess('worker')]
  const stories = lanes.map((lane) => openTransferStory(lane, processes[0]?.url ?? ''))
  const act = (what: (story: TransferStory) => Promise<void>) =>
    inCrowd(stories, crowd, async (story) => {
      await what(story).catch((error: unknown) => story.answers.push(`ERROR ${error}`))
    })
  const pass = (...steps_s: number[]) => letTimePass(product, steps_s)
  log(`${since()}: ${rows.length} worlds are built`)
  await act(beginTransfer)
  await sleep(settle_ms)
  await act(readHealth)
  await act(actTransfer)
  log(`${since()}: everybody has paid, given up or done nothing`)
  await pass(15, 60)
  await act(goOnTransfer)
  await pass(300, 600, 1_800)
  await act(appealTransfer)
  await pass(1, 60, 60, 60, 60)
  log(`${since()}: the windows are over, appeals are told`)
  await act(decideTransfer)
  await pass(1, 60, 60, 60, 60, 600, 12 * hour_s, 12 * hour_s, 24 * hour_s, 48 * hour_s, 8 * 24 * hour_s)
  log(`${since()}: nothing is due any more`)
  const outputs = processes.map((one) => one.output())
  const broken = [...(await brokenRules(product)), ...(await brokenTransfers(product, outputs))]
  const verdicts: Verdict[] = await inCrowd(stories, 8, (story) => judgeTransfer(story, broken))
  for (const lane of lanes) await lane.close()
  await wire.shut()
  const owned = new Set(verdicts.flatMap((one) => one.broken))
  return {
    verdicts,
    broken: [...broken.filter((line) => !owned.has(line)), ...outputs.flatMap(faultsIn)],
    duration_ms: performance.now() - started_at,
  }
}

async function letTimePass({ ctx, simulators }: Product, steps_s: readonly number[]): Promise<void> {
  await untilIdle(ctx.sql, idle_timeout_ms)
  for (const passed_s of steps_s) {
    simulators.desks.advance({ advance_s: passed_s })
    await letPass(ctx.sql, passed_s)
    await untilIdle(ctx.sql, idle_timeout_ms)
  }
}
