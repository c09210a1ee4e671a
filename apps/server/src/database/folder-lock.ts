/** One Cascad per data folder: a file names the process that has it. A dead owner's file does not count. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf, StartProblem } from '../start-problem.ts'
import { processIdentity } from './process-identity.ts'

type Owner = { readonly pid: number; readonly identity: string | null }

function readOwner(file: string): Owner | null {
  try {
    const owner: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof owner === 'object' && owner !== null && 'pid' in owner && 'identity' in owner
      ? (owner as Owner)
      : null
  } catch {
    return null
  }
}

/**
 * Takes the folder for this process; the returned function gives it back. Two starts in the same instant that both find
 * a dead owner are told apart later by PostgreSQL's own lock.
 * @throws StartProblem when a living process has the folder
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'running.json')
  const mine: Owner = { pid: process.pid, identity: processIdentity(process.pid) }
  for (let attempt = 1; ; attempt += 1) {
    try {
      writeFileSync(file, JSON.stringify(mine), { flag: 'wx', mode: 0o600 })
      return () => {
        if (readOwner(file)?.pid === process.pid) rmSync(file, { force: true })
      }
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || attempt === 3) throw error
    }
    const owner = readOwner(file)
    if (
      owner &&
      owner.pid !== process.pid &&
      owner.identity === processIdentity(owner.pid) &&
      owner.identity !== null
    ) {
      throw new StartProblem(
        `Another Cascad (process ${owner.pid}) already runs on the data folder ${folder}: stop it first, or set CASCAD_DATA_DIR ` +
          'to another folder; to run several processes on one database, give them all the same DATABASE_URL.',
      )
    }
    rmSync(file, { force: true })
  }
}
