/** Reading what a provider answered. Nothing here throws, whatever the bytes are; what cannot be read is `null`. */
import type { Card, Outcome } from './connector.ts'

/** What text columns and logs do not take, or take as something else. */
const controls = /\p{Cc}+/gu
const controlsButBreaks = /[^\P{Cc}\t\n\r]/u

export type JsonObject = Readonly<Record<string, unknown>>

/** The body as a JSON object; `null` for broken JSON and every other top level. */
export function readJsonObject(body: string): JsonObject | null {
  try {
    return asObject(JSON.parse(body))
  } catch {
    return null
  }
}

export function asObject(value: unknown): JsonObject | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : null
}

/** An id of the provider: 1–200 visible ASCII characters, taken unchanged. */
export function idOf(value: unknown): string | null {
  return typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value) ? value : null
}

/** Words of the provider: one line, at most 200 characters, card numbers masked. */
export function textOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const line = value.toWellFormed().replace(controls, ' ')
  const text = maskCardNumbers(line).trim().slice(0, 200).toWellFormed()
  return text === '' ? null : text
}

/** Minor units written as a string of digits. */
export function minorOf(value: unknown): bigint | null {
  return typeof value === 'string' && /^\d{1,18}$/.test(value) ? BigInt(value) : null
}

/** An absolute http or https URL without user and password. */
export function httpUrlOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 4096 || !URL.canParse(value)) return null
  const url = new URL(value)
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === ''
    ? url.href
    : null
}

/** A map of at most 30 texts such as the hidden fields of a form, line breaks allowed; a missing one is empty. */
export function textMapOf(value: unknown): Readonly<Record<string, string>> | null {
  if (value === undefined || value === null) return {}
  const object = asObject(value)
  if (!object) return null
  const entries = Object.entries(object)
  if (entries.length > 30 || !entries.every(([name, text]) => isFieldText(name) && isFieldText(text))) return null
  return Object.fromEntries(entries) as Record<string, string>
}

function isFieldText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 16_384 && value.isWellFormed() && !controlsButBreaks.test(value)
}

/** Two characters as the card networks use them; anything else, a private code above all, is `null`. */
export function networkCodeOf(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9A-Z]{2}$/.test(value) ? value : null
}

/** Replaces every run of 12–19 digits that passes Luhn, blanks and hyphens between them allowed. */
export function maskCardNumbers(text: string): string {
  return text.replace(/\d(?:[ -]?\d){11,18}/g, (run) => {
    const digits = run.replace(/[ -]/g, '')
    return passesLuhn(digits) ? `${digits.slice(0, 6)}******${digits.slice(-4)}` : run
  })
}

function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** The same outcome without the card's number, plain or grouped, should a provider have put it into any of its fields. */
export function withoutCardNumber(outcome: Outcome, card: Card | null): Outcome {
  if (!card || !/^\d+$/.test(card.number)) return outcome
  const number = new RegExp([...card.number].join('[ -]?'), 'g')
  return withoutText(outcome, number) as Outcome
}

function withoutText(value: unknown, number: RegExp): unknown {
  if (typeof value === 'string') return value.replace(number, '******')
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.replace(number, '******'), withoutText(inner, number)]),
  )
}
