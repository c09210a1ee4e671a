/** What the OpenAPI document says of a route. Nothing is validated by it: the contract's own messages come from our checks. */
import type { FastifySchema } from 'fastify'
import Type, { type TSchema } from 'typebox'
import { conflictBody, invalidFieldsBody, problemBodies } from './schemas.ts'

export type RouteDescription = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly summary: string
  readonly tag: string
  readonly query?: TSchema
  readonly body?: TSchema
  readonly reply: TSchema
  readonly success: 200 | 201 | 302
  readonly security: 'basic' | 'public_key' | 'public_key_optional'
}

const securities = {
  basic: [{ basic: [] }],
  public_key: [{ publicKey: [] }],
  public_key_optional: [{}, { publicKey: [] }],
}

/** The schema of a route with its success and every error it can answer. */
export function routeSchema(route: RouteDescription): FastifySchema {
  const names = [...route.path.matchAll(/:([a-z_]+)/g)].map((match) => match[1]!)
  const writes = route.method === 'POST'
  return {
    summary: route.summary,
    tags: [route.tag],
    security: securities[route.security],
    ...(names.length > 0
      ? { params: Type.Object(Object.fromEntries(names.map((name) => [name, Type.String()]))) }
      : {}),
    ...(route.query ? { querystring: route.query } : {}),
    ...(route.body ? { body: route.body } : {}),
    ...(route.security !== 'basic' && writes
      ? { consumes: ['application/json', 'application/x-www-form-urlencoded'] }
      : {}),
    response: {
      [route.success]: route.reply,
      400: problemBodies[400],
      401: problemBodies[401],
      403: problemBodies[403],
      404: problemBodies[404],
      405: problemBodies[405],
      ...(writes ? { 409: conflictBody, 413: problemBodies[413], 422: invalidFieldsBody } : {}),
      429: problemBodies[429],
      500: problemBodies[500],
      503: problemBodies[503],
    },
  }
}
