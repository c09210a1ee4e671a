import { html } from 'ghtml'
import { encode } from 'uqr'
import type { Html } from './page.ts'

/** A code to be scanned, black on white in every theme: cameras want it so. `label` says what it is for. */
export function qrPicture(text: string, label: string): Html {
  const { data, size } = encode(text, { ecc: 'L', border: 3 })
  const runs = data.flatMap((row, y) =>
    [
      ...row
        .map((dark) => (dark ? '1' : '0'))
        .join('')
        .matchAll(/1+/g),
    ].map(({ index, 0: run }) => `M${index} ${y}h${run.length}v1h-${run.length}z`),
  )
  return html`<svg class="qr" viewBox="0 0 ${String(size)} ${String(size)}" role="img" aria-label="${label}" shape-rendering="crispEdges"><path class="qr-ground" d="M0 0h${String(size)}v${String(size)}H0z"/><path class="qr-dots" d="${runs.join('')}"/></svg>`
}
