/** The simulated providers and the demo shop as a process of their own, which ends when this one does. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Config } from '../config.ts'
import { StartProblem } from '../start-problem.ts'

export type RunningSimulators = {
  readonly url: string
  readonly stop: () => Promise<void>
  readonly kill: () => void
}

const program = fileURLToPath(new URL('../../../simulators/src/main.ts', import.meta.url))
const ready_timeout_ms = 30_000
const restart_after_ms = 1_000
const restarts_max = 100

/** Resolves when the child says that it listens; rejects with its own words when it ends before. */
function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let words = ''
    const timer = setTimeout(() => {
      reject(new StartProblem(`The simulators did not get ready within ${ready_timeout_ms / 1000} s: start again.`))
    }, ready_timeout_ms)
    child.stderr?.on('data', (chunk) => {
      words += chunk
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      reject(new StartProblem(words.trim() || `The simulators ended with code ${code} before they were ready.`))
    })
    child.on('message', (message: { type?: string; url?: string }) => {
      if (message.type === 'ready' && message.url) resolve(message.url)
    })
    child.once('exit', () => clearTimeout(timer))
    child.on('message', () => clearTimeout(timer))
  })
}

function launch(config: Config): ChildProcess {
  const { PATH, TZ, NODE_OPTIONS } = process.env
  return fork(program, [], {
    // A session of its own: Ctrl-C in the terminal must not end the providers before the payments in flight.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      ...(PATH && { PATH }),
      ...(TZ && { TZ }),
      ...(NODE_OPTIONS && { NODE_OPTIONS }),
      PORT: String(config.simulators_port),
      CASCAD_URL: config.public_url,
      CASCAD_SIMULATORS_JOURNAL: join(config.data_dir, 'simulators.jsonl'),
    },
  })
}

/**
 * Starts them on the configured port and waits until they listen. When they end by themselves they are started again:
 * a provider that is away for a second is nothing the platform may fall over.
 */
export async function startSimulators(config: Config, log: (line: string) => void): Promise<RunningSimulators> {
  mkdirSync(config.data_dir, { recursive: true })
  let child = launch(config)
  let stopping = false
  let restarts = 0
  const url = await ready(child).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  const watch = (): void => {
    child.stderr?.resume()
    child.once('exit', (code, signal) => {
      if (stopping || restarts === restarts_max) return
      restarts += 1
      log(`The simulators ended by themselves (${signal ?? `code ${code}`}): starting them again.`)
      setTimeout(() => {
        if (stopping) return
        child = launch(config)
        ready(child).catch((error: unknown) => log(String(error instanceof Error ? error.message : error)))
        watch()
      }, restart_after_ms)
    })
  }
  watch()
  return {
    url,
    async stop() {
      stopping = true
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
      if (child.connected) child.disconnect()
      const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await ended
      clearTimeout(timer)
    },
    kill() {
      stopping = true
      child.kill('SIGKILL')
    },
  }
}
