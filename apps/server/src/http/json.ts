/**
 * JSON without loss: a number that a double cannot hold exactly keeps its own text, both ways.
 * Amounts are written from decimal text with `JSON.rawJSON`, never through a double.
 */
import { Problem } from './problem.ts'

type RawJson = { readonly rawJSON: string }
declare global {
  interface JSON {
    rawJSON(text: string): RawJson
    isRawJSON(value: unknown): value is RawJson
  }
}

export type JsonValue = string | number | boolean | null | RawJson | JsonValue[] | { [key: string]: JsonValue }
export type JsonObject = { [key: string]: JsonValue }

/** Parses JSON text; throws SyntaxError. Numbers whose text differs from the double's shortest text become raw JSON. */
export function parseJson(text: string): JsonValue {
  return JSON.parse(text, keepNumberText as (key: string, value: unknown) => unknown) as JsonValue
}

function keepNumberText(_key: string, value: unknown, context: { source?: string }): unknown {
  if (typeof value !== 'number' || context.source === undefined || String(value) === context.source) return value
  return JSON.rawJSON(context.source)
}

/** The literal text of a JSON number, or `null` when the value is no number. */
export function numberText(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return JSON.isRawJSON(value) ? value.rawJSON : null
}

const forbiddenKey = /"__proto__"\s*:/

/** The body of a request as an object. Empty = `{}`. 400 for bad syntax, another top level, or keys that reach prototypes. */
export function parseBody(text: string): JsonObject {
  if (text.trim() === '') return {}
  if (forbiddenKey.test(text))
    throw new Problem(400, { title: 'Invalid JSON', detail: 'A key of this name is not allowed.' })
  let value: JsonValue
  try {
    value = parseJson(text)
  } catch {
    throw new Problem(400, { title: 'Invalid JSON', detail: 'The request body is not valid JSON.' })
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value) || JSON.isRawJSON(value)) {
    throw new Problem(400, { title: 'Invalid JSON', detail: 'The request body must be a JSON object.' })
  }
  return value
}
