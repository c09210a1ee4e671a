/**
 * `npm run routing:publish -- coma_… scheme.json` puts the scheme of the file in force as its next version;
 * `npm run routing:publish -- coma_… sch_….v3` puts a version that is there in force again.
 */
import { readFileSync } from 'node:fs'
import { findAccount } from '../accounts/find-account.ts'
import type { Context } from '../context.ts'
import { runOrder, say } from '../database/run-command.ts'
import { StartProblem } from '../start-problem.ts'
import { type Published, publishScheme, publishVersion } from './publish-scheme.ts'
import type { Finding } from './rules/finding.ts'
import { parseVersionId } from './scheme.ts'
import { SchemeRefused } from './scheme-refused.ts'

const usage = `Use one of
  npm run routing:publish -- coma_… scheme.json
  npm run routing:publish -- coma_… <scheme>.v<number>`

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

type Order = { readonly account_id: string; readonly wish: Wish }

function readOrder([account_id, given, ...more]: readonly string[]): Order {
  if (account_id === undefined || given === undefined || more.length > 0) throw new StartProblem(usage)
  return { account_id, wish: readWish(given) }
}

await runOrder(readOrder, async (ctx, { account_id, wish }) => {
  try {
    const { version_id, warnings } = await publish(ctx, account_id, wish)
    say(`${version_id} is in force for ${account_id}: new payments are routed by it within a second.`)
    for (const warning of warnings) say(lineOf(warning))
    return 0
  } catch (error) {
    if (!(error instanceof SchemeRefused)) throw error
    throw new StartProblem(`Nothing was published:\n${error.findings.map(lineOf).join('\n')}`)
  }
})
