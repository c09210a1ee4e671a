/** Query strings and forms in bracket notation, with limits and without a way to prototypes. Merchant API contract 3.1. */
import type { FastifyRequest } from 'fastify'
import { parse } from 'qs'
import { Problem } from './problem.ts'
import type { Query } from './routes.ts'

const depthMax = 6
const parametersMax = 300
const listMax = 100

/** Stands for a query string that does not parse: the router must not throw, the check comes in its place in the order. */
const unreadable: unique symbol = Symbol('unreadable')

/** Parses `text` (no leading `?`). 400 for bad percent-encoding, too deep, too many, or a key that reaches a prototype. */
export function parseQuery(text: string): Query {
  if (text === '') return Object.create(null)
  try {
    return parse(text, {
      depth: depthMax,
      strictDepth: true,
      parameterLimit: parametersMax,
      arrayLimit: listMax,
      throwOnLimitExceeded: true,
      plainObjects: true,
      decoder: decode,
    }) as Query
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem(400, {
      title: 'Invalid parameters',
      detail: 'The parameters are nested too deeply or are too many.',
    })
  }
}

function decode(text: string, _default: unknown, _charset: string, type?: 'key' | 'value'): string {
  let decoded: string
  try {
    decoded = decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new Problem(400, { title: 'Invalid parameters', detail: 'A parameter is not percent-encoded UTF-8.' })
  }
  if (type === 'key' && /(^|[[\].])__proto__($|[[\].])|(^|[[\].])constructor\]?\[prototype($|[[\].])/.test(decoded)) {
    throw new Problem(400, { title: 'Invalid parameters', detail: 'A parameter of this name is not allowed.' })
  }
  return decoded
}

/** For the router, which must not see an exception. Read it back with `readQuery`. */
export function parseQueryForRouter(text: string): Record<string | symbol, unknown> {
  try {
    return parseQuery(text)
  } catch (error) {
    return { [unreadable]: error }
  }
}

/** The query of a request; 400 when it does not parse. */
export function readQuery(request: FastifyRequest): Query {
  const query = request.query as Query & { [unreadable]?: unknown }
  if (unreadable in query) throw query[unreadable]
  return query
}

/** One text of the query: `null` when absent, 400 when it is a list or a map. */
export function queryText(query: Query, key: string): string | null {
  const value = query[key]
  if (value === undefined) return null
  if (typeof value === 'string') return value
  throw new Problem(400, { title: 'Invalid parameters', detail: `"${key}" must be given once, as text.` })
}

/** The parts of the path; 404 when one holds a character that no id has and no column takes. */
export function readParams(request: FastifyRequest): Readonly<Record<string, string>> {
  const params = request.params as Readonly<Record<string, string>>
  for (const part of Object.values(params)) if (part.includes('\0') || !part.isWellFormed()) throw new Problem(404)
  return params
}
