/** The frame of every page of the shop: no scripts, one inline style known to the policy by its hash. */
import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { html } from 'ghtml'
import { shopStyles } from './shop-styles.ts'

const style_hash = createHash('sha256').update(shopStyles).digest('base64')

export type ShopPage = {
  readonly title: string
  /** Entry of the navigation this page is. */
  readonly here: 'shop' | 'callbacks' | null
  readonly body: string
  readonly status?: number
}

/** Sends the page. Forms may lead to the shop itself and to the platform, nowhere else. */
export function sendShopPage(reply: FastifyReply, cascad_url: string, page: ShopPage): FastifyReply {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${style_hash}'`,
    `form-action 'self' ${new URL(cascad_url).origin}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<meta name="robots" content="noindex" />
<title>${page.title} – Lantern Lane</title>
<style>!${shopStyles}</style>
</head>
<body>
<header><a class="brand" href="/shop">!${drawing('M17 18h14l3 20H14zM19 18v-5a5 5 0 0 1 10 0v5M24 24c4 4 3 8 0 9-3-1-4-5 0-9M12 42h24')} Lantern Lane</a>
<nav aria-label="Shop">!${link('shop', '/shop', 'Shop', page.here)} !${link('callbacks', '/shop/callbacks', 'Callbacks', page.here)}</nav></header>
<main>
!${page.body}
</main>
<footer class="soft">A demo: nothing is sold, no money moves.</footer>
</body>
</html>`
  return reply
    .code(page.status ?? 200)
    .headers({
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    })
    .type('text/html; charset=utf-8')
    .send(document)
}

/** A drawing beside a text that says the same. */
export function drawing(path: string): string {
  return html`<svg viewBox="0 0 48 48" aria-hidden="true" focusable="false"><path d="${path}" /></svg>`
}

function link(entry: string, href: string, text: string, here: string | null): string {
  return entry === here ? html`<a href="${href}" aria-current="page">${text}</a>` : html`<a href="${href}">${text}</a>`
}
