import type { FastifyReply } from 'fastify'
import { html } from 'ghtml'
import { amountCodes } from '../acquirer/reasons.ts'
import { sendPage } from '../pages/page.ts'
import { answers, followUps, lookupKinds, notificationKinds, type Script } from '../terminals/script.ts'
import type { TerminalView } from './control.ts'
import { figuresHeight } from './figures-page.ts'
import { presetsOf } from './presets.ts'

const answerNames: Readonly<Record<string, string>> = {
  ordinary: 'ordinary: by card, amount and payer',
  approve: 'approve, whatever the amount',
  decline: 'decline with the code below',
  three_ds: 'ask for 3-D Secure',
  pending: 'stay pending',
  wrong_amount: 'take a wrong amount',
  timeout_before: 'never answer, nothing charged',
  timeout_after: 'never answer, but charge',
  error_before: 'answer 500, nothing charged',
  error_after: 'answer 500, but charge',
  reset_before: 'cut the connection, nothing charged',
  reset_after: 'cut the connection, but charge',
  wrong_reference: 'charge, answer about another payment',
  broken_json: 'charge, answer broken JSON',
  unauthorized: 'answer 401: key not known',
  throttled: 'answer 429: slow down',
  down: 'down: cut every connection',
}

/** Every terminal with a form of its script; works without scripts in the browser. */
export function sendControlPage(reply: FastifyReply, terminals: readonly TerminalView[]): FastifyReply {
  const body = html`<main>
<div class="row"><h1>Simulated providers</h1><span><a href="/control/charges">Charges and notifications</a> · <a href="/control/traders">Trader desks</a></span></div>
<p class="soft">Each terminal is one gateway of the platform. What you set here decides how its next charges go; watch in the figures
how the platform's routing moves away from it, and comes back.</p>
<iframe class="figures" src="/control/figures" title="Figures of the last minute" height="${figuresHeight(terminals.length)}"></iframe>
<p class="note">To watch a cascade: pay 10.05 (or 10.91, 10.96) with the test card <code>5519 2838 1203 0000</code>, any later expiry.
Terminal <code>first</code> declines it with that network code, the platform goes on to <code>second</code>, which approves.
Terminal <code>stripe</code> also knows Stripe's own test cards, such as <code>4242 4242 4242 4242</code>.</p>
!${amountTable()}
!${terminals.map(terminalForm)}
<form method="post" action="/control/reset"><div class="row"><p class="soft">The same by JSON: <code>POST /control/terminals/first</code>
<code>{"answer":"decline","code":"51"}</code>, the books: <code>GET /control/ledger.json</code></p>
<button class="small bad">Forget everything</button></div></form>
</main>`
  return sendPage(reply, { title: 'Simulated providers', lang: 'en', body, wide: true })
}

function amountTable(): string {
  const rows = Object.entries(amountCodes)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([code, meaning]) => html`<tr><td><code>${code}</code></td><td>…${code}</td><td>${meaning}</td></tr>`)
  return html`<details><summary><h2>Amounts that decline</h2> <span class="soft">where "decline by amount" is on</span></summary>
<div class="scroll"><table><thead><tr><th>Network code</th><th>Last two digits</th><th>Meaning</th></tr></thead>
<tbody>!${rows}</tbody></table></div></details>`
}

function terminalForm({ name, provider, received, preset, script }: TerminalView): string {
  const state = script.mix ? `mix: ${JSON.stringify(script.mix)}` : (answerNames[script.answer] ?? script.answer)
  const buttons = presetsOf(provider).map(
    (one) =>
      html`<button class="small" name="preset" value="${one.name}" aria-pressed="${one.name === preset ? 'true' : 'false'}">${one.label}</button>`,
  )
  return html`<section class="terminal" id="${name}" aria-label="Terminal ${name}">
<form class="presets" method="post" action="/control/terminals/${encodeURIComponent(name)}/preset"><h2>${name}</h2>
<span class="soft">${provider} · ${received} received</span><div class="choices">!${buttons}</div></form>
<details${preset === null ? ' open' : ''}><summary>Everything else <span class="soft">${preset === null ? `by hand: ${state}` : state}</span></summary>
<form class="script" method="post" action="/control/terminals/${encodeURIComponent(name)}">
!${select('answer', 'Charges', script, answers, answerNames)}
!${provider === 'acquirer' || provider === 'stripe' ? cardFields(script) : ''}
!${select('notifications', 'Notifications', script, notificationKinds)}
!${number('notification_delay_ms', 'Notifications wait (ms)', script)}
!${number('delay_ms', 'Answers wait (ms)', script)}
!${number('pending_ms', 'Pending is approved after (ms)', script)}
!${select('lookups', 'Look-ups', script, lookupKinds)}
!${number('lookup_delay_ms', 'Look-ups know it after (ms)', script)}
!${select('refunds', 'Refunds', script, followUps)}
!${provider === 'acquirer' ? holdFields(script) : ''}
!${select('voids', 'Voids', script, followUps)}
!${number('seed', 'Seed of random numbers', script)}
<button class="main">Set ${name}</button>
</form></details></section>`
}

function cardFields(script: Script): string {
  return html`!${text('code', 'Network code of declines', script)}
!${text('advice_code', 'Advice code', script)}
!${text('reason', "Provider's own reason", script)}
!${number('decline_percent', 'Declined share (%)', script)}
!${number('amount_delta', 'Wrong amount: difference', script)}
<label class="check"><input type="checkbox" name="decline_by_amount"${script.decline_by_amount ? ' checked' : ''} /> Decline by amount</label>`
}

function holdFields(script: Script): string {
  return html`!${select('captures', 'Captures', script, followUps)}
!${select('cancels', 'Cancels', script, followUps)}
!${number('settled_after_ms', 'Charges are settled after (ms)', script)}`
}

type Member = keyof Script

function select(
  name: Member,
  label: string,
  script: Script,
  words: readonly string[],
  names: Readonly<Record<string, string>> = {},
): string {
  const options = words.map((word) => {
    const shown = names[word] ?? word.replaceAll('_', ' ')
    return script[name] === word
      ? html`<option value="${word}" selected>${shown}</option>`
      : html`<option value="${word}">${shown}</option>`
  })
  return html`<label>${label}<select name="${name}">!${options}</select></label>`
}

function number(name: Member, label: string, script: Script): string {
  return html`<label>${label}<input name="${name}" inputmode="numeric" pattern="-?[0-9]*" value="${shownValue(script, name)}" /></label>`
}

function text(name: Member, label: string, script: Script): string {
  return html`<label>${label}<input name="${name}" autocomplete="off" value="${shownValue(script, name)}" /></label>`
}

function shownValue(script: Script, name: Member): string {
  const value = script[name]
  return value === null ? '' : String(value)
}
