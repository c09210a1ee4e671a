/** Errors of the Card API: texts by field, nested like the request, and the bodies they make. Card API contract 11. */
import { asObject } from '../http/attributes.ts'
import type { JsonValue } from '../http/json.ts'
import type { ApiVersion } from './transaction.ts'

/** Field → texts, nested like the request; what belongs to no field stands under `base`. */
export type Errors = { readonly [field: string]: readonly string[] | Errors }

export type ErrorCode =
  | 'E.1001'
  | 'E.1002'
  | 'E.1003'
  | 'E.1004'
  | 'E.1009'
  | 'E.1010'
  | 'E.1011'
  | 'E.1013'
  | 'E.1014'
  | 'E.1016'
  | 'E.1025'
  | 'E.1037'
  | 'E.1065'
  | 'F.0108'
  | 'F.0135'
  | 'F.1000'

type Words = { readonly message: string; readonly friendly: string }

const words: Readonly<Record<ErrorCode, Words>> = {
  'E.1001': { message: 'Unauthorized', friendly: 'The shop id or the secret key is wrong' },
  'E.1002': { message: 'Shop is disabled', friendly: 'The shop or its merchant account is not active' },
  'E.1003': { message: 'Invalid request', friendly: 'The request is malformed' },
  'E.1004': { message: 'Record not found', friendly: 'Record not found' },
  'E.1009': { message: 'Request is being processed', friendly: 'A request with this RequestID is still running' },
  'E.1010': { message: 'RequestID was used with another body', friendly: 'RequestID was used with another body' },
  'E.1011': { message: 'Too many requests', friendly: 'Too many requests, wait and try again' },
  'E.1013': { message: 'Method not allowed', friendly: 'Method not allowed' },
  'E.1014': { message: 'Request is too large', friendly: 'Request is too large' },
  'E.1016': { message: 'Service is unavailable', friendly: 'Service is unavailable, nothing was started' },
  'E.1025': { message: 'Invalid request parameters', friendly: 'Invalid request parameters' },
  'E.1037': { message: 'Card token does not exist', friendly: 'Invalid request parameters' },
  'E.1065': {
    message: 'Card numbers are not enabled for this shop',
    friendly: 'Card numbers are not enabled for this shop',
  },
  'F.0108': { message: 'Duplicate transaction', friendly: 'This payment was already sent.' },
  'F.0135': {
    message: 'Previous transaction is not finished',
    friendly: 'Wait until the previous payment is finished.',
  },
  'F.1000': { message: 'Internal error', friendly: 'Something went wrong.' },
}

/** The body of a refusal. `errors` also gives the message. */
export function errorBody(version: ApiVersion, code: ErrorCode, errors: Errors | null): object {
  const message = errors ? messageOf(errors) : words[code].message
  if (version === 3) return { code, friendly_message: words[code].friendly, message, errors: errors ?? {} }
  return { response: { message, ...(errors ? { errors } : {}) } }
}

/** Every text in the order of the request, each with the last name of its field before it. Contract 11.3. */
export function messageOf(errors: Errors): string {
  return textsOf(errors).join(' ')
}

/** Where the error of a field stands that is read from others. */
const told_with: Readonly<Record<string, string>> = { date: 'exp_year' }

/** The errors of a request in its order: what is missing first, then as it was sent, last what belongs to no field. */
export function inOrderOf(sent: JsonValue | undefined, errors: Errors): Errors {
  const object = asObject(sent) ?? {}
  const names = Object.keys(object)
  const place = (field: string): number => (field === 'base' ? names.length : names.indexOf(told_with[field] ?? field))
  const entries = Object.entries(errors).sort(([a], [b]) => place(a) - place(b))
  return Object.fromEntries(
    entries.map(([field, inner]) => [field, isList(inner) ? inner : inOrderOf(object[field], inner)]),
  )
}

function textsOf(errors: Errors): string[] {
  return Object.entries(errors).flatMap(([field, inner]) => {
    if (!isList(inner)) return textsOf(inner)
    return field === 'base' ? inner : inner.map((text) => `${titleOf(field)} ${text}.`)
  })
}

function isList(value: readonly string[] | Errors): value is readonly string[] {
  return Array.isArray(value)
}

function titleOf(field: string): string {
  const name = field.replaceAll('_', ' ')
  return name.slice(0, 1).toUpperCase() + name.slice(1)
}
