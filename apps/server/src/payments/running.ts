/** The cascades running in this process, by payment: a second submit joins the first, and a stop waits for all of them. */
import { flushSkips } from '../cascades/count-skips.ts'
import { flushCalls } from '../cascades/record-call.ts'
import type { Context } from '../context.ts'
import { flushResults } from '../routing/count-result.ts'
import { flushCounts } from '../routing/statistics.ts'
import type { State } from './find-payment.ts'

type Runs = { readonly byPayment: Map<string, Promise<State>>; readonly stopping: AbortController }

const runsOf = new WeakMap<Context, Runs>()

function runs(ctx: Context): Runs {
  let found = runsOf.get(ctx)
  if (!found) {
    found = { byPayment: new Map(), stopping: new AbortController() }
    runsOf.set(ctx, found)
  }
  return found
}

/** Starts a run for the payment, or joins the one that runs already. A fault is logged; whoever joins sees it too. */
export function startRun(
  ctx: Context,
  payment_id: string,
  run: (stopping: AbortSignal) => Promise<State>,
): Promise<State> {
  const { byPayment, stopping } = runs(ctx)
  const there = byPayment.get(payment_id)
  if (there) return there
  const running = run(stopping.signal).finally(() => byPayment.delete(payment_id))
  running.catch((error: unknown) => ctx.events.fault('cascade', error, { payment_id }))
  byPayment.set(payment_id, running)
  return running
}

/** The run of the payment in this process, if there is one. */
export function runningOf(ctx: Context, payment_id: string): Promise<State> | null {
  return runs(ctx).byPayment.get(payment_id) ?? null
}

/** The state at the end of the run, or `null` when it takes longer than `wait_ms`; the run goes on. */
export async function joinRun(running: Promise<State>, wait_ms: number): Promise<State | null> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), wait_ms)
  })
  try {
    return await Promise.race([running, timeout])
  } finally {
    clearTimeout(timer)
  }
}

/** Lets every run finish its call and write what it learnt; nothing asks or waits any longer. */
export async function stopRuns(ctx: Context): Promise<void> {
  const { byPayment, stopping } = runs(ctx)
  stopping.abort()
  await Promise.allSettled(byPayment.values())
  await Promise.all([flushResults(ctx), flushCounts(ctx), flushCalls(ctx), flushSkips(ctx)])
}
