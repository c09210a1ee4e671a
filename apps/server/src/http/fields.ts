/**
 * Reads the attributes of a request and collects one message per field, in the order of reading: the first rule a field
 * fails, in the order of merchant API contract 4.2. Nothing throws before `check()`. Paths are dotted: `customer.email`.
 * `null` and absent are the same.
 */
import { parseAmount } from '@cascad/money'
import { asObject } from './attributes.ts'
import { type JsonObject, type JsonValue, numberText } from './json.ts'
import { messages } from './messages.ts'
import { InvalidFields } from './problem.ts'
import { checkTargetUrl } from './target-guard.ts'
import { isCountry, isEmail, isStorable, isWebUrl, lengthOf, parseDate, parseTime } from './text-forms.ts'

/** Lengths in characters. `numbers`: a JSON number is taken as its literal text. */
export type TextRules = { required?: boolean; min?: number; max?: number; trim?: boolean; numbers?: boolean }
export type MapRules = { keys_max?: number; key_length_max?: number; bytes_max?: number }
export type AmountRules = { required?: boolean }

const metadataRules = { keys_max: 20, key_length_max: 64, bytes_max: 16_384 }
const pairsMax = 100
const pairKeyLengthMax = 64
const pairValueLengthMax = 1000
const urlLengthMax = 2048
/** Highest amount of an invoice, in major units: contract 3.2. */
const amountMax = '1000000000'
const amountText = /^-?[0-9]+([.][0-9]+)?$/

export class Fields {
  readonly #attributes: JsonObject
  readonly #failed = new Map<string, string>()

  constructor(attributes: JsonObject) {
    this.#attributes = attributes
  }

  /** Text; `required` refuses blank, `min` ≥ 1 refuses blank when sent. Not trimmed unless asked. */
  text(path: string, rules: TextRules = {}): string | null {
    const value = this.#read(path)
    if (value === undefined) return rules.required ? this.#refuse(path, messages.blank) : null
    const literal = rules.numbers ? numberText(value) : null
    if (literal === null && typeof value !== 'string') return this.#refuse(path, messages.typeString)
    const sent = literal ?? (value as string)
    const text = rules.trim ? sent.trim() : sent
    if (text.trim() === '' && (rules.required || (text === '' && (rules.min ?? 0) > 0)))
      return this.#refuse(path, messages.blank)
    if (!isStorable(text)) return this.#refuse(path, messages.invalid)
    const length = lengthOf(text)
    if (rules.max !== undefined && length > rules.max) return this.#refuse(path, messages.tooLong(rules.max))
    if (rules.min !== undefined && length < rules.min) return this.#refuse(path, messages.tooShort(rules.min))
    return text
  }

  /** JSON booleans, `"true"`, `"false"`, `"1"`, `"0"`, `1`, `0`. */
  boolean(path: string): boolean | null {
    const value = this.#read(path)
    if (value === undefined) return null
    if (value === true || value === 'true' || value === '1' || value === 1) return true
    if (value === false || value === 'false' || value === '0' || value === 0) return false
    return this.#refuse(path, messages.typeBool)
  }

  object(path: string): JsonObject | null {
    const value = this.#read(path)
    if (value === undefined) return null
    return asObject(value) ?? this.#refuse(path, messages.typeObject)
  }

  /** A free map such as `metadata`, values of any JSON type, returned as sent. */
  map(path: string, rules: MapRules = {}): JsonObject | null {
    const { keys_max, key_length_max, bytes_max } = { ...metadataRules, ...rules }
    const value = this.object(path)
    if (value === null) return null
    const keys = Object.keys(value)
    if (keys.some((key) => lengthOf(key) > key_length_max)) return this.#refuse(path, messages.tooLong(key_length_max))
    const text = JSON.stringify(value)
    if (Buffer.byteLength(text) > bytes_max) return this.#refuse(path, messages.tooLong(bytes_max))
    if (keys.length > keys_max) return this.#refuse(path, messages.tooMany(keys_max))
    if (!isStorableJson(value)) return this.#refuse(path, messages.invalid)
    return value
  }

  /** `service_fields`: a map, a list of `{key, value}`, or a list of maps with one pair. Numbers become their literal text. */
  pairs(path: string): Record<string, string> | null {
    const value = this.#read(path)
    if (value === undefined) return null
    const entries = Array.isArray(value) ? listEntries(value) : objectEntries(value)
    if (!entries) return this.#refuse(path, messages.typeObject)
    if (entries.length > pairsMax) return this.#refuse(path, messages.tooMany(pairsMax))
    const pairs: Record<string, string> = Object.create(null)
    for (const [key, sent] of entries) {
      if (key === '__proto__' || !isStorable(key)) return this.#refuse(path, messages.invalid)
      if (lengthOf(key) > pairKeyLengthMax) return this.#refuse(path, messages.tooLong(pairKeyLengthMax))
      if (sent === null) continue
      const text = typeof sent === 'string' ? sent : numberText(sent)
      if (text === null) this.fail(`${path}.${key}`, messages.typeString)
      else if (!isStorable(text)) this.fail(`${path}.${key}`, messages.invalid)
      else if (lengthOf(text) > pairValueLengthMax) this.fail(`${path}.${key}`, messages.tooLong(pairValueLengthMax))
      else pairs[key] = text
    }
    return pairs
  }

