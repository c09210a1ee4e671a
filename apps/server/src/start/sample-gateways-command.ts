/** For tests: `npm run gateways` as a process in production mode, on a database with a merchant and a provider's gateway 441. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { testContext } from '../../../../tests/context.ts'
import { createAccount } from '../accounts/create-account.ts'
import type { Context } from '../context.ts'
import { loadStarterDirectory } from '../directory/load-starter.ts'
import { createGateway } from '../routing/create-gateway.ts'

export const acquirerCredentials = {
  base_url: 'https://acquirer.example/v1',
  terminal: 'hidden-terminal',
  api_key: 'key-that-nobody-sees',
  webhook_secret: 'hook-that-nobody-sees',
} as const

/** A line `name=value` each. */
export const linesOf = (values: object): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

export type Told = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

export type GatewaysCommand = {
  readonly ctx: Context
  /** `input` = what stands on standard input. */
  readonly run: (args: readonly string[], input?: string, secret_key?: Buffer) => Promise<Told>
  /** What it says when all goes well. */
  readonly said: (args: readonly string[], input?: string) => Promise<string>
  /** The id of a new live gateway of an acquirer. */
  readonly added: (...settings: string[]) => Promise<number>
  readonly close: () => Promise<void>
}

const file = fileURLToPath(new URL('gateways-command.ts', import.meta.url))

export async function openGatewaysCommand(): Promise<GatewaysCommand> {
  const { ctx, database_url, close } = await testContext()
  await loadStarterDirectory(ctx)
  await createAccount(ctx, { name: 'Harbour Books', base_currency: 'EUR' })
  await createGateway(ctx, { gateway_id: 441, name: 'Desk', connector: 'cascade', test_mode: true })

  const run: GatewaysCommand['run'] = async (args, input = '', secret_key = Buffer.alloc(32, 7)) => {
    const child = spawn(process.execPath, [file, ...args], {
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        CASCAD_MODE: 'production',
        CASCAD_PUBLIC_URL: 'https://pay.example',
        CASCAD_SECRET_KEY: secret_key.toString('base64'),
        DATABASE_URL: database_url,
      },
    })
    const told = { stdout: '', stderr: '' }
    child.stdout.on('data', (piece) => {
      told.stdout += piece
    })
    child.stderr.on('data', (piece) => {
      told.stderr += piece
    })
    child.stdin.on('error', () => {})
    child.stdin.end(input)
    const [status] = (await once(child, 'close')) as [number | null]
    return { status, ...told }
  }
  const said: GatewaysCommand['said'] = async (args, input) => {
    const { status, stdout, stderr } = await run(args, input)
    assert.equal(status, 0, stderr)
    return stdout
  }
  return {
    ctx,
    run,
    said,
    async added(...settings) {
      const told = await said(['add', 'acquirer', 'Made', 'live', ...settings], linesOf(acquirerCredentials))
      const [, id] = /^Gateway (\d+), /.exec(told) ?? []
      assert.ok(id, told)
      return Number(id)
    },
    close,
  }
}
