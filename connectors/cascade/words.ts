/** Free text of a provider, fit for logs and screens. Source: Cascade API contract, sections 13.2 and 15. */

import { maskNumbers } from '@cascad/provider-kit/mask'

const text_max = 500

/** One line of at most 500 characters; every number of 8 digits or more is cut to its last 4. `null` = nothing was said. */
export function wordsOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const line = value
    .slice(0, 16_384)
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
  const text = maskNumbers(line).trim().slice(0, text_max).toWellFormed()
  return text === '' ? null : text
}
