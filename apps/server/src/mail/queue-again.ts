import type { Context } from '../context.ts'
import { lockMail, requeueMail, selectFailedIds, selectMail } from './table.ts'

/** Why a mail is not queued again: there is none, it was sent, it is queued now, its text was erased after 30 days. */
export type NotAgain = 'unknown' | 'sent' | 'queued' | 'erased'

const page = 200

/**
 * Queues a mail that was given up: due now, its tries counted from the beginning, for another day. Its id, so its Message-ID, and its
 * date stay. `null` = it is queued by this call.
 */
export async function queueAgain(ctx: Pick<Context, 'sql' | 'now'>, id: string): Promise<NotAgain | null> {
  const found = await selectMail(ctx.sql, id)
  if (!found) return 'unknown'
  return ctx.sql.begin(async (tx) => {
    const mail = await lockMail(tx, found)
    if (!mail) return 'unknown'
    if (mail.status !== 'failed') return mail.status
    if (mail.recipient === null) return 'erased'
    await requeueMail(tx, mail, ctx.now())
    return null
  })
}

/** The same for every mail that had been given up before and can be; one after the other, so that two who do this never block each other. */
export async function queueFailedAgain(ctx: Pick<Context, 'sql' | 'now'>): Promise<number> {
  const ended_until = ctx.now()
  let queued = 0
  let ids = await selectFailedIds(ctx.sql, '', ended_until, page)
  while (ids.length > 0) {
    for (const id of ids) if ((await queueAgain(ctx, id)) === null) queued += 1
    ids = await selectFailedIds(ctx.sql, ids.at(-1) ?? '', ended_until, page)
  }
  return queued
}
