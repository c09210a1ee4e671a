/** The `data` of an event, checked. Source: Cascade API contract, section 3. */
import { isPositive, readDecimal } from './decimal.ts'
import { type Decimal, type EventData, type EventName, type Method, methods } from './events.ts'
import { type JsonMembers, JsonNumber } from './json.ts'

/** One sentence per wrong field, by its name. */
export type DataErrors = Record<string, string>

const id_max = 128
const url_max = 2048
const window_minutes_max = 525_600

/** The data a handler gets, or what is wrong with it. Unknown fields are ignored. */
export function readData<E extends EventName>(
  event: E,
  value: unknown,
): { readonly data: EventData[E] } | { readonly errors: DataErrors } {
  if (!(value instanceof Map)) return { errors: { data: 'must be an object' } }
  const errors: DataErrors = {}
  const data = readers[event](value, errors) as EventData[E]
  return Object.keys(errors).length > 0 ? { errors } : { data }
}

const numbers: ReadonlySet<string> = new Set(['amount', 'currencyRate', 'transactionWindowInMin'])

/** The same for data that a person typed in: numbers as decimal text or as they are, a field left empty is left out. */
export function readTypedData<E extends EventName>(event: E, typed: Readonly<Record<string, unknown>>) {
  const given = Object.entries(typed).filter(([, value]) => value !== undefined && value !== null && value !== '')
  return readData(event, new Map(given.map(([name, value]) => [name, numbers.has(name) ? numberOf(value) : value])))
}

function numberOf(value: unknown): unknown {
  return typeof value === 'string' || typeof value === 'number' ? new JsonNumber(String(value).trim()) : value
}

type Readers = { readonly [E in EventName]: (fields: JsonMembers, errors: DataErrors) => EventData[E] }

const byId = (fields: JsonMembers, errors: DataErrors) => ({ id: readId(fields, errors) })

const readers: Readers = {
  CREATE_PAYMENT: (fields, errors) => {
    const minutes = readWindow(fields, errors)
    return {
      amount: readAmount(fields, 'amount', errors),
      method: readMethod(fields, errors),
      currencyRate: readAmount(fields, 'currencyRate', errors),
      currency: readCurrency(fields, errors),
      ...(minutes !== null && { transactionWindowInMin: minutes }),
    }
  },
  GET_PAYMENT: byId,
  CANCEL_PAYMENT: byId,
  CREATE_APPEAL: (fields, errors) => ({
    id: readId(fields, errors),
    amount: readAmount(fields, 'amount', errors),
    url: readUrl(fields, errors),
  }),
  CANCEL_APPEAL: byId,
  CONFIRM_APPEAL: byId,
}

function readAmount(fields: JsonMembers, name: string, errors: DataErrors): Decimal {
  const value = fields.get(name)
  const decimal = value instanceof JsonNumber ? readDecimal(value.text) : null
  if (value === undefined) errors[name] = 'is missing'
  else if (!(value instanceof JsonNumber)) errors[name] = 'must be a JSON number'
  else if (decimal === null) errors[name] = 'must have at most 18 digits before and after the point'
  else if (!isPositive(decimal)) errors[name] = 'must be above 0'
  return decimal ?? ''
}

function readMethod(fields: JsonMembers, errors: DataErrors): Method {
  const value = fields.get('method')
  if (value === undefined) errors.method = 'is missing'
  else if (!(methods as readonly unknown[]).includes(value)) errors.method = `must be one of ${methods.join(', ')}`
  return value as Method
}

function readCurrency(fields: JsonMembers, errors: DataErrors): string {
  const value = fields.get('currency')
  if (value === undefined) errors.currency = 'is missing'
  else if (typeof value !== 'string' || !/^[A-Z]{3}$/.test(value)) errors.currency = 'must be an ISO 4217 code'
  return value as string
}

function readWindow(fields: JsonMembers, errors: DataErrors): number | null {
  const value = fields.get('transactionWindowInMin')
  if (value === undefined) return null
  const text = value instanceof JsonNumber ? readDecimal(value.text) : null
  const minutes = text !== null && /^\d+$/.test(text) ? Number(text) : 0
  if (minutes >= 1 && minutes <= window_minutes_max) return minutes
  errors.transactionWindowInMin = `must be a whole number of minutes from 1 to ${window_minutes_max}`
  return null
}

function readId(fields: JsonMembers, errors: DataErrors): string {
  const value = fields.get('id')
  if (value === undefined) errors.id = 'is missing'
  else if (!isId(value)) errors.id = `must be text of 1 to ${id_max} characters`
  return value as string
}

/** Whether a value may be the id of a payment or an appeal: 1–128 characters, none of them a control character. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= id_max && isPlain(value)
}

export function isPlain(text: string): boolean {
  return !/\p{Cc}|\p{Cs}/u.test(text)
}

function readUrl(fields: JsonMembers, errors: DataErrors): string {
  const value = fields.get('url')
  if (value === undefined) errors.url = 'is missing'
  else if (!isHttpUrl(value)) errors.url = 'must be an absolute http or https URL'
  return value as string
}

function isHttpUrl(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > url_max || !isPlain(value)) return false
  try {
    return ['http:', 'https:'].includes(new URL(value).protocol)
  } catch {
    return false
  }
}
