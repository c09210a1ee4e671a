/** A body of the Cascade API as screens and logs may show it. Source: Cascade API contract, section 15. */
import { masked } from '@cascad/provider-kit/mask'
import { JsonNumber, readJson } from './read-json.ts'
import { maskNumbers, wordsOf } from './words.ts'

const shown_max = 8_192
const depth_max = 6
const items_max = 50
/** Ids of the provider stay whole: payments and appeals are found by them. */
const ids: ReadonlySet<string> = new Set(['id', 'appealId'])

/** JSON stays JSON, its numbers and owners cut; anything else is one line of at most 500 characters. */
export function maskBody(body: string): string {
  const document = readJson(body)
  if (!document) return wordsOf(body) ?? ''
  return JSON.stringify(maskValue('', document, depth_max))
    .slice(0, shown_max)
    .toWellFormed()
}

function maskValue(name: string, value: unknown, depth: number): unknown {
  if (value instanceof JsonNumber) return maskNumber(name, value.text)
  if (typeof value === 'string') return maskText(name, value)
  if (value === null || typeof value !== 'object') return value
  if (depth === 0) return '…'
  if (Array.isArray(value)) return value.slice(0, items_max).map((item) => maskValue(name, item, depth - 1))
  const members = Object.entries(value).slice(0, items_max)
  return Object.fromEntries(
    members.map(([member, inner]) => [maskNumbers(member), maskValue(member, inner, depth - 1)]),
  )
}

function maskText(name: string, text: string): unknown {
  const line = text.slice(0, shown_max).toWellFormed()
  if (ids.has(name)) return line
  const known = masked({ [name]: line })[name]
  return known === line ? maskNumbers(line) : known
}

/** As it was written, unless it is long enough for a card, a phone or an account. */
function maskNumber(name: string, text: string): unknown {
  const isLong = text.replace(/\D/g, '').length >= 8
  return isLong && !ids.has(name) ? maskText(name, text) : JSON.rawJSON(text)
}
