/** What a route takes and gives back. The checks around it: merchant API contract, section 2.3. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import type { JsonObject } from './json.ts'

/** Adds the routes of one module to the server. */
export type RouteModule = (app: FastifyInstance, ctx: Context) => void

/** A parsed query string or form: nested brackets become objects and lists. No object in it has a prototype. */
export type Query = { [key: string]: QueryValue }
export type QueryValue = string | Query | QueryValue[]

export type Reply = {
  readonly status: 200 | 201 | 202 | 302
  /** The document; `null` for a redirect. */
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

type Call = {
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  /** The body as sent, not unwrapped; `{}` for GET. */
  readonly body: JsonObject
  /** Address of the client, behind trusted proxies. */
  readonly ip: string
  readonly request: FastifyRequest
}

export type PrivateCall = Call & { readonly account: Account }

export type PublicCall = Call & { readonly account: Account; readonly test_mode: boolean }

/** A call whose key may be left out. */
export type OpenCall = Call &
  ({ readonly account: Account; readonly test_mode: boolean } | { readonly account: null; readonly test_mode: null })
