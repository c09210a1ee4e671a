import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { insertMails } from '../mail/insert-mails.ts'
import { writeMails } from '../mail/write-mails.ts'
import { platform } from '../routing/cascade-settings.ts'
import { type AlarmedPair, type RateAlarm, rateLetter } from './rate-letter.ts'

export type AlarmNews = AlarmedPair & { readonly source: string; readonly alarm: RateAlarm }

/** Queues what operators are told of these changes, in the transaction that notes them: one mail per source and alarm. */
export async function mailRateNews(
  ctx: Pick<Context, 'config' | 'now'>,
  tx: Database,
  news: readonly AlarmNews[],
): Promise<void> {
  const { mail } = ctx.config
  if (!mail) return
  const now = ctx.now()
  const about = Map.groupBy(news, ({ source, alarm }) => `${source} ${alarm}`)
  for (const pairs of about.values()) {
    const [first] = pairs
    if (!first) continue
    const letter = rateLetter(first.source, first.alarm, pairs)
    const mails = writeMails(first.source, [{ audience: 'operator', to: mail.operator, letter }], now)
    if (mails.length > 0) await tx`with told as (select 1), ${insertMails(tx, platform, mails, tx`told`)} select 1`
  }
}
