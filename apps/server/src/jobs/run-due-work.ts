/**
 * The loop of a worker over rows with a due time: claim a batch by lease, handle each row, sleep, again.
 * A handler that fails leaves its lease to run out, so the row comes back; a dead worker's leases do too.
 */
export type DueWork<Row> = {
  readonly name: string
  /** Claims up to `limit` due rows by writing a lease into them, in one statement. */
  readonly claim: (limit: number) => Promise<readonly Row[]>
  readonly handle: (row: Row, signal: AbortSignal) => Promise<void>
  readonly concurrency: number
  /** Pause after a claim that found nothing. */
  readonly idle_ms: number
  readonly onFault: (error: unknown) => void
}

export type RunningWork = {
  /** Claims no more and resolves when the rows in hand are done. */
  readonly stop: () => Promise<void>
  /** Looks for work now instead of at the end of the pause. */
  readonly wake: () => void
}

/** Starts the loop. At most `concurrency` rows are in hand at any time; a slow row keeps only its own place busy. */
export function runDueWork<Row>(work: DueWork<Row>): RunningWork {
  const stopping = new AbortController()
  const inHand = new Set<Promise<void>>()
  let wakeUp: () => void = () => {}

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const handle = (row: Row): void => {
    const done = work
      .handle(row, stopping.signal)
      .catch(work.onFault)
      .finally(() => {
        inHand.delete(done)
      })
    inHand.add(done)
  }

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const free = work.concurrency - inHand.size
      if (free === 0) {
        await Promise.race(inHand)
        continue
      }
      try {
        const rows = await work.claim(free)
        for (const row of rows) handle(row)
        if (rows.length < free && !stopping.signal.aborted) await pause(work.idle_ms)
      } catch (error) {
        work.onFault(error)
        if (!stopping.signal.aborted) await pause(Math.max(work.idle_ms, 1000))
      }
    }
    await Promise.all(inHand)
  }

  const running = loop()
  return {
    stop() {
      stopping.abort()
      wakeUp()
      return running
    },
    wake: () => wakeUp(),
  }
}
