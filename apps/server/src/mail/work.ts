/** The mails' share of a worker: sending what is due, forgetting what is old. */
import type { Context } from '../context.ts'
import { type RunningWork, runDueWork } from '../jobs/run-due-work.ts'
import { runPeriodically } from '../jobs/run-periodically.ts'
import { clearOldMails } from './clear-old-mails.ts'
import { openMailer } from './open-mailer.ts'
import { lease_ms, sendMail } from './send-mail.ts'
import { claimDueMails } from './table.ts'

const concurrency = 4
const idle_ms = 2_000
const clearing_schedule = '41 4 * * *'

export function startMailWork(ctx: Context): RunningWork[] {
  const clearing = runPeriodically({
    schedule: clearing_schedule,
    round: (signal) => clearOldMails(ctx, signal),
    onFault: (error) => ctx.events.fault('mail clearing', error),
  })
  const config = ctx.config.mail
  if (!config) return [clearing]
  const server = { mailer: openMailer(config), config }
  const sending = runDueWork({
    name: 'mails',
    claim: (limit) => {
      const now = ctx.now()
      return claimDueMails(ctx.sql, { now, leased_until: new Date(now.getTime() + lease_ms), limit })
    },
    handle: (mail, signal) => sendMail(ctx, server, mail, signal),
    concurrency,
    idle_ms,
    onFault: (error) => ctx.events.fault('mail work', error),
  })
  return [sending, clearing]
}
