import { html } from 'ghtml'
import type { Html } from '../page.ts'
import type { Pair } from '../rules/read-look.ts'

export function hiddenInputs(pairs: readonly Pair[]): Html {
  return pairs.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`).join('')
}
