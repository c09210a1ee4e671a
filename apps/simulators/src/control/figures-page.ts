import type { FastifyReply } from 'fastify'
import { html } from 'ghtml'
import { sendPage } from '../pages/page.ts'
import type { LastMinute } from '../terminals/last-minute.ts'
import type { TerminalView } from './control.ts'
import { presets } from './presets.ts'

const refresh_s = 2
const head_px = 60
const row_px = 46

/** Height at which nothing has to be scrolled with letters of the usual size. */
export const figuresHeight = (terminals: number): number => head_px + terminals * row_px

/** The last minute of every terminal, shown anew by itself: a page in a frame, so that nobody's hand on the rest is disturbed. */
export function sendFiguresPage(
  reply: FastifyReply,
  terminals: readonly TerminalView[],
  paused: boolean,
): FastifyReply {
  const other = paused ? html`<a href="/control/figures">Go on</a>` : html`<a href="/control/figures?paused">Pause</a>`
  const body = html`<main aria-label="Figures of the last minute"><div class="row"><h1>The last minute</h1>!${other}</div>
<ul>!${terminals.map(terminalRow)}</ul></main>`
  const page = { title: 'The last minute', lang: 'en', body, framed: true }
  return sendPage(reply, paused ? page : { ...page, refresh_s })
}

/** In the order of the bar. */
const ends = [
  ['approved', 'good'],
  ['declined', 'bad'],
  ['unanswered', 'lost'],
  ['waiting', 'soft'],
  ['refused', 'bad'],
] as const satisfies readonly (readonly [keyof LastMinute, string])[]

const always: readonly string[] = ['approved', 'declined', 'unanswered']

function terminalRow({ name, preset, last_minute }: TerminalView): string {
  const label = presets.find((one) => one.name === preset)?.label ?? 'by hand'
  const title = html`<span><a href="/control#${encodeURIComponent(name)}" target="_parent">${name}</a>
<span class="soft">${preset === 'ordinary' ? '' : label}</span></span>`
  if (last_minute.asked === 0) return html`<li><div class="row">!${title}<span class="soft">0 asked</span></div></li>`
  const counts = ends
    .filter(([end]) => last_minute[end] > 0 || always.includes(end))
    .map(
      ([end, tone]) =>
        html`<span class="${last_minute[end] > 0 ? tone : 'soft'}"><b>${last_minute[end]}</b> ${end}</span>`,
    )
  return html`<li><div class="row">!${title}<span class="counts"><span><b>${last_minute.asked}</b> asked</span>!${counts}</span></div>!${bar(last_minute)}</li>`
}

/** Shares of what was asked. Drawn by attributes: the pages allow no other styles than their own. */
function bar(last_minute: LastMinute): string {
  let from = 0
  const parts = ends.map(([end, tone]) => {
    const share = last_minute.asked === 0 ? 0 : (last_minute[end] / last_minute.asked) * 100
    const part = share > 0 ? html`<rect class="${tone}" x="${from}" y="0" width="${share}" height="1"></rect>` : ''
    from += share
    return part
  })
  return html`<svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">!${parts}</svg>`
}
