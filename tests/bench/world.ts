/** What the benchmark runs on: PostgreSQL with fsync, 1,000 merchants, two gateways of which the first declines. */
import { type ChildProcess, fork } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createShop } from '../../apps/server/src/accounts/create-shop.ts'
import { getAccount } from '../../apps/server/src/accounts/find-account.ts'
import { saveAccount } from '../../apps/server/src/accounts/save-account.ts'
import { saveKeys } from '../../apps/server/src/accounts/save-keys.ts'
import { readConfig } from '../../apps/server/src/config.ts'
import { type Context, createContext } from '../../apps/server/src/context.ts'
import { startEmbedded } from '../../apps/server/src/database/embedded.ts'
import { migrate } from '../../apps/server/src/database/migrate.ts'
import { upsertGateway } from '../../apps/server/src/demo/table.ts'
import { loadStarterDirectory } from '../../apps/server/src/directory/load-starter.ts'
import { freeTerms, saveAccountServices } from '../../apps/server/src/directory/save-account-services.ts'
import { faces } from '../../apps/server/src/faces.ts'
import { publishFirstScheme } from '../../apps/server/src/routing/publish-scheme.ts'
import { cpuOf, cpuOfDatabase } from './cpu.ts'

/** Merchants that have a shop of the Card API; every key pair takes a while to draw. */
const shops_count = 40

export type BenchShop = { readonly shop_id: number; readonly secret: string; readonly account_id: string }

export type Merchant = { readonly id: string; readonly api_key: string; readonly public_key: string }

export type BenchWorld = {
  readonly ctx: Context
  readonly database_url: string
  readonly merchants: readonly Merchant[]
  readonly shops: readonly BenchShop[]
  readonly url: string
  /** Base URL of the provider that answers after so many milliseconds. */
  readonly provider: string
  /** Seconds of CPU so far. */
  readonly cpu: () => Readonly<Record<'api' | 'database' | 'provider', number>>
  /** All gateways answer after this time from now on. */
  readonly setDelay: (delay_ms: 0 | 50) => Promise<void>
  readonly close: () => Promise<void>
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** Starts a file of this folder as a process of its own and waits for its first message. */
export function startProcess(file: string, env: Record<string, string> = {}): ChildProcess {
  return fork(here(file), {
    env: { ...process.env, ...env },
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
}

/** Sends an order to a process and waits for its answer. */
export function ask<Answer>(child: ChildProcess, order: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    child.once('message', (answer) => resolve(answer as Answer))
    child.once('exit', (code) => reject(new Error(`a process of the benchmark ended with ${code}`)))
    child.send(order as never)
  })
}

function firstMessage<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as Message))
    child.once('exit', (code) => reject(new Error(`a process of the benchmark ended with ${code}`)))
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function waitUntilReady(url: string): Promise<void> {
  for (let tries = 0; tries < 1_200; tries += 1) {
    const ready = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`${url} did not become ready within 120 s`)
}

