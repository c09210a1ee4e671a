import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import { insertMails } from '../mail/insert-mails.ts'
import { addressesOfProvider, writeMails } from '../mail/write-mails.ts'
import { balanceLetter } from './balance-letter.ts'
import type { Provider } from './provider.ts'
import type { BalanceLevel } from './rules/balance-level.ts'
import { toldOfLevel } from './rules/told-of-level.ts'

export type Crossing = {
  readonly provider: Provider
  readonly test_mode: boolean
  readonly from: BalanceLevel
  readonly level: BalanceLevel
  readonly available_minor: bigint
  readonly at: Date
}

/** Mails that the crossing of a level owes: a CTE guarded by `changed`, none when nobody is told. */
export async function mailsOfCrossing(
  ctx: Pick<Context, 'sql' | 'config'>,
  { provider, test_mode, from, level, available_minor, at }: Crossing,
): Promise<Fragment[]> {
  const { mail, public_url } = ctx.config
  if (!mail || level === 'fine') return []
  const told = toldOfLevel(from, level)
  const low = { provider, test_mode, level, available_minor }
  const people = told.provider ? await addressesOfProvider(ctx, provider.id, 'balance') : []
  const desk = balanceLetter(low, `${public_url}/dashboard/balance`)
  const ours = balanceLetter(low, `npm run providers -- statement ${provider.id} ${test_mode ? 'test' : 'live'}`)
  const addressed = [
    ...people.map((to) => ({ audience: 'provider', to, letter: desk }) as const),
    ...(told.operator ? [{ audience: 'operator', to: mail.operator, letter: ours } as const] : []),
  ]
  const mails = writeMails(provider.id, addressed, at)
  return mails.length === 0 ? [] : [insertMails(ctx.sql, provider.id, mails, ctx.sql`changed`)]
}
