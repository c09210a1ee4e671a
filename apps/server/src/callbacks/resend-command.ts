/**
 * `npm run callbacks:resend -- evt_… [url]` sends one event now;
 * `npm run callbacks:resend -- --account=coma_… --from=<ISO 8601> --to=<ISO 8601>` leaves those of a period to the workers.
 */
import { parseArgs } from 'node:util'
import type { Context } from '../context.ts'
import { runOrder, say } from '../database/run-command.ts'
import { InvalidFields } from '../http/problem.ts'
import { StartProblem } from '../start-problem.ts'
import { resendCallback } from './resend-callback.ts'
import { resendPeriod } from './resend-period.ts'

const usage = `Use one of
  npm run callbacks:resend -- evt_… [url]
  npm run callbacks:resend -- --account=coma_… --from=2026-01-31T10:00:00Z --to=2026-01-31T12:00:00Z`

type Wish =
  | { readonly type: 'one'; readonly id: string; readonly url: string | undefined }
  | { readonly type: 'period'; readonly account: string; readonly from: Date; readonly to: Date }

function readWish(args: readonly string[]): Wish {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { account: { type: 'string' }, from: { type: 'string' }, to: { type: 'string' } },
    })
    const [id, url] = positionals
    const { account } = values
    const [from, to] = [new Date(values.from ?? ''), new Date(values.to ?? '')]
    const isPeriod = account !== undefined && !Number.isNaN(from.getTime()) && !Number.isNaN(to.getTime())
    if (isPeriod && positionals.length === 0) return { type: 'period', account, from, to }
    const named = values.account ?? values.from ?? values.to
    if (id !== undefined && positionals.length <= 2 && named === undefined) return { type: 'one', id, url }
  } catch (error) {
    throw new StartProblem(`${error instanceof Error ? error.message : error}\n${usage}`)
  }
  throw new StartProblem(usage)
}

async function resend(ctx: Context, wish: Wish): Promise<number> {
  if (wish.type === 'period') {
    const count = await resendPeriod(ctx, wish.account, wish)
    say(`${count} ${count === 1 ? 'event' : 'events'} of ${wish.account} will be sent once more by the workers.`)
    return 0
  }
  const resent = await resendCallback(ctx, wish.id, wish.url)
  if (resent.type === 'not_found') throw new StartProblem(`There is no event ${wish.id}.`)
  if (resent.type === 'forgotten') throw new StartProblem(`The body of ${wish.id} is past its retention time.`)
  const { url, response_code, error, delivered } = resent.tried
  say(`${wish.id} to ${url}: ${delivered ? 'delivered' : 'not delivered'}, ${response_code ?? error}.`)
  return delivered ? 0 : 1
}

await runOrder(readWish, async (ctx, wish) => {
  try {
    return await resend(ctx, wish)
  } catch (error) {
    throw error instanceof InvalidFields ? new StartProblem(Object.values(error.fields).join('\n')) : error
  }
})
