/** The provider's JSON, with the text of its numbers: an id may be a number longer than a float can hold. */

export class JsonNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Source = { readonly source?: string }
type ExactParse = (text: string, revive: (name: string, value: unknown, context: Source) => unknown) => unknown

/** Its numbers are JsonNumbers. A mark of the byte order is no part of it. `null` for broken JSON and for every other top level. Never throws. */
export function readJson(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const value = (JSON.parse as ExactParse)(body.replace(/^\ufeff/, ''), (_name, inner, { source }) =>
      typeof inner === 'number' ? new JsonNumber(source ?? String(inner)) : inner,
    )
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value)
    return isObject && !(value instanceof JsonNumber) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** What stands where bytes were no UTF-8. */
const unreadable = /\ufffd/

/** Text that came whole: neither a half character nor one that could not be read. */
export function isReadable(text: string): boolean {
  return text.isWellFormed() && !unreadable.test(text)
}

/** An id of the provider, 1–128 characters; a number is taken as it is written. `null` = none that could be sent back. */
export function idOf(value: unknown): string | null {
  const text = value instanceof JsonNumber ? value.text : value
  if (typeof text !== 'string' || text.length < 1 || text.length > 128) return null
  return isReadable(text) && !/\p{Cc}/u.test(text) ? text : null
}
