/**
 * A route of the dashboard's API: a person signed in, JSON in, JSON or a file out. Order of checks: origin (changes only), session,
 * limit, role, and only then is a body read at all; query, body. Whatever is another provider's is not found.
 */
import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import Type, { type Static, type TSchema } from 'typebox'
import { Errors } from 'typebox/value'
import { findProvider } from '../cascades/find-provider.ts'
import type { Provider } from '../cascades/provider.ts'
import type { Context } from '../context.ts'
import type { Database, Transaction } from '../database/connect.ts'
import { inTransaction } from '../database/in-transaction.ts'
import { parseBody } from '../http/json.ts'
import { readParams, readQuery } from '../http/query.ts'
import { sendJson } from '../http/reply.ts'
import { bodyText } from '../http/request-body.ts'
import { isStorable } from '../http/text-forms.ts'
import { type AuditDetail, type AuditEntry, insertAudit } from './audit-table.ts'
import { errorBody, type Mode } from './documents.ts'
import { selectPerson } from './people-table.ts'
import { mayAct, type Person, type Role } from './person.ts'
import { invalidFields, notFound, ProviderProblem } from './provider-problem.ts'
import { isSameOrigin } from './same-origin.ts'
import type { Session, Sessions } from './sessions.ts'
import type { SharedLimit } from './shared-limit.ts'

declare module 'fastify' {
  interface FastifyInstance {
    provider_sessions: Sessions
    /** Of what one person asks for. */
    provider_person_limit: SharedLimit
    /** Of what one person hands in. */
    provider_upload_limit: SharedLimit
  }
}

export type ProviderCall<Body = unknown> = {
  readonly person: Person
  readonly provider: Provider
  readonly mode: Mode
  readonly test_mode: boolean
  readonly params: Readonly<Record<string, string>>
  /** The parameters that the route names, each given once, as text. */
  readonly query: Readonly<Record<string, string>>
  /** As the route's schema wants it; `{}` for GET. */
  readonly body: Body
  readonly session: Session
  readonly request: FastifyRequest
  /**
   * Writes down who did what: in the transaction of the change itself, so that neither is there without the other. Every change has
   * to come by here, or its route fails. `detail` holds no secrets.
   */
  readonly audit: (sql: Database, detail?: AuditDetail) => Promise<void>
  /** A change and its line of the audit in one transaction; what is thrown takes both back. */
  readonly commit: <T>(work: (tx: Transaction) => Promise<T>, detailOf?: (done: T) => AuditDetail) => Promise<T>
  /** The line itself, for a change that is a statement of its own. */
  readonly entry: (detail?: AuditDetail) => AuditEntry
}

