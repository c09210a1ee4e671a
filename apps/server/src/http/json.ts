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

/** Numbers that are not plain integers of up to 15 digits, where a number may begin; also some texts that hold none. */
const unusualNumber = /(?:^|[[:,\s])(?:-0|-?\d+[.eE]|-?\d{16})/

/**
 * Parses JSON text; throws SyntaxError. Numbers whose text differs from the double's shortest text become raw JSON. Looking at
 * each value takes several times as long as parsing, so it is done only where such a number may be.
 */
export function parseJson(text: string): JsonValue {
  if (!unusualNumber.test(text)) return JSON.parse(text) as JsonValue
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

/** Deeper than any document of the contract, and far from where readers of nested JSON give up. */
const depthMax = 100

const refusal = (detail: string): Problem => new Problem(400, { title: 'Invalid JSON', detail })

/**
 * The body of a request as an object. Empty = `{}`. 400 for bad syntax, another top level, nesting over 100 levels, or keys
 * that reach prototypes, in whatever spelling.
 */
export function parseBody(text: string): JsonObject {
  if (text.trim() === '') return {}
  let value: JsonValue
  try {
    value = parseJson(text)
  } catch {
    throw refusal('The request body is not valid JSON.')
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value) || JSON.isRawJSON(value)) {
    throw refusal('The request body must be a JSON object.')
  }
  refuseUnsafe(value, 1)
  return value
}

function refuseUnsafe(value: JsonValue, depth: number): void {
  if (value === null || typeof value !== 'object' || JSON.isRawJSON(value)) return
  if (depth > depthMax) throw refusal('The request body is nested too deeply.')
  if (Array.isArray(value)) {
    for (const item of value) refuseUnsafe(item, depth + 1)
    return
  }
  for (const key of Object.keys(value)) {
    const item = value[key]!
    if (key === '__proto__' || (key === 'constructor' && isObjectWith(item, 'prototype'))) {
      throw refusal('A key of this name is not allowed.')
    }
    refuseUnsafe(item, depth + 1)
  }
}

function isObjectWith(value: JsonValue, key: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
}
