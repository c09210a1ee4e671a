/** Which process is this? A number alone does not tell: after a crash or a reboot it may belong to something else. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

const hasProc = process.platform === 'linux'

/** Does anything have this number, be it a zombie that nobody has collected? */
export function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Text that only this run of this process has (boot and start time); `null` when no such process lives. */
export function processIdentity(pid: number): string | null {
  if (!isTaken(pid)) return null
  try {
    if (hasProc) {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // Field 22 of proc(5) is the start time in ticks since boot; a zombie no longer runs.
      return state === 'Z' ? null : `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[18]}`
    }
    const started = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
    return started.stdout.trim() || null
  } catch {
    return null
  }
}

/** The processes whose working folder is `folder`: PostgreSQL and its children work in their data folder. */
export function processesIn(folder: string): number[] {
  if (!hasProc) {
    const listed = spawnSync('ps', ['-axo', 'pid=,command='], { encoding: 'utf8' }).stdout ?? ''
    return listed
      .split('\n')
      .filter((line) => line.includes(`-D ${folder} `))
      .map((line) => Number.parseInt(line, 10))
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === folder && processIdentity(pid) !== null
      } catch {
        return false
      }
    })
}