  /** Minor units of a currency with `exponent` decimals; above 0 and at most 1000000000 major units. */
  amount(path: string, exponent: number, rules: AmountRules = {}): bigint | null {
    const value = this.#read(path)
    if (value === undefined || (typeof value === 'string' && value.trim() === '')) {
      if (rules.required) return this.#refuse(path, messages.blank)
      return value === undefined ? null : this.#refuse(path, messages.notANumber)
    }
    const literal = typeof value === 'string' ? (amountText.test(value) ? value : null) : numberText(value)
    const minor = literal === null ? 'not_a_number' : parseAmount(literal, exponent)
    if (literal === null || minor === 'not_a_number') return this.#refuse(path, messages.notANumber)
    if (literal.startsWith('-') || minor === 0n) return this.#refuse(path, messages.notPositive)
    if (minor === 'too_many_decimals') return this.#refuse(path, messages.decimals(exponent))
    if (minor > BigInt(amountMax) * 10n ** BigInt(exponent)) return this.#refuse(path, messages.atMost(amountMax))
    return minor
  }

  /** An absolute http(s) URL of at most 2048 characters without user info, as for returning the payer. */
  url(path: string, rules: { required?: boolean } = {}): string | null {
    const text = this.text(path, { ...rules, trim: true, max: urlLengthMax })
    if (text === null) return null
    return isWebUrl(text) ? text : this.#refuse(path, messages.url)
  }

  /** A URL we are going to call: `url` and the refused targets of contract 16.6 that show in the text. */
  callbackUrl(path: string, rules: { test_mode: boolean; allow_private: boolean }): string | null {
    const text = this.url(path)
    if (text === null) return null
    const verdict = checkTargetUrl(text, rules)
    if (verdict === 'ok') return text
    return this.#refuse(path, verdict === 'malformed' ? messages.url : messages.urlRefused)
  }

  email(path: string): string | null {
    const text = this.text(path, { trim: true, max: 254 })
    return text === null || isEmail(text) ? text : this.#refuse(path, messages.email)
  }

  /** `YYYY-MM-DD`, a day that exists; with `before` also one that had begun by then. */
  date(path: string, rules: { before?: Date } = {}): string | null {
    const text = this.text(path)
    if (text === null) return null
    const date = parseDate(text)
    if (date && (!rules.before || date < rules.before)) return text
    return this.#refuse(path, messages.date)
  }

  /** ISO 3166-1 alpha-2, returned in capitals. */
  country(path: string): string | null {
    const text = this.text(path, { trim: true })?.toUpperCase() ?? null
    return text === null || isCountry(text) ? text : this.#refuse(path, messages.country)
  }

  /** ISO-8601 with an offset or `Z`, or unix seconds. */
  time(path: string): Date | null {
    const value = this.#read(path)
    if (value === undefined) return null
    const text = typeof value === 'string' ? value.trim() : numberText(value)
    return (text === null ? null : parseTime(text)) ?? this.#refuse(path, messages.datetime)
  }

  oneOf<T extends string>(path: string, allowed: readonly T[]): T | null {
    const text = this.text(path, { trim: true })
    if (text === null) return null
    return allowed.find((choice) => choice === text) ?? this.#refuse(path, messages.notAChoice)
  }

  /** The first message of a field stays. */
  fail(path: string, message: string): void {
    if (!this.#failed.has(path)) this.#failed.set(path, message)
  }

  /** Was a value other than `null` sent? */
  has(path: string): boolean {
    return this.#read(path) !== undefined
  }

  /** Has the field failed already? */
  failed(path: string): boolean {
    return this.#failed.has(path)
  }

  /** Throws InvalidFields with every message when anything failed. */
  check(): void {
    if (this.#failed.size > 0) throw new InvalidFields(Object.fromEntries(this.#failed))
  }

  #refuse(path: string, message: string): null {
    this.fail(path, message)
    return null
  }

  #read(path: string): JsonValue | undefined {
    let value: JsonValue | undefined = this.#attributes
    for (const key of path.split('.')) {
      const holder = asObject(value)
      value = holder && Object.hasOwn(holder, key) ? holder[key] : undefined
    }
    return value === null ? undefined : value
  }
}

function objectEntries(value: JsonValue): [string, JsonValue][] | null {
  const object = asObject(value)
  return object && Object.entries(object)
}

function listEntries(list: JsonValue[]): [string, JsonValue][] | null {
  const entries: [string, JsonValue][] = []
  for (const item of list) {
    const pair = asObject(item)
    if (!pair || Array.isArray(item)) return null
    const keys = Object.keys(pair)
    if (typeof pair.key === 'string' && keys.every((key) => key === 'key' || key === 'value')) {
      entries.push([pair.key, pair.value ?? null])
    } else if (keys.length === 1) {
      entries.push([keys[0]!, pair[keys[0]!]!])
    } else return null
  }
  return entries
}

function isStorableJson(value: JsonValue): boolean {
  if (typeof value === 'string') return isStorable(value)
  if (value === null || typeof value !== 'object' || JSON.isRawJSON(value)) return true
  if (Array.isArray(value)) return value.every(isStorableJson)
  return Object.entries(value).every(([key, item]) => isStorable(key) && isStorableJson(item))
}
