/**
 * `npm run routing:settings -- platform|coma_…|408` shows the settings of the cascade that stand above schemes and rules;
 * with a file of JSON they become these. A gateway has class overrides only. Every version stays.
 */
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { findAccount } from '../accounts/find-account.ts'
import { ConfigError, readConfig } from '../config.ts'
import { type Context, createContext } from '../context.ts'
import { openDatabase } from '../database/open-database.ts'
import { secretKey } from '../database/secret-key.ts'
import { StartProblem } from '../start-problem.ts'
import { platform, saveSettings, settingsOf } from './cascade-settings.ts'
import { readGateways } from './load-routing.ts'

const usage = `Use one of
  npm run routing:settings -- platform|coma_…|<gateway_id>
  npm run routing:settings -- platform|coma_…|<gateway_id> settings.json`

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

function readFile(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new StartProblem(`There is no file ${path} that can be read.\n${usage}`)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new StartProblem(`${path} is not valid JSON: ${error instanceof Error ? error.message : error}`)
  }
}

async function checkOwner(ctx: Context, owner: string): Promise<void> {
  if (owner === platform) return
  const known = /^[1-9]\d{0,8}$/.test(owner)
    ? (await readGateways(ctx)).has(Number(owner))
    : (await findAccount(ctx, owner)) !== null
  if (!known) throw new StartProblem(`There is no gateway and no account ${owner}.\n${usage}`)
}

async function run(): Promise<void> {
  const [owner, path, ...more] = process.argv.slice(2)
  if (owner === undefined || more.length > 0) throw new StartProblem(usage)
  const written = path === undefined ? null : { settings: readFile(path) }
  const config = { ...readConfig(process.env), database_connections: 1, log_level: 'silent' } as const
  const database = await openDatabase(config, () => {})
  const ctx = await createContext({ config, database_url: database.url, secret_key: secretKey(config) })
  try {
    await checkOwner(ctx, owner)
    if (written === null) return say(JSON.stringify(await settingsOf(ctx, owner), null, 2))
    const saved = await saveSettings(ctx, { owner, written: written.settings, changed_by: userInfo().username })
    if ('mistakes' in saved) throw new StartProblem(`Nothing was changed:\n  ${saved.mistakes.join('\n  ')}`)
    say(`Version ${saved.version} of the settings of ${owner} holds for payments that begin a second from now.`)
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
