/** The frame of all simulator pages: no scripts, one inline style known to the policy by its hash. */
import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { html } from 'ghtml'
import { styles } from './styles.ts'

const style_hash = createHash('sha256').update(styles).digest('base64')

/**
 * Forms of these pages end in a redirect to the platform and from there to a shop; browsers hold the whole chain against
 * `form-action`, so it names schemes, not hosts. There is no text of others on the pages that could bring a form.
 */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${style_hash}'`,
  "img-src 'self' data:",
  "form-action 'self' http: https:",
  "frame-src 'self'",
  "base-uri 'none'",
].join('; ')

type Page = {
  readonly title: string
  readonly lang: string
  readonly body: string
  /** Control pages are wide and may not be framed. */
  readonly wide?: boolean
  readonly status?: number
  /** Shows itself anew after so many seconds. */
  readonly refresh_s?: number
  /** Stands in a frame of another page of the simulators. */
  readonly framed?: boolean
}

function policyOf({ wide, framed }: Page): string {
  if (framed) return `${policy}; frame-ancestors 'self'`
  return wide ? `${policy}; frame-ancestors 'none'` : policy
}

export function sendPage(reply: FastifyReply, page: Page): FastifyReply {
  const document = html`<!doctype html>
<html lang="${page.lang}">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="robots" content="noindex" />
<title>${page.title}</title>
<style>!${styles}</style>
</head>
<body class="${page.framed ? 'framed' : page.wide ? 'wide' : 'narrow'}">
!${page.body}
</body>
</html>`
  return reply
    .code(page.status ?? 200)
    .headers({
      'content-security-policy': policyOf(page),
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      ...(page.refresh_s === undefined ? {} : { refresh: String(page.refresh_s) }),
    })
    .type('text/html; charset=utf-8')
    .send(document)
}
