/** `npm run mails`: what people are told by e-mail, what did not go out and why, and sending that once more. */
import { type Act, runActs, say } from '../database/run-command.ts'
import { StartProblem } from '../start-problem.ts'
import { findMail, listMails } from './list-mails.ts'
import { type MailRow, mailStatuses } from './mail.ts'
import { type NotAgain, queueAgain, queueFailedAgain } from './queue-again.ts'

const usage = `Use one of
  npm run mails -- list [failed|queued|sent] [subject]     about an appeal, a provider or a source of rates; failed and queued ones unless said
  npm run mails -- show <id>
  npm run mails -- again <id>                              tries one that was given up for another day
  npm run mails -- again failed                            all of them`

const page = 200

const misused = (): StartProblem => new StartProblem(usage)

/** Its first character and its domain. */
function masked(recipient: string): string {
  return `${recipient.slice(0, 1)}***${recipient.slice(recipient.indexOf('@'))}`
}

function standingOf({ status, attempts, ended_at, due_at }: MailRow): string {
  const tries = `${attempts} ${attempts === 1 ? 'try' : 'tries'}`
  const at = (ended_at ?? due_at)?.toISOString()
  return status === 'queued' ? `queued after ${tries}, next at ${at}` : `${status} after ${tries} at ${at}`
}

function lineOf(mail: MailRow): string {
  const { id, audience, recipient, subject_id, title, created_at, last_error } = mail
  const reader = recipient === null ? audience : `${audience} ${masked(recipient)}`
  const what = title === null ? 'its text was erased' : JSON.stringify(title)
  const error = last_error === null ? '' : `; last error: ${last_error}`
  return `${id}  ${standingOf(mail)}: to ${reader} about ${subject_id}, written ${created_at.toISOString()}: ${what}${error}`
}

const list: Act = async (ctx, words) => {
  const given = mailStatuses.find((one) => one === words[0])
  const [subject_id, ...more] = given ? words.slice(1) : words
  if (more.length > 0) throw misused()
  const filter = { status: given ?? 'unsent', ...(subject_id === undefined ? {} : { subject_id }) } as const
  const mails = await listMails(ctx, filter, page)
  for (const mail of mails) say(lineOf(mail))
  if (mails.length === 0) say('There is no such mail.')
  if (mails.length === page) say(`These are the newest ${page}; say a status or a subject to see others.`)
}

const show: Act = async (ctx, [id, ...more]) => {
  if (id === undefined || more.length > 0) throw misused()
  const mail = await findMail(ctx, id)
  if (!mail) throw new StartProblem(`There is no mail ${id}.`)
  say(lineOf(mail))
  if (mail.requeued_at !== null) say(`  queued again ${mail.requeued_at.toISOString()}`)
  if (mail.body !== null) say(`\n${mail.body.replace(/[^\P{Cc}\n]/gu, ' ').trimEnd()}`)
}

const refusals: { readonly [why in NotAgain]: string } = {
  unknown: 'there is no such mail',
  sent: 'it was sent',
  queued: 'it is queued already; "show" says when it is tried',
  erased: 'its text and its recipient were erased after 30 days',
}

const again: Act = async (ctx, [what, ...more]) => {
  if (what === undefined || more.length > 0) throw misused()
  if (!ctx.config.mail)
    throw new StartProblem(
      'Nothing was queued: there is no mail server; set CASCAD_SMTP_URL and CASCAD_MAIL_FROM as the workers have them.',
    )
  if (what === 'failed') {
    const queued = await queueFailedAgain(ctx)
    return say(queued === 0 ? 'No mail waits to be sent again.' : `Queued again: ${queued}. The worker sends them now.`)
  }
  const why = await queueAgain(ctx, what)
  if (why !== null) throw new StartProblem(`${what} was not queued: ${refusals[why]}.`)
  say(`${what} is queued again; the worker sends it now.`)
}

const acts: ReadonlyMap<string, Act> = new Map([
  ['list', list],
  ['show', show],
  ['again', again],
])

await runActs(acts, usage)
