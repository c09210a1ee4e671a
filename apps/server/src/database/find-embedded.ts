/** The embedded PostgreSQL of a data folder from another process, such as a chore run beside the server. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Connection URL of the embedded database that runs on the folder now; `null` when none does. */
export function findEmbedded(folder: string): string | null {
  const pointer = join(folder, 'postgres-is-at')
  const home = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : folder
  try {
    const lines = readFileSync(join(home, 'postgres', 'postmaster.pid'), 'utf8').split('\n')
    if (lines[7]?.trim() !== 'ready' || !isAlive(Number(lines[0]))) return null
    const password = readFileSync(join(folder, 'postgres-password'), 'utf8').trim()
    return `postgres://cascad:${password}@127.0.0.1:${Number(lines[3])}/cascad`
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It lives, but belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
