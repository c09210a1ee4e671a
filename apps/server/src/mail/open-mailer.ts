/** The mail server, as we talk to it: one connection per mail, certificates checked, nothing waited for without end. */
import { createTransport } from 'nodemailer'
import type { MailConfig } from '../config.ts'
import { isLoopback } from './rules/is-loopback.ts'

/** A mail with all that its headers need. */
export type Message = {
  /** Unique and the same at every try: what a mail that comes twice is recognised by. RFC 5322, 3.6.4. */
  readonly message_id: string
  readonly to: string
  readonly title: string
  readonly body: string
  readonly written_at: Date
}

/** Sends, or throws what the server or the way to it said. */
export type Mailer = (message: Message, signal: AbortSignal) => Promise<void>

const connecting_ms = 10_000
const silence_ms = 15_000

/** A login goes through TLS only, but for a server on this machine. */
export function openMailer({ smtp, from }: MailConfig): Mailer {
  const { host, port, secure, login } = smtp
  const transport = createTransport({
    host,
    port,
    secure,
    requireTLS: !secure && login !== null && !isLoopback(host),
    ...(login ? { auth: { user: login.user, pass: login.password }, forceAuth: true } : {}),
    connectionTimeout: connecting_ms,
    dnsTimeout: connecting_ms,
    greetingTimeout: connecting_ms,
    socketTimeout: silence_ms,
    socketCloseTimeout: 0,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  })
  return async ({ message_id, to, title, body, written_at }, signal) => {
    await transport.sendMail({
      envelope: { from, to: [to] },
      messageId: message_id,
      date: written_at,
      from: { name: 'Cascad', address: from },
      to: { name: '', address: to },
      subject: title,
      text: body,
      // No answer by a machine, no notice of absence: RFC 3834, 5.
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal,
    })
  }
}