export type ProviderRoute<Body extends TSchema> = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/provider-api`, with a leading slash: `/top-ups/:id/cancel`. */
  readonly path: string
  /** The least that is needed. `viewer` = everybody. */
  readonly role: Role
  readonly summary: string
  /** Names of the parameters, each with its schema; others are ignored. `mode` need not be named. */
  readonly query?: Readonly<Record<string, TSchema>>
  readonly body?: Body
  /** Of the body, JSON around it included; left out = 1 MiB. */
  readonly body_bytes_max?: number
  /** The JSON document of success, or what kind of file it is. */
  readonly reply: TSchema | { readonly file: string }
  /** How a change is called in the audit; left out = method and path. */
  readonly action?: string
  /** The document, or a file. */
  readonly handle: (call: ProviderCall<Static<Body>>) => Promise<unknown>
}

/** An answer that is no JSON. */
export class ProviderFile {
  readonly content_type: string
  readonly body: Readable | Buffer
  readonly headers: Readonly<Record<string, string>>

  constructor(content_type: string, body: Readable | Buffer, headers: Readonly<Record<string, string>> = {}) {
    this.content_type = content_type
    this.body = body
    this.headers = headers
  }
}

const prefix = '/provider-api'

/** Registers the route as `/provider-api<path>`. */
export function providerRoute<Body extends TSchema>(
  app: FastifyInstance,
  ctx: Context,
  route: ProviderRoute<Body>,
): void {
  const query = Type.Object({
    mode: Type.Optional(Type.Unsafe<Mode>({ type: 'string', enum: ['live', 'test'] })),
    ...Object.fromEntries(Object.entries(route.query ?? {}).map(([name, schema]) => [name, Type.Optional(schema)])),
  })
  const admitted = new WeakMap<FastifyRequest, Admitted>()
  app.route({
    method: route.method,
    url: prefix + route.path,
    schema: describe(route, query),
    ...(route.body_bytes_max === undefined ? {} : { bodyLimit: route.body_bytes_max }),
    onRequest: async (request, reply) => {
      if (route.method !== 'GET') refuseOtherOrigins(ctx, request)
      const one = await admit(app, ctx, request, reply, route.role)
      if (route.body_bytes_max !== undefined) {
        await app.provider_upload_limit.take(one.person.id)
        app.upload_slots.take(request, reply, one.person.id)
      }
      admitted.set(request, one)
    },
    handler: async (request, reply) => {
      const { person, provider, session } = admitted.get(request)!
      const given = readGiven(request, query)
      const mode: Mode = given.mode === 'test' ? 'test' : 'live'
      const journal = journalOf(ctx, request, { provider_id: provider.id, person, action: actionOf(route) })
      const answer = await route.handle({
        person,
        provider,
        mode,
        test_mode: mode === 'test',
        params: readParams(request),
        query: given,
        body: readProviderBody(request, route.method === 'GET' ? undefined : route.body) as Static<Body>,
        session,
        request,
        ...journal.acts,
      })
      if (route.method !== 'GET' && !journal.isKept())
        throw new Error(`${actionOf(route)} is in no audit: it must be written with the change`)
      return answer instanceof ProviderFile ? sendFile(reply, answer) : sendJson(reply, answer)
    },
  })
}

const actionOf = ({ action, method, path }: ProviderRoute<TSchema>): string => action ?? `${method} ${path}`

type Act = { readonly provider_id: string; readonly person: Person; readonly action: string }

/** How a call writes down what it does, and whether it has. */
function journalOf(ctx: Context, request: FastifyRequest, { provider_id, person, action }: Act) {
  let isKept = false
  const entry: ProviderCall['entry'] = (detail = {}) => {
    isKept = true
    const all = { ...readParams(request), ...detail }
    return { provider_id, at: ctx.now(), person: person.email, action, detail: all, ip: request.ip }
  }
  const audit: ProviderCall['audit'] = (sql, detail) => insertAudit(sql, entry(detail))
  const commit: ProviderCall['commit'] = (work, detailOf) =>
    inTransaction(ctx.sql, async (tx) => {
      const done = await work(tx)
      await audit(tx, detailOf?.(done))
      return done
    })
  return { acts: { entry, audit, commit }, isKept: () => isKept }
}

type Admitted = { readonly person: Person; readonly provider: Provider; readonly session: Session }

async function admit(
  app: FastifyInstance,
  ctx: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  needed: Role,
): Promise<Admitted> {
  const session = await app.provider_sessions.read(request)
  const person = session && (await selectPerson(ctx.sql, session.user_id))
  if (!session || person?.active !== true) throw new ProviderProblem(401, 'signed_out', 'Sign in first.')
  await app.provider_person_limit.take(person.id)
  for (const cookie of session.cookies) reply.header('set-cookie', cookie)
  if (!mayAct(person.role, needed)) throw new ProviderProblem(403, 'forbidden', `Your role, ${person.role}, may not.`)
  const provider = await findProvider(ctx.sql, person.provider_id)
  if (!provider) throw notFound()
  return { person, provider, session }
}

/** 403 for a change that another site's page, or no page at all, asks for. */
export function refuseOtherOrigins(ctx: Context, request: FastifyRequest): void {
  if (!isSameOrigin(ctx.config.public_url, request.headers.origin, request.host))
    throw new ProviderProblem(403, 'wrong_origin', 'Only the dashboard itself may ask for this.')
}

/** The body as the schema wants it; 415 for other content, 400 for no JSON, 422 with the fields that are wrong. */
export function readProviderBody(request: FastifyRequest, schema: TSchema | undefined): unknown {
  if (schema === undefined) return {}
  if (!request.sent_content_type.startsWith('application/json'))
    throw new ProviderProblem(415, 'not_json', 'Send JSON, and say so in Content-Type.')
  const body = parseBody(bodyText(request))
  if (!allStorable(body)) throw new ProviderProblem(400, 'bad_request', 'The body holds characters that no text has.')
  refuseWrong(schema, body)
  return body
}

function allStorable(value: unknown): boolean {
  if (typeof value === 'string') return isStorable(value)
  if (value === null || typeof value !== 'object') return true
  return Object.entries(value).every(([key, item]) => isStorable(key) && allStorable(item))
}

function readGiven(request: FastifyRequest, schema: TSchema): Readonly<Record<string, string>> {
  const given = readQuery(request)
  const known = Object.keys((schema as { properties?: object }).properties ?? {})
  const named = Object.fromEntries(known.filter((name) => name in given).map((name) => [name, given[name]]))
  if (!allStorable(named))
    throw new ProviderProblem(400, 'bad_request', 'The address holds characters that no text has.')
  refuseWrong(schema, named)
  return named as Record<string, string>
}

function refuseWrong(schema: TSchema, value: unknown): void {
  const fields: Record<string, string> = {}
  for (const { instancePath, keyword, params, message } of Errors(schema, value)) {
    const path = instancePath.slice(1).replaceAll('/', '.')
    const missing =
      keyword === 'required' ? ((params as { requiredProperties?: string[] }).requiredProperties ?? []) : []
    for (const name of missing) fields[path === '' ? name : `${path}.${name}`] ??= 'must be given'
    if (missing.length === 0) fields[path] ??= message
  }
  if (Object.keys(fields).length > 0) throw invalidFields(fields)
}

function sendFile(reply: FastifyReply, file: ProviderFile): FastifyReply {
  return reply.header('content-type', file.content_type).headers(file.headers).send(file.body)
}

const errors = [
  [400, 'Bad Request'],
  [401, 'Signed out'],
  [403, 'Not allowed'],
  [404, 'Nothing of this provider'],
  [409, 'Not as things stand'],
  [413, 'Too large'],
  [415, 'Not JSON'],
  [422, 'Not valid'],
  [429, 'Too many tries'],
  [500, 'Our fault'],
  [503, 'Not now'],
] as const

/** The errors of these routes, for the OpenAPI document. */
export const errorReplies = Object.fromEntries(
  errors.map(([status, description]) => [
    status,
    { description, content: { 'application/json': { schema: errorBody } } },
  ]),
)

function describe(route: ProviderRoute<TSchema>, query: TSchema): FastifySchema {
  const names = [...route.path.matchAll(/:([a-z_]+)/g)].map((match) => match[1]!)
  const { reply } = route
  return {
    summary: route.summary,
    tags: ['Provider dashboard'],
    security: [{ person: [] }],
    querystring: query,
    ...(names.length > 0
      ? { params: Type.Object(Object.fromEntries(names.map((name) => [name, Type.String()]))) }
      : {}),
    ...(route.body && route.method !== 'GET' ? { body: route.body } : {}),
    response: {
      200:
        'file' in reply
          ? { description: 'A file', content: { [reply.file as string]: { schema: Type.String() } } }
          : { description: 'Success', ...reply },
      ...errorReplies,
    },
  }
}
