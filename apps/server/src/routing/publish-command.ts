/**
 * `npm run routing:publish -- coma_… scheme.json` puts the scheme of the file in force as its next version;
 * `npm run routing:publish -- coma_… sch_….v3` puts a version that is there in force again.
 */
import { readFileSync } from 'node:fs'
import { findAccount } from '../accounts/find-account.ts'
import { ConfigError, readConfig } from '../config.ts'
import { type Context, createContext } from '../context.ts'
import { openDatabase } from '../database/open-database.ts'
import { secretKey } from '../database/secret-key.ts'
import { StartProblem } from '../start-problem.ts'
import { type Published, publishScheme, publishVersion } from './publish-scheme.ts'
import type { Finding } from './rules/finding.ts'
import { parseVersionId } from './scheme.ts'
import { SchemeRefused } from './scheme-refused.ts'

const usage = `Use one of
  npm run routing:publish -- coma_… scheme.json
  npm run routing:publish -- coma_… <scheme>.v<number>`

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

type Wish = { readonly version_id: string } | { readonly written: unknown }

function readWish(given: string): Wish {
  if (parseVersionId(given)) return { version_id: given }
  let text: string
  try {
    text = readFileSync(given, 'utf8')
  } catch {
    throw new StartProblem(`There is no file ${given} that can be read.\n${usage}`)
  }
  try {
    return { written: JSON.parse(text) as unknown }
  } catch (error) {
    throw new StartProblem(`${given} is not valid JSON: ${error instanceof Error ? error.message : error}`)
  }
}

async function publish(ctx: Context, account_id: string, wish: Wish): Promise<Published> {
  const account = await findAccount(ctx, account_id)
  if (!account) throw new StartProblem(`There is no account ${account_id}.`)
  return 'version_id' in wish
    ? publishVersion(ctx, account, wish.version_id)
    : publishScheme(ctx, account, wish.written)
}

function lineOf({ severity, path, message }: Finding): string {
  return `  ${severity}${path === '' ? '' : ` at ${path}`}: ${message}`
}

async function run(): Promise<number> {
  const [account_id, given, ...more] = process.argv.slice(2)
  if (account_id === undefined || given === undefined || more.length > 0) throw new StartProblem(usage)
  const wish = readWish(given)
  const config = { ...readConfig(process.env), database_connections: 1, log_level: 'silent' } as const
  const database = await openDatabase(config, () => {})
  const ctx = await createContext({ config, database_url: database.url, secret_key: secretKey(config) })
  try {
    const { version_id, warnings } = await publish(ctx, account_id, wish)
    say(`${version_id} is in force for ${account_id}: new payments are routed by it within a second.`)
    for (const warning of warnings) say(lineOf(warning))
    return 0
  } catch (error) {
    if (!(error instanceof SchemeRefused)) throw error
    process.stderr.write(`Nothing was published:\n${error.findings.map(lineOf).join('\n')}\n`)
    return 1
  } finally {
    await ctx.close()
    await database.close()
  }
}

try {
  process.exitCode = await run()
} catch (error) {
  if (!(error instanceof StartProblem || error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