export async function startBenchWorld(merchants_count: number, log: (line: string) => void): Promise<BenchWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'cascad-bench-'))
  chmodSync(folder, 0o755)
  const database = await startEmbedded({
    folder,
    settings: {
      fsync: 'on',
      synchronous_commit: 'on',
      shared_buffers: '1GB',
      max_wal_size: '8GB',
      max_connections: '200',
    },
    log: () => {},
  })
  await migrate(database.url)
  const secret = Buffer.alloc(32, 9).toString('base64')
  const env = {
    CASCAD_MODE: 'production',
    CASCAD_ROLE: 'api',
    CASCAD_RATE_LIMITS: 'off',
    CASCAD_LOG: 'warn',
    CASCAD_SECRET_KEY: secret,
    DATABASE_URL: database.url,
    CASCAD_DATABASE_CONNECTIONS: '16',
  }
  const ctx = await createContext({
    config: readConfig({ ...env, CASCAD_PUBLIC_URL: 'http://127.0.0.1' }),
    database_url: database.url,
    secret_key: Buffer.alloc(32, 9),
    faces,
  })
  const provider = startProcess('gateway.ts')
  const { port: providerPort } = await firstMessage<{ port: number }>(provider)
  const setDelay = async (delay_ms: 0 | 50): Promise<void> => {
    for (const [gateway_id, who] of [
      [901, 'first'],
      [902, 'second'],
    ] as const) {
      const credentials = {
        base_url: `http://127.0.0.1:${providerPort}/${delay_ms}/${who}`,
        terminal: who,
        api_key: 'bench',
        webhook_secret: 'bench',
      }
      const credentials_encrypted = ctx.secrets.encrypt(JSON.stringify(credentials), `gateway:${gateway_id}`)
      const facts = {
        gateway_id,
        name: who,
        connector: 'acquirer',
        test_mode: true,
        merchant_code: who,
        merchant_account_id: `ma_Bench0000000${gateway_id}`,
      }
      await upsertGateway(
        ctx.sql,
        { ...facts, credentials_encrypted, currencies: null, priority: 0, failure_domain: who },
        ctx.now(),
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 1_200))
  }
  await loadStarterDirectory(ctx)
  await setDelay(0)
  const merchants: Merchant[] = []
  for (let i = 0; i < merchants_count; i += 1) {
    if (i % 250 === 0) log(`merchants ${i} of ${merchants_count}`)
    merchants.push(await addMerchant(ctx, i))
  }
  log(`shops of the Card API: ${shops_count}`)
  const shops = await Promise.all(merchants.slice(0, shops_count).map(({ id }) => addShop(ctx, id)))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const server = fork(fileURLToPath(new URL('../../apps/server/src/main.ts', import.meta.url)), {
    env: { ...process.env, ...env, PORT: String(port), CASCAD_PUBLIC_URL: url },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // BENCH_PROFILE=folder writes a CPU profile of the API process there.
    ...(process.env.BENCH_PROFILE ? { execArgv: ['--cpu-prof', `--cpu-prof-dir=${process.env.BENCH_PROFILE}`] } : {}),
  })
  await waitUntilReady(url)
  return {
    ctx,
    database_url: database.url,
    merchants,
    shops,
    url,
    provider: `http://127.0.0.1:${providerPort}`,
    cpu: () => ({
      api: cpuOf(server.pid ?? 0),
      database: cpuOfDatabase(database.data),
      provider: cpuOf(provider.pid ?? 0),
    }),
    setDelay,
    async close() {
      server.kill('SIGTERM')
      await new Promise((resolve) => server.once('exit', resolve))
      provider.disconnect()
      await ctx.close()
      await database.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function addShop(ctx: Context, account_id: string): Promise<BenchShop> {
  const settings = { test_mode: true, raw_card_data: true, automatic_cascading: true, rate_limit: null }
  const made = await createShop(ctx, account_id, { name: 'Bench', settings })
  if (!made) throw new Error('a shop of the benchmark has a number that is taken')
  return { shop_id: made.shop.shop_id, secret: made.secret, account_id }
}

async function addMerchant(ctx: Context, i: number): Promise<Merchant> {
  const id = `coma_Bench${String(i).padStart(11, '0')}`
  await saveAccount(ctx, {
    id,
    name: `Merchant ${i}`,
    base_currency: 'USD',
    currencies: ['USD'],
    options: { allow_host_to_host: true },
  })
  const key = (name: string): string => ctx.secrets.derive(`${id}:${name}`, 43)
  const keys = {
    api_key: key('api'),
    live: { public_key: `pk_live_${key('lp')}`, private_key: `sk_live_${key('ls')}` },
    test: { public_key: `pk_test_${key('tp')}`, private_key: `sk_test_${key('ts')}` },
  }
  await saveKeys(ctx, id, keys)
  await saveAccountServices(ctx, id, ['payment_card_usd_hpp'], freeTerms)
  const rule = {
    id: 'r1',
    name: 'In order',
    active: true,
    conditions: {},
    cascade: {},
    on_empty: 'fail' as const,
    strategy: { type: 'priority' as const, routes: [{ gateway_id: 901 }, { gateway_id: 902 }] },
  }
  await publishFirstScheme(ctx, await getAccount(ctx, id), {
    id: `sch_Bench${String(i).padStart(11, '0')}`,
    name: 'Bench',
    rules: [rule],
  })
  return { id, api_key: keys.api_key, public_key: keys.test.public_key }
}
