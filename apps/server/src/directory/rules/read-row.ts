/** One row of an OpenFintech file as a row of the directory. Liberal in form; what cannot be used is told in one sentence. */
import { parseAmount } from '@cascad/money'
import type { Currency, LocalText, PaymentMethod, ServiceField, ServiceFlow } from '../service.ts'
import { BadRow } from './bad-row.ts'
import { readPattern } from './read-pattern.ts'

type Json = Readonly<Record<string, unknown>>

const flows: readonly ServiceFlow[] = ['hpp', 'invoice', 'test']
/** More decimals than this, and the ceiling of one invoice would not fit in 64 bits. */
const exponent_max = 8
/** Ceiling of one invoice in major units. */
const amount_ceiling = 1_000_000_000n
const decimals_read = 30
const fields_max = 50

export function asRow(value: unknown): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new BadRow('the row is not an object')
  // What PostgreSQL cannot hold in text: NUL and halves of surrogate pairs, which stringify writes as escapes.
  if (/\\u0000|\\ud[89a-f]/i.test(JSON.stringify(value)))
    throw new BadRow('the row has characters that cannot be stored')
  return value as Json
}

function text(row: Json, key: string, length_max: number): string | null {
  const value = row[key]
  if (value === undefined || value === null) return null
  if (typeof value !== 'string') throw new BadRow(`"${key}" is not a text`)
  if (value.length > length_max) throw new BadRow(`"${key}" is longer than ${length_max} characters`)
  return value.trim()
}

function needed(row: Json, key: string, form: RegExp, length_max = 64): string {
  const value = text(row, key, length_max)
  if (!value) throw new BadRow(`"${key}" is missing`)
  if (!form.test(value)) throw new BadRow(`"${key}" has characters that a code may not have: ${value}`)
  return value
}

const codeForm = /^[A-Za-z0-9][A-Za-z0-9._-]*$/
const currencyForm = /^[A-Za-z0-9][A-Za-z0-9._-]{1,31}$/

/** The code of a row, also of a bad one; `null` when it has none. */
export function codeOf(value: unknown): string | null {
  const code = value !== null && typeof value === 'object' ? (value as Json).code : null
  return typeof code === 'string' ? code.slice(0, 64) : null
}

/** A text, or a map of texts by language; a language that is missing takes the English or the first text. */
function localText(value: unknown, fallback: string | LocalText, key: string): LocalText {
  if (value === undefined || value === null || value === '')
    return typeof fallback === 'string' ? { en: fallback, ru: fallback, uk: fallback } : fallback
  if (typeof value === 'string') return { en: value, ru: value, uk: value }
  if (typeof value !== 'object' || Array.isArray(value))
    throw new BadRow(`"${key}" is neither a text nor a map of texts`)
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  )
  if (texts.some(([, one]) => one.length > 1000)) throw new BadRow(`"${key}" is longer than 1000 characters`)
  const by = new Map(texts)
  const usual = by.get('en') ?? texts[0]?.[1]
  if (usual === undefined) return localText(null, fallback, key)
  return { en: usual, ru: by.get('ru') ?? usual, uk: by.get('uk') ?? by.get('ua') ?? usual }
}

const kinds: Readonly<Record<string, Currency['kind']>> = { national: 'fiat', fiat: 'fiat', crypto: 'crypto' }

export function readCurrency(row: Json): Currency {
  const code = needed(row, 'code', currencyForm).toUpperCase()
  const exponent = row.exponent
  if (typeof exponent !== 'number' || !Number.isInteger(exponent) || exponent < 0 || exponent > 36) {
    throw new BadRow('"exponent" is not a whole number from 0 to 36')
  }
  const type = text(row, 'type', 64) ?? ''
  const kind = (Object.hasOwn(kinds, type) ? kinds[type] : undefined) ?? 'virtual'
  return { code, name: localText(row.name, code, 'name').en, exponent: Math.min(exponent, exponent_max), kind }
}

export function readMethod(row: Json, side: 'payment' | 'payout'): PaymentMethod {
  const code = needed(row, 'code', codeForm)
  return {
    code,
    category: text(row, 'category', 64) || 'alternative',
    description: localText(row.description, '', 'description').en,
    name: localText(row.name, code, 'name'),
    logo: `/${side}_methods/${code}/logo.svg`,
    icon: `/${side}_methods/${code}/icon.svg`,
  }
}

