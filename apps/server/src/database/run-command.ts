/** What commands for operators have around them: a database, sentences instead of stacks, an exit code. */
import { ConfigError, readConfig } from '../config.ts'
import { type Context, createContext } from '../context.ts'
import { codeOf, StartProblem } from '../start-problem.ts'
import { connect, type Sql } from './connect.ts'
import { openDatabase } from './open-database.ts'
import { secretKey } from './secret-key.ts'

export const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

/** Runs the command on the database of the environment and sets the exit code it gives back; problems are told and make 1. */
export async function runCommand(name: string, command: (sql: Sql) => Promise<number>): Promise<void> {
  await telling(async () => {
    const database = await openDatabase(readConfig(process.env), () => {})
    const sql = connect(database.url, { connections_max: 1, application_name: `cascad-${name}` })
    try {
      return await command(sql)
    } finally {
      await sql.end({ timeout: 5 })
      await database.close()
    }
  })
}

/**
 * The same for a command that needs what the server needs: secrets, connectors. `read` makes the order out of the arguments
 * before anything is opened. No exit code given back = 0.
 */
export async function runOrder<Order>(
  read: (args: readonly string[]) => Order,
  obey: (ctx: Context, order: Order) => Promise<number | undefined>,
  /** For commands that may change a payment. */
  faces?: Context['faces'],
): Promise<void> {
  await telling(async () => {
    const order = read(process.argv.slice(2))
    const config = { ...readConfig(process.env), database_connections: 1, log_level: 'silent' } as const
    const database = await openDatabase(config, () => {})
    try {
      const secret_key = secretKey(config)
      const ctx = await createContext({ config, database_url: database.url, secret_key, ...(faces ? { faces } : {}) })
      try {
        return (await obey(ctx, order)) ?? 0
      } finally {
        await ctx.close()
      }
    } finally {
      await database.close()
    }
  })
}

/** What a command does under one word, with the words after it. */
export type Act = (ctx: Context, words: readonly string[]) => Promise<void>

/** A command whose first word says what it does. An unknown one, or none, tells the usage. */
export async function runActs(
  acts: ReadonlyMap<string, Act>,
  usage: string,
  {
    first,
    faces,
  }: {
    /** Throws where nothing may be done at all. */
    readonly first?: (ctx: Context) => Promise<void>
    /** For commands that may change a payment. */
    readonly faces?: Context['faces']
  } = {},
): Promise<void> {
  await runOrder(
    ([name = '', ...words]) => {
      const act = acts.get(name)
      if (!act) throw new StartProblem(usage)
      return { act, words }
    },
    async (ctx, { act, words }) => {
      await first?.(ctx)
      await act(ctx, words)
      return 0
    },
    faces,
  )
}

async function telling(run: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await run()
  } catch (error) {
    process.exitCode = 1
    process.stderr.write(`${sentence(error)}\n`)
  }
}

function sentence(error: unknown): string {
  if (error instanceof StartProblem || error instanceof ConfigError) return error.message
  if (codeOf(error) === '42P01')
    return 'The database has no tables of Cascad yet: start Cascad on it once, then run this again.'
  if (codeOf(error) === 'ECONNREFUSED') return 'The database does not answer: start it, or correct DATABASE_URL.'
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
