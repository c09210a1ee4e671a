/** CPU time of the processes of the benchmark: unlike a rate, hardly changed by what else the machine does. Linux only. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Seconds of CPU since its start, user and system together; 0 where the system does not tell. */
export function cpuOf(pid: number): number {
  return (statOf(pid)?.ticks ?? 0) / ticksPerSecond
}

/** Seconds of CPU of a PostgreSQL server with all its processes that are there now. `data`: its data folder. */
export function cpuOfDatabase(data: string): number {
  const server = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n', 1)[0])
  const children = pids().flatMap((pid) => {
    const stat = statOf(pid)
    return stat?.parent === server ? [stat.ticks] : []
  })
  return cpuOf(server) + children.reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond
}

/** The unit of /proc, the same on every Linux that Node runs on. */
const ticksPerSecond = 100

function pids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

/** `ticks`: user and system time. Fields 4, 14 and 15 of proc_pid_stat(5), counted behind the name, which may hold spaces. */
function statOf(pid: number): { readonly parent: number; readonly ticks: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }
  } catch {
    return null
  }
}
