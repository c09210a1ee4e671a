/**
 * `npm run network-blocks -- list` shows the cards that card networks forbid to try again; `lift <id> --because=…` allows one of
 * them again. Who lifted it and why stays in its row.
 */
import { userInfo } from 'node:os'
import type { Context } from '../context.ts'
import { runOrder, say } from '../database/run-command.ts'
import { type BlockRow, liftBlock, listBlocks } from '../routing/network-blocks.ts'
import { StartProblem } from '../start-problem.ts'

const usage = `Use one of
  npm run network-blocks -- list
  npm run network-blocks -- lift <id> --because="the issuer has confirmed a mistake"`

const because_max = 500

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

await runOrder(readOrder, async (ctx, order) => {
  if (order === 'list') await list(ctx)
  else await lift(ctx, order.id, order.because)
  return 0
})