export type ServiceFacts = {
  readonly code: string
  readonly method: string
  readonly flow: ServiceFlow | null
  readonly currency: string
  readonly fields: readonly ServiceField[]
  readonly amount_min_minor: bigint
  readonly amount_max_minor: bigint
}

export type Known = {
  readonly methods: ReadonlySet<string>
  readonly exponents: ReadonlyMap<string, { readonly exponent: number }>
}

/** Limits keep within what the currency can hold: the lower one is rounded up, the upper one down. */
export function readService(row: Json, side: 'payment' | 'payout', known: Known): ServiceFacts {
  const code = needed(row, 'code', codeForm)
  const method = needed(row, 'method', codeForm)
  const currency = needed(row, 'currency', currencyForm).toUpperCase()
  if (!known.methods.has(method)) throw new BadRow(`method "${method}" is not in the directory`)
  const exponent = known.exponents.get(currency)?.exponent
  if (exponent === undefined) throw new BadRow(`currency "${currency}" is not in the directory`)
  const flow = side === 'payment' ? readFlow(row, code) : null
  const ceiling = amount_ceiling * 10n ** BigInt(exponent)
  const least = limit(row, 'amount_min', exponent, 'up') ?? 1n
  const most = limit(row, 'amount_max', exponent, 'down') ?? ceiling
  const amount_min_minor = least > 0n ? least : 1n
  const amount_max_minor = most < ceiling ? most : ceiling
  if (amount_min_minor > amount_max_minor) throw new BadRow('"amount_min" is above "amount_max"')
  return { code, method, flow, currency, fields: readFields(row.fields), amount_min_minor, amount_max_minor }
}

function readFlow(row: Json, code: string): ServiceFlow {
  const flow = text(row, 'flow', 64) || (code.split('_').at(-1) ?? '')
  const known = flows.find((one) => one === flow)
  if (!known) throw new BadRow(`flow "${flow}" is not one of ${flows.join(', ')}`)
  return known
}

function limit(row: Json, key: string, exponent: number, round: 'up' | 'down'): bigint | null {
  const value = row[key]
  if (value === undefined || value === null || value === '') return null
  const literal = typeof value === 'string' ? value.trim() : JSON.stringify(value)
  const parsed = parseAmount(literal, decimals_read)
  if (typeof parsed === 'string' || parsed < 0n) throw new BadRow(`"${key}" is not an amount: ${literal.slice(0, 40)}`)
  const step = 10n ** BigInt(decimals_read - exponent)
  return round === 'down' ? parsed / step : (parsed + step - 1n) / step
}

function readFields(value: unknown): ServiceField[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new BadRow('"fields" is not a list')
  if (value.length > fields_max) throw new BadRow(`"fields" has more than ${fields_max} fields`)
  const fields = value.map(readField)
  const twice = fields.find((field, index) => fields.findIndex((other) => other.key === field.key) < index)
  if (twice) throw new BadRow(`field "${twice.key}" stands twice`)
  return fields.sort((a, b) => a.position - b.position)
}

function readField(value: unknown, index: number): ServiceField {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new BadRow(`field ${index} is not an object`)
  const field = value as Json
  try {
    const key = needed(field, 'key', codeForm)
    const label = localText(field.label, key, 'label')
    const { required, position } = field
    if (required !== undefined && required !== null && typeof required !== 'boolean')
      throw new BadRow('"required" is not true or false')
    return {
      key,
      type: 'string',
      label,
      hint: localText(field.hint, label, 'hint'),
      example: text(field, 'example', 255),
      regexp: readPattern(text(field, 'regexp', 2000) ?? ''),
      required: required ?? false,
      position: typeof position === 'number' && Number.isInteger(position) ? position : 0,
    }
  } catch (error) {
    if (error instanceof BadRow) throw new BadRow(`field ${codeName(field, index)}: ${error.message}`)
    throw error
  }
}

const codeName = (field: Json, index: number): string =>
  typeof field.key === 'string' ? `"${field.key}"` : String(index)
