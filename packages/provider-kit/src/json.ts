/**
 * JSON whose numbers keep their text. Node 20 has no access to the source of a number, so every string and every number is
 * marked in the text before it is parsed; two members deep is all that the Cascade API needs.
 */

/** A number as it was written. */
export class JsonNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Texts, JsonNumbers, booleans, `null`; a nested object one level down is a JsonMembers, everything else an opaque object. */
export type JsonMembers = ReadonlyMap<string, unknown>

const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/** The members of a JSON object; `null` for broken JSON and for every other top level. Never throws. */
export function readJsonObject(text: string): JsonMembers | null {
  try {
    JSON.parse(text)
    const marked = text.replace(tokens, (token) => (token.startsWith('"') ? `"s${token.slice(1)}` : `"n${token}"`))
    const members = unmark(JSON.parse(marked), 2)
    return members instanceof Map ? members : null
  } catch {
    return null
  }
}

function unmark(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.startsWith('n') ? new JsonNumber(value.slice(1)) : value.slice(1)
  if (value === null || typeof value !== 'object' || Array.isArray(value) || depth === 0) return value
  return new Map(Object.entries(value).map(([name, inner]) => [name.slice(1), unmark(inner, depth - 1)]))
}
