/** Ctrl-C, SIGTERM and SIGHUP: once = finish what is in flight and stop everything, twice = stop at once. */
import { say } from './say.ts'

/** `npm` passes a Ctrl-C on to us that the terminal has sent us already: one keystroke, two signals. */
const same_keystroke_ms = 800

const graceful_max_ms = 45_000
const parent_check_ms = 1_000

export type ShutDown = {
  /** Stops in order and ends the process with the code; says so when there is something to say. The first call counts. */
  readonly begin: (reason: string | null, code: number) => void
}

/**
 * Installs the signal handlers. `stop` may take its time, `kill` must not; one of the two is the last thing that runs.
 * Both look at what has been started so far, so a signal during the start leaves nothing behind either.
 */
export function handleSignals(parts: { stop: () => Promise<void>; kill: () => void }): ShutDown {
  let begun_at = 0
  const force = (why: string): void => {
    say(why)
    parts.kill()
    process.exit(130)
  }
  const begin = (reason: string | null, code: number): void => {
    if (begun_at > 0) return
    begun_at = performance.now()
    if (reason !== null) say(reason)
    setTimeout(() => force('Stopping took too long: ended at once. The next start recovers.'), graceful_max_ms).unref()
    parts.stop().then(
      () => {
        if (reason !== null) say('Stopped.')
        process.exit(code)
      },
      (error: unknown) => {
        process.stderr.write(`Stopping failed: ${error instanceof Error ? error.message : error}\n`)
        parts.kill()
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (begun_at === 0) begin('Stopping: finishing what is in flight. Press Ctrl-C again to stop at once.', 0)
      else if (performance.now() - begun_at > same_keystroke_ms) force('Stopped at once. The next start recovers.')
    })
  }
  watchParent(() => begin('Stopping: the npm that started this is gone.', 1))
  return { begin }
}

/** A killed npm cannot pass anything on: without it nobody would hold the terminal's Ctrl-C for us. */
function watchParent(gone: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) gone()
  }, parent_check_ms).unref()
}
