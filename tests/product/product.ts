/**
 * The product as a user runs it, for tests that kill it: API and worker as processes of their own on one database, with the
 * simulated providers, a shop that takes callbacks, and a hand on the clock of the stored rows.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { demoAccounts } from '../../apps/server/demo/accounts.ts'
import { readConfig } from '../../apps/server/src/config.ts'
import { type Context, createContext } from '../../apps/server/src/context.ts'
import { demoKeys } from '../../apps/server/src/demo/demo-keys.ts'
import { seedDemo } from '../../apps/server/src/demo/seed-demo.ts'
import { faces } from '../../apps/server/src/faces.ts'
import { createSimulators, type Simulators } from '../../apps/simulators/src/simulators.ts'
import { openShop, type Shop } from './shop.ts'

export type Process = {
  readonly role: 'api' | 'worker'
  /** Stays the same over kills and restarts; a worker has none. */
  readonly url: string
  readonly pid: () => number
  readonly isUp: () => boolean
  /** SIGKILL; resolves when the process is gone. Its statements may live on in the database. */
  readonly kill: () => Promise<void>
  readonly restart: () => Promise<void>
  /** What it wrote so far, all lives together. */
  readonly output: () => string
  readonly heapSnapshot: (file: string) => Promise<void>
}

export type Merchant = {
  readonly id: string
  readonly api_key: string
  readonly test_public_key: string
  readonly private_keys: { readonly test: string; readonly live: string }
}

export type Product = {
  /** A context of the test's own on the same database. It runs nothing. */
  readonly ctx: Context
  readonly simulators: Simulators
  readonly shop: Shop
  readonly merchants: Merchant[]
  readonly startProcess: (role: 'api' | 'worker', env?: Record<string, string>) => Promise<Process>
  readonly close: () => Promise<void>
}

const program = fileURLToPath(new URL('process.ts', import.meta.url))
const secret_key = Buffer.alloc(32, 7)
const ready_timeout_ms = 90_000

/** On a migrated, empty database. Nothing runs before the first `startProcess`. */
export async function openProduct(database_url: string): Promise<Product> {
  const simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
  const shop = await openShop()
  const config = { ...readConfig({ PORT: '0', CASCAD_LOG: 'silent' }), database_connections: 8 }
  const ctx = await createContext({ config, database_url, secret_key, faces })
  await seedDemo(ctx, { simulators: simulators.url })
  await ctx.sql`update accounts set callback_url = ${shop.url}`
  const processes: Process[] = []
  return {
    ctx,
    simulators,
    shop,
    merchants: demoAccounts.map((account) => {
      const { api_key, test, live } = demoKeys(ctx, account)
      const private_keys = { test: test.private_key, live: live.private_key }
      return { id: account.settings.id, api_key, test_public_key: test.public_key, private_keys }
    }),
    async startProcess(role, env = {}) {
      const started = await startProcess(role, { DATABASE_URL: database_url, ...env })
      processes.push(started)
      return started
    },
    async close() {
      await Promise.all(processes.map((one) => one.kill()))
      await shop.close()
      await simulators.close()
      await ctx.close()
    },
  }
}

async function startProcess(role: 'api' | 'worker', env: Record<string, string>): Promise<Process> {
  const port = role === 'api' ? await freePort() : 0
  const url = `http://127.0.0.1:${port}`
  let output = ''
  let child: ChildProcess | null = null
  const restart = async (): Promise<void> => {
    const { PATH, HOME, NODE_COMPILE_CACHE } = process.env
    const started = fork(program, [], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...(PATH && { PATH }),
        ...(HOME && { HOME }),
        ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }),
        PORT: String(port),
        CASCAD_ROLE: role,
        CASCAD_PUBLIC_URL: url,
        CASCAD_SECRET_KEY: secret_key.toString('base64'),
        CASCAD_CALLBACK_INTERVAL_MS: '200',
        CASCAD_LOG: 'debug',
        ...env,
      },
    })
    for (const stream of [started.stdout, started.stderr]) stream?.on('data', (chunk) => (output += chunk))
    await message(started, () => output)
    child = started
  }
  await restart()
  return {
    role,
    url,
    pid: () => child?.pid ?? 0,
    isUp: () => child !== null && child.exitCode === null && child.signalCode === null,
    async kill() {
      const dying = child
      if (!dying || dying.exitCode !== null || dying.signalCode !== null) return
      const gone = new Promise<void>((resolve) => dying.once('exit', () => resolve()))
      dying.kill('SIGKILL')
      await gone
    },
    restart,
    output: () => output,
    async heapSnapshot(file) {
      if (!child) throw new Error('the process is not up')
      child.send({ heap_snapshot: file })
      await message(child, () => output)
    },
  }
}

/** The next message of the process; rejects with its own words when it ends before. */
function message(child: ChildProcess, output: () => string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`a process of the product ${why}: ${output().slice(-3000)}`))
    const timer = setTimeout(() => fail(`was not heard of within ${ready_timeout_ms / 1000} s`), ready_timeout_ms)
    child.once('exit', (code, signal) => fail(`ended with ${signal ?? code}`))
    child.once('message', resolve)
    for (const event of ['exit', 'message'] as const) child.once(event, () => clearTimeout(timer))
  })
}

/** Below the ports that connections leave from: nobody takes it while its process is dead. */
async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(20_000, 32_000)
    const server = createServer()
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => resolve(true))
    })
    await new Promise((resolve) => server.close(resolve))
    if (free) return port
  }
  throw new Error('no port is free')
}
