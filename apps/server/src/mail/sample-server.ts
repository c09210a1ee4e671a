/** For tests: a mail server on loopback that keeps what it takes and refuses as it is told, and what a worker does with due mails. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { MailConfig } from '../config.ts'
import type { Context } from '../context.ts'
import { insertMails } from './insert-mails.ts'
import type { NewMail } from './mail.ts'
import { openMailer } from './open-mailer.ts'
import { lease_ms, sendMail } from './send-mail.ts'
import { claimDueMails } from './table.ts'
import { writeMails } from './write-mails.ts'

export type Received = {
  readonly from: string
  readonly to: readonly string[]
  /** Names in lower case; a header that comes twice has both values. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly text: string
}

/** What the server says instead of yes. */
export type Refusal = { readonly code: number; readonly text: string }

export type SampleMailServer = Awaited<ReturnType<typeof startMailServer>>

export type SampleServerOptions = {
  /** Nobody else may send. */
  readonly password?: string
  /** Offers STARTTLS with a certificate that nobody has signed. */
  readonly tls?: boolean
}

/** On a free port. */
export async function startMailServer(options: SampleServerOptions = {}) {
  const received: Received[] = []
  const refusing: { recipient: Refusal | null; message: Refusal | null } = { recipient: null, message: null }
  let onMessage: (mail: Received) => Promise<void> = async () => {}
  const problem = ({ code, text }: Refusal): Error => Object.assign(new Error(text), { responseCode: code })
  const server = new SMTPServer({
    logger: false,
    disabledCommands: options.tls ? [] : ['STARTTLS'],
    authOptional: options.password === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onAuth(auth, _session, done) {
      if (auth.password === options.password) done(null, { user: auth.username })
      else done(problem({ code: 535, text: `wrong login ${auth.username} ${auth.password}` }))
    },
    onRcptTo(_address, _session, done) {
      done(refusing.recipient ? problem(refusing.recipient) : null)
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (refusing.message) return done(problem(refusing.message))
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom === false ? '' : mailFrom.address
        const mail = {
          from,
          to: rcptTo.map(({ address }) => address),
          ...parse(Buffer.concat(chunks).toString('utf8')),
        }
        received.push(mail)
        onMessage(mail).then(() => done(), done)
      })
    },
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    port,
    received,
    refusing,
    /** Runs after a mail was kept and before its sender is told so. */
    meanwhile(act: (mail: Received) => Promise<void>): void {
      onMessage = act
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

export function sampleMailConfig(port: number, more: Partial<MailConfig> = {}): MailConfig {
  const smtp = { host: '127.0.0.1', port, secure: false, login: null }
  return { smtp, from: 'payments@cascad.example', operator: 'operators@cascad.example', ...more }
}

type Parsed = Pick<Received, 'headers' | 'text'>

function parse(raw: string): Parsed {
  const end = raw.indexOf('\r\n\r\n')
  const headers = new Map<string, string[]>()
  for (const line of raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), decodeWords(line.slice(colon + 1).trim())])
  }
  const body = raw.slice(end + 4)
  const encoding = headers.get('content-transfer-encoding')?.[0] ?? '7bit'
  return { headers, text: decodeBody(body, encoding).replaceAll('\r\n', '\n').trim() }
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  return encoding === 'quoted-printable' ? bytesOf(body.replace(/=\r\n/g, '')).toString('utf8') : body
}

function bytesOf(quoted_text: string): Buffer {
  const hex = (_: string, digits: string): string => String.fromCharCode(Number.parseInt(digits, 16))
  return Buffer.from(quoted_text.replace(/=([0-9A-F]{2})/g, hex), 'latin1')
}

/** RFC 2047: words that follow each other are one text. */
function decodeWords(value: string): string {
  return value.replace(/(?:=\?UTF-8\?[BQ]\?[^?]*\?=\s*)+/gi, (run) => {
    const words = [...run.matchAll(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi)]
    const bytes = words.map(([, way, text = '']) =>
      way?.toUpperCase() === 'B' ? Buffer.from(text, 'base64') : bytesOf(text.replaceAll('_', ' ')),
    )
    return Buffer.concat(bytes).toString('utf8')
  })
}

/** Queues one mail as a statement of its own. */
export async function queueMail(
  ctx: Pick<Context, 'sql' | 'now'>,
  { title = 'A title', body = 'A text.', to = 'reader@shop.example' } = {},
): Promise<NewMail> {
  const addressed = [{ audience: 'merchant', to, letter: { title, body } }] as const
  const [mail] = writeMails('apl_0000000000000001', addressed, ctx.now())
  if (!mail) throw new Error(`${to} is no address`)
  const part = insertMails(ctx.sql, 'coma_0000000000000001', [mail], ctx.sql`moved`)
  await ctx.sql`with moved as (select 1), ${part} select 1`
  return mail
}

/** What a worker does until nothing is due at this moment. */
export async function sendDue(ctx: Context, limit = 100): Promise<number> {
  const config = ctx.config.mail
  if (!config) throw new Error('there is no mail server')
  const server = { mailer: openMailer(config), config }
  const now = ctx.now()
  const mails = await claimDueMails(ctx.sql, { now, leased_until: new Date(now.getTime() + lease_ms), limit })
  await Promise.all(mails.map((mail) => sendMail(ctx, server, mail, new AbortController().signal)))
  return mails.length
}
