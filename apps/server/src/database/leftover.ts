/** After a kill -9 or a power cut: a PostgreSQL that still runs on our data, or the pid file of one that does not. */
import { readFileSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { StartProblem } from '../start-problem.ts'
import { isTaken, processesIn } from './process-identity.ts'

/** The first lines of `postmaster.pid`: process and, once it takes connections, `ready`; `null` when there is no such file. */
export function readPostmasterFile(data: string): { pid: number; ready: boolean } | null {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' }
  } catch {
    return null
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Gone already, or not ours to stop: the check of who is left tells.
  }
}

async function waitUntilGone(data: string, wait_ms: number): Promise<number[]> {
  const steps = Math.ceil(wait_ms / 50)
  for (let step = 0; step < steps; step += 1) {
    if (processesIn(data).length === 0) return []
    await pause(50)
  }
  return processesIn(data)
}

/**
 * Stops what a killed run left behind. Call it only while holding the folder's lock, so that nobody alive needs it.
 * A pid file whose number now belongs to another program, or to a zombie, is removed: PostgreSQL would refuse to start.
 * @throws StartProblem when the old server does not stop
 */
export async function stopLeftover(folder: string, log: (line: string) => void): Promise<void> {
  let data: string
  try {
    data = realpathSync(folder)
  } catch {
    return
  }
  const file = readPostmasterFile(data)
  const left = processesIn(data)
  const [first] = left
  if (first !== undefined) {
    const server = file && left.includes(file.pid) ? file.pid : first
    log(`Found a PostgreSQL (process ${server}) left by a run that was killed: stopping it.`)
    // A server that is already stopping may leave by itself; SIGINT = fast shutdown, SIGQUIT = at once, recovery at the next start.
    signal(server, 'SIGINT')
    if ((await waitUntilGone(data, 20_000)).length > 0) for (const pid of processesIn(data)) signal(pid, 'SIGQUIT')
    const [remaining] = await waitUntilGone(data, 10_000)
    if (remaining !== undefined) {
      throw new StartProblem(
        `A PostgreSQL (process ${remaining}) still runs on ${data} and does not stop: end that process and start again.`,
      )
    }
  }
  const stale = readPostmasterFile(data)
  if (stale && isTaken(stale.pid)) rmSync(join(data, 'postmaster.pid'), { force: true })
}
