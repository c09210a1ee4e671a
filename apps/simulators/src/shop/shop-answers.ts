/** What several routes of the shop do with a request: read its form, say what is wrong. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { html } from 'ghtml'
import { sendShopPage } from './shop-frame.ts'

export function formOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(typeof request.body === 'string' ? request.body : '')
}

/** `detail`: what somebody else said, word for word. */
export function sendProblem(
  reply: FastifyReply,
  { cascad_url }: { readonly cascad_url: string },
  status: number,
  text: string,
  detail?: string,
): FastifyReply {
  const body = html`<div class="card narrow"><h1>Sorry</h1><p>${text}</p>
!${detail ? html`<details open><summary>What it said</summary><pre>${detail}</pre></details>` : ''}
<div class="buttons"><a class="button main" href="/shop">Back to the shop</a></div></div>`
  return sendShopPage(reply, cascad_url, { title: 'Sorry', here: null, body, status })
}
