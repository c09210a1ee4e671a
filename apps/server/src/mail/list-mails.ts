import type { Context } from '../context.ts'
import type { MailRow } from './mail.ts'
import { type MailFilter, selectMail, selectMails } from './table.ts'

/** Mails of a status, about one subject or any: the newest first. */
export async function listMails({ sql }: Pick<Context, 'sql'>, filter: MailFilter, limit: number): Promise<MailRow[]> {
  return selectMails(sql, filter, limit)
}

/** By its id alone; `null` = there is none. */
export async function findMail({ sql }: Pick<Context, 'sql'>, id: string): Promise<MailRow | null> {
  return selectMail(sql, id)
}
