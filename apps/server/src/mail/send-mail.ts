import { maskNumbers } from '@cascad/provider-kit/mask'
import type { MailConfig } from '../config.ts'
import type { Context } from '../context.ts'
import type { ClaimedMail } from './mail.ts'
import type { Mailer } from './open-mailer.ts'
import { nextTryAt } from './rules/next-try.ts'
import { oneLine } from './rules/one-line.ts'
import { isPermanent, type SendingError } from './rules/read-failure.ts'
import { updateMail } from './table.ts'

/** The whole of a try, whatever the server does meanwhile. */
const try_ms = 45_000
/** Longer than the longest try. */
export const lease_ms = 90_000
const error_length_max = 200

/**
 * Sends one mail and writes what came of it. Between the server's yes and our note of it we may die: then the mail goes out once more
 * after the lease, with the same Message-ID. A stop ends the try; it counts for nothing.
 */
export async function sendMail(
  ctx: Pick<Context, 'sql' | 'now' | 'events'>,
  { mailer, config }: { readonly mailer: Mailer; readonly config: MailConfig },
  mail: ClaimedMail,
  stopping: AbortSignal,
): Promise<void> {
  const error = await trySending(mailer, config, mail, AbortSignal.any([stopping, AbortSignal.timeout(try_ms)]))
  if (error && stopping.aborted) return
  const now = ctx.now()
  const { id: mail_id, audience, subject_id } = mail
  const attempt = mail.attempts + 1
  const facts = {
    mail_id,
    audience,
    subject_id,
    attempt,
    code: error?.code ?? null,
    response_code: error?.response_code ?? null,
  }
  if (!error) {
    await updateMail(ctx.sql, mail, { status: 'sent', at: now })
    ctx.events.mailTried({ ...facts, result: 'sent' })
    return
  }
  const next_ms = isPermanent(error) ? null : nextTryAt(attempt, mail.trying_since.getTime(), now.getTime())
  if (next_ms === null) await updateMail(ctx.sql, mail, { status: 'failed', at: now, error: error.text })
  else await updateMail(ctx.sql, mail, { status: 'queued', due_at: new Date(next_ms), error: error.text })
  ctx.events.mailTried({ ...facts, result: next_ms === null ? 'failed' : 'retry' })
}

type Failure = SendingError & { readonly text: string }

async function trySending(
  mailer: Mailer,
  { from, smtp }: MailConfig,
  { id, recipient, title, body, created_at }: ClaimedMail,
  signal: AbortSignal,
): Promise<Failure | null> {
  const message_id = `<${id}@${from.slice(from.indexOf('@') + 1)}>`
  try {
    await mailer({ message_id, to: recipient, title, body, written_at: created_at }, signal)
    return null
  } catch (error) {
    return failureOf(error, [recipient, smtp.login?.user, smtp.login?.password])
  }
}

/** What may be kept of it: a server's words, without numbers, addresses and our login. */
function failureOf(error: unknown, secrets: readonly (string | undefined)[]): Failure {
  const { code, responseCode, response, message } = error as Record<string, unknown>
  const said = typeof response === 'string' ? response : String(message)
  const text = secrets.reduce((words: string, secret) => (secret ? words.replaceAll(secret, '***') : words), said)
  return {
    code: typeof code === 'string' ? code : null,
    response_code: typeof responseCode === 'number' ? responseCode : null,
    text: oneLine(`${String(code ?? 'error')}: ${maskNumbers(text)}`, error_length_max),
  }
}
