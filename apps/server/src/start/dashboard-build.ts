/** Sees to it that the dashboard that is served belongs to its sources. Payments never wait for it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Config } from '../config.ts'
import { buildAge, dashboardFolder } from '../dashboard/dashboard-folder.ts'
import type { DashboardBuild } from '../dashboard/routes.ts'
import { say, step } from './say.ts'

export type RunningBuild = DashboardBuild & { readonly stop: () => void }

const program = fileURLToPath(new URL('../dashboard/build-command.ts', import.meta.url))
const nothing: RunningBuild = { state: () => 'idle', stop: () => {} }

/**
 * In the demo: builds what is missing or older than its sources, in a process of its own. In production the dashboard is part of
 * a release: nothing is built while payments are taken, but the start says so.
 */
export function startDashboardBuild(config: Config): RunningBuild {
  if (config.role === 'worker') return nothing
  const age = buildAge(dashboardFolder)
  if (age === 'current') return nothing
  if (config.mode === 'production') {
    const how = age === 'none' ? 'is not built' : 'was built from other sources than those here'
    say(`The dashboard of providers ${how}: run "npm run dashboard:build". Payments go on without it.`)
    return nothing
  }
  let state: 'idle' | 'building' | 'failed' = 'building'
  const { PATH, HOME, TMPDIR } = process.env
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...(PATH && { PATH }), ...(HOME && { HOME }), ...(TMPDIR && { TMPDIR }), NODE_ENV: 'production' },
  })
  step('Building the dashboard', () => ended(child)).then(
    () => {
      state = 'idle'
    },
    (error: unknown) => {
      state = 'failed'
      if (!child.killed) say(`${error instanceof Error ? error.message : error}\nPayments go on without it.`)
    },
  )
  return { state: () => state, stop: () => void child.kill() }
}

const words_max = 2_000

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let words = ''
    child.stderr?.on('data', (chunk) => {
      words = (words + chunk).slice(0, words_max)
    })
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(new Error(words.trim() || 'The dashboard cannot be built.'))
    })
  })
}
