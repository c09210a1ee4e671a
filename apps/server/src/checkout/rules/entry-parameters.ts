/** What a shop says in the link or form that opens the checkout. Merchant API contract 14.2. Pure. */
import type { JsonObject, JsonValue } from '../../http/json.ts'
import type { Query, QueryValue } from '../../http/routes.ts'
import type { Pair } from './read-look.ts'

/** Parameters of the payment; whatever else is in the link is none. */
const texts = ['amount', 'currency', 'reference_id', 'description', 'expires', 'service', 'return_url'] as const
const maps = ['customer', 'return_urls', 'metadata', 'service_fields'] as const

/** The attributes of a creation. Empty = not sent. `options[return_url]` is another name of `return_url`. */
export function entryAttributes(sent: Query): JsonObject {
  const attributes: JsonObject = {}
  for (const key of [...texts, ...maps]) {
    const value = withoutEmpty(sent[key])
    if (value !== undefined) attributes[key] = value as JsonValue
  }
  const { options } = sent
  if (attributes.return_url === undefined && isMap(options) && typeof options.return_url === 'string') {
    if (options.return_url !== '') attributes.return_url = options.return_url
  }
  return attributes
}

const repeated = ['public_key', 'draft', ...texts, ...maps, 'options']

/** The same parameters as flat pairs, to be repeated in links and hidden fields; without those of `except`. */
export function entryPairs(sent: Query, except: readonly string[] = []): Pair[] {
  return repeated.filter((key) => !except.includes(key)).flatMap((key) => flat(key, sent[key]))
}

function flat(key: string, value: QueryValue | undefined): Pair[] {
  if (typeof value === 'string') return value === '' ? [] : [[key, value]]
  if (value === undefined || value === null || typeof value !== 'object')
    return value === undefined || value === null ? [] : [[key, String(value)]]
  return Object.entries(value).flatMap(([inner, item]) => flat(`${key}[${inner}]`, item))
}

function isMap(value: QueryValue | undefined): value is Query {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withoutEmpty(value: QueryValue | undefined): QueryValue | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (Array.isArray(value)) return value.map(withoutEmpty).filter((item) => item !== undefined)
  if (!isMap(value)) return value
  const entries = Object.entries(value).flatMap(([key, item]): [string, QueryValue][] => {
    const kept = withoutEmpty(item)
    return kept === undefined ? [] : [[key, kept]]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}
