/**
 * `npm run routing:settings -- platform|coma_…|408` shows the settings of the cascade that stand above schemes and rules;
 * with a file of JSON they become these. A gateway has class overrides only. Every version stays.
 */
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { findAccount } from '../accounts/find-account.ts'
import type { Context } from '../context.ts'
import { runOrder, say } from '../database/run-command.ts'
import { StartProblem } from '../start-problem.ts'
import { platform, saveSettings, settingsOf } from './cascade-settings.ts'
import { readGateways } from './load-routing.ts'

const usage = `Use one of
  npm run routing:settings -- platform|coma_…|<gateway_id>
  npm run routing:settings -- platform|coma_…|<gateway_id> settings.json`

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

type Order = { readonly owner: string; readonly written: { readonly settings: unknown } | null }

function readOrder([owner, path, ...more]: readonly string[]): Order {
  if (owner === undefined || more.length > 0) throw new StartProblem(usage)
  return { owner, written: path === undefined ? null : { settings: readFile(path) } }
}

await runOrder(readOrder, async (ctx, { owner, written }) => {
  await checkOwner(ctx, owner)
  if (written === null) {
    say(JSON.stringify(await settingsOf(ctx, owner), null, 2))
    return 0
  }
  const saved = await saveSettings(ctx, { owner, written: written.settings, changed_by: userInfo().username })
  if ('mistakes' in saved) throw new StartProblem(`Nothing was changed:\n  ${saved.mistakes.join('\n  ')}`)
  say(`Version ${saved.version} of the settings of ${owner} holds for payments that begin a second from now.`)
  return 0
})
