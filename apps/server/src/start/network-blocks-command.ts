/**
 * `npm run network-blocks -- list` shows the cards that card networks forbid to try again; `lift <id> --because=…` allows one of
 * them again. Who lifted it and why stays in its row.
 */
import { userInfo } from 'node:os'
import { ConfigError, readConfig } from '../config.ts'
import { type Context, createContext } from '../context.ts'
import { openDatabase } from '../database/open-database.ts'
import { secretKey } from '../database/secret-key.ts'
import { type BlockRow, liftBlock, listBlocks } from '../routing/network-blocks.ts'
import { StartProblem } from '../start-problem.ts'

const usage = `Use one of
  npm run network-blocks -- list
  npm run network-blocks -- lift <id> --because="the issuer has confirmed a mistake"`

const because_max = 500

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

type Order = { readonly id: string; readonly because: string } | 'list'

function readOrder([act, id, because, ...more]: readonly string[]): Order {
  if (act === 'list' && id === undefined) return 'list'
  const reason = /^--because=(.+)$/s.exec(because ?? '')?.[1]?.trim() ?? ''
  if (act !== 'lift' || !/^[\w.]{1,80}$/.test(id ?? '') || reason === '' || more.length > 0)
    throw new StartProblem(usage)
  if (reason.length > because_max) throw new StartProblem(`A reason has at most ${because_max} characters.`)
  return { id: id as string, because: reason }
}

function lineOf({ id, account_id, scope, reason, ends_at, payment_id, created_at }: BlockRow): string {
  const until = ends_at === null ? 'until lifted' : `until ${ends_at.toISOString()}`
  return `${id}  ${account_id}  ${scope} ${until}, after ${reason} to ${payment_id} at ${created_at.toISOString()}`
}

async function list(ctx: Context): Promise<void> {
  const blocks = await listBlocks(ctx)
  if (blocks.length === 0) say('No card is blocked.')
  for (const block of blocks) say(lineOf(block))
}

async function lift(ctx: Context, id: string, because: string): Promise<void> {
  if (!(await liftBlock(ctx, id, userInfo().username, because)))
    throw new StartProblem(`There is no block ${id}, or it has been lifted before.`)
  say(`${id} is lifted; the next attempt with the card may be made.`)
}

async function run(): Promise<void> {
  const order = readOrder(process.argv.slice(2))
  const config = { ...readConfig(process.env), database_connections: 1, log_level: 'silent' } as const
  const database = await openDatabase(config, () => {})
  const ctx = await createContext({ config, database_url: database.url, secret_key: secretKey(config) })
  try {
    if (order === 'list') await list(ctx)
    else await lift(ctx, order.id, order.because)
  } finally {
    await ctx.close()
    await database.close()
  }
}

try {
  await run()
} catch (error) {
  if (!(error instanceof StartProblem || error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
