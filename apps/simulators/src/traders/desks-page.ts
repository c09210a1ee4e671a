import type { FastifyReply } from 'fastify'
import { html } from 'ghtml'
import { sendPage } from '../pages/page.ts'
import type { Desk } from './desk.ts'
import { deskSection, timeText } from './desk-section.ts'
import type { Desks } from './desks.ts'
import { amountSteps, stepForms } from './step.ts'

/** Every desk with its next steps, payments, appeals, calls and traders; works without scripts in the browser. */
export function sendDesksPage(reply: FastifyReply, desks: Desks): FastifyReply {
  const body = html`<main>
<div class="row"><h1>Trader desks</h1><span><a href="/control/traders">Refresh</a> · <a href="/control">Terminals</a> · <a href="/shop">Shop</a></span></div>
<p class="soft">Each desk is one cascade provider: it gives a trader's card, phone or account, to which the payer transfers. What you
press here decides how its next payments go; the cruises of the shop choose by their price.</p>
<div class="row"><span class="soft">The clock of all desks: ${timeText(desks.now_ms())} UTC</span>
<form class="inline" method="post" action="/control/traders/clock"><input class="short" name="advance_s" inputmode="numeric" pattern="[0-9]+"
value="60" aria-label="Seconds" /><button class="small">Move on by seconds</button></form></div>
!${amountList()}
!${desks.names().map((name) => deskSection(desks, desks.find(name) as Desk))}
<form method="post" action="/control/traders/reset"><div class="row"><p class="soft">The same by JSON:
<code>POST /control/traders/volga/script</code> <code>{"match":{"method":"card"},"steps":["refuse:NO_REQUISITES"],"repeat":null}</code>,
the calls: <code>GET /control/traders/volga/log</code></p><button class="small bad">Forget everything</button></div></form>
</main>`
  return sendPage(reply, { title: 'Trader desks', lang: 'en', body, wide: true })
}

function amountList(): string {
  const rows = amountSteps.map(
    ([digits, step]) =>
      html`<li>….${digits} <code>${step}</code> <span class="soft">${stepForms[nameOf(step)].says}</span></li>`,
  )
  return html`<details><summary><h2>Amounts that misbehave</h2> <span class="soft">at every desk, where no script matches</span></summary>
<ul class="columns">!${rows}</ul></details>`
}

function nameOf(step: string): keyof typeof stepForms {
  return step.split(':')[0] as keyof typeof stepForms
}
