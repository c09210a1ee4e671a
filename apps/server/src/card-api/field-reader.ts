/** Reads the fields of a request one by one and collects what is wrong with them, in order. Texts: Card API contract 11.4. */
import { isIP } from 'node:net'
import { asObject } from '../http/attributes.ts'
import { type JsonObject, type JsonValue, numberText } from '../http/json.ts'
import { isCountry, isStorable, isWebUrl, lengthOf, parseDate, parseTime } from '../http/text-forms.ts'
import { type Errors, inOrderOf } from './errors.ts'

export const texts = {
  blank: "can't be blank",
  invalid: 'is invalid',
  notANumber: 'is not a number',
  notPositive: 'must be greater than 0',
  atMost: (n: bigint | number) => `can't be greater than ${n}`,
  expired: 'is expired',
  tooLong: (n: number) => `is too long (maximum is ${n} characters)`,
  unknownToken: 'does not exist',
  notSupported: 'is not supported',
  past: 'is in the past',
} as const

/** `max` in characters; what has a form has no length of its own. */
type TextRules = { readonly required?: boolean; readonly max?: number; readonly form?: RegExp }

/** One object of the request. Readers of objects inside it share its errors. */
export class FieldReader {
  private readonly source: JsonObject
  private readonly path: readonly string[]
  private readonly found: Map<string, string>

  constructor(object: JsonObject, path: readonly string[] = [], found: Map<string, string> = new Map()) {
    this.source = object
    this.path = path
    this.found = found
  }

  /** The first text of a field stays. `name` may be a path. */
  fail(name: string, text: string): null {
    const key = [...this.path, name].join('.')
    if (!this.found.has(key)) this.found.set(key, text)
    return null
  }

  /** Fails for the object itself, and no more for what is in it. */
  failWhole(text: string): void {
    this.found.set(this.path.join('.'), text)
  }

  /** All that was wrong so far, nested like the request and in its order; `null` = nothing. Asked of the outermost reader. */
  errors(): Errors | null {
    return this.found.size === 0 ? null : inOrderOf(this.source, nested(this.found))
  }

  hasFailed(path: string): boolean {
    return this.found.has([...this.path, path].join('.'))
  }

  /** The object as it was sent. */
  all(): JsonObject {
    return this.source
  }

  /** The value, with null and empty text as not given. */
  value(name: string): JsonValue | null {
    const value = Object.hasOwn(this.source, name) ? (this.source[name] as JsonValue) : null
    return value === '' ? null : value
  }

  /** Text, or a number as it was written. */
  text(name: string, rules: TextRules): string | null {
    const value = this.value(name)
    const text = typeof value === 'string' ? value : numberText(value)
    if (value === null || (text !== null && text.trim() === '')) {
      return rules.required ? this.fail(name, texts.blank) : null
    }
    if (text === null || !isStorable(text)) return this.fail(name, texts.invalid)
    if (rules.max !== undefined && lengthOf(text) > rules.max) return this.fail(name, texts.tooLong(rules.max))
    return rules.form && !rules.form.test(text) ? this.fail(name, texts.invalid) : text
  }

  boolean(name: string): boolean | null {
    const value = this.value(name)
    if (value === null || typeof value === 'boolean') return value
    if (value === 'true' || value === 'false') return value === 'true'
    return this.fail(name, texts.invalid)
  }

  /** Whole minor units from 1; `max` inclusive. */
  amount(name: string, max: bigint): bigint | null {
    const value = this.value(name)
    if (value === null) return this.fail(name, texts.notPositive)
    const text = typeof value === 'string' ? value : numberText(value)
    if (text === null || !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return this.fail(name, texts.notANumber)
    if (!/^-?\d{1,30}$/.test(text)) return this.fail(name, texts.invalid)
    const amount = BigInt(text)
    if (amount <= 0n) return this.fail(name, texts.notPositive)
    return amount > max ? this.fail(name, texts.atMost(max)) : amount
  }

  /** A whole number in a range, as number or digits, no more of them than `max` has. */
  whole(name: string, min: number, max: number, required: boolean): number | null {
    const value = this.value(name)
    if (value === null) return required ? this.fail(name, texts.blank) : null
    const text = typeof value === 'string' ? value : numberText(value)
    const number = text !== null && /^\d+$/.test(text) && text.length <= String(max).length ? Number(text) : Number.NaN
    return number >= min && number <= max ? number : this.fail(name, texts.invalid)
  }

  url(name: string): string | null {
    const text = this.text(name, { max: 2048 })
    if (text === null) return null
    return isWebUrl(text) ? text : this.fail(name, texts.invalid)
  }

  /** ISO 3166-1 alpha-2, in capitals. */
  country(name: string): string | null {
    const text = this.text(name, {})
    if (text === null) return null
    const code = text.toUpperCase()
    return isCountry(code) ? code : this.fail(name, texts.invalid)
  }

  ip(name: string): string | null {
    const text = this.text(name, {})
    return text === null || isIP(text) > 0 ? text : this.fail(name, texts.invalid)
  }

  /** `YYYY-MM-DD` of a day there is. */
  date(name: string): string | null {
    const text = this.text(name, {})
    if (text === null) return null
    return parseDate(text) === null ? this.fail(name, texts.invalid) : text
  }

  /** A time with its zone. */
  time(name: string): Date | null {
    const text = this.text(name, {})
    if (text === null) return null
    const time = /^\d+$/.test(text) ? null : parseTime(text)
    return time ?? this.fail(name, texts.invalid)
  }

  /** An object; `[]` is an empty one. `null` = not given, or not an object, which fails. */
  object(name: string): JsonObject | null {
    const value = this.value(name)
    if (value === null) return null
    return asObject(value) ?? this.fail(name, texts.invalid)
  }

  /** A reader of an inner object; of an empty one when it is missing. */
  inside(name: string): FieldReader {
    return new FieldReader(this.object(name) ?? {}, [...this.path, name], this.found)
  }
}

/** Texts by path → texts nested by field; of an object that failed itself only its own. */
function nested(found: ReadonlyMap<string, string>): Errors {
  const errors: Record<string, unknown> = {}
  for (const [key, text] of found) {
    const names = key.split('.')
    if (names.some((_, depth) => depth > 0 && found.has(names.slice(0, depth).join('.')))) continue
    const last = names.pop() as string
    let place = errors
    for (const name of names) {
      place[name] ??= {}
      place = place[name] as Record<string, unknown>
    }
    place[last] = [text]
  }
  return errors as Errors
}
