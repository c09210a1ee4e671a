/**
 * Sessions of the dashboard's people, kept by better-auth: it checks passwords, signs the cookie and keeps the session's row. Only
 * what is called here of it can be reached; people are made by owners and operators, never by themselves.
 */
import type { FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import type { Sql } from '../database/connect.ts'
import { randomText } from '../ids.ts'
import { deleteSession, selectPerson } from './people-table.ts'
import { password_length_max, password_length_min } from './person.ts'

export const session_hours = 12
/** However much it is used, somebody signs in again after a week: a copied cookie does not live for ever. */
export const session_days_max = 7
const day_ms = 86_400_000
const refresh_minutes = 5
const base_path = '/provider-api/auth'
/** Set by us alone: what clients send under such a name is not handed on. */
const ip_header = 'x-cascad-client-ip'

export type Session = {
  readonly id: string
  readonly user_id: string
  readonly expires_at: Date
  /** `Set-Cookie` lines, when the session was prolonged. */
  readonly cookies: readonly string[]
}

export type Sessions = {
  /** `null` = wrong e-mail or password, or nobody who may act for a provider. */
  readonly signIn: (
    request: FastifyRequest,
    given: { readonly email: string; readonly password: string },
  ) => Promise<{ readonly cookies: readonly string[]; readonly user_id: string; readonly token: string } | null>
  /** Ends the session if there is one; the cookies to set. */
  readonly signOut: (request: FastifyRequest) => Promise<readonly string[]>
  /** `null` = there is none, it has run out, or it began too long ago. */
  readonly read: (request: FastifyRequest) => Promise<Session | null>
}

/** Loads the library at the first use: processes that serve no dashboard never pay for it. */
export function createSessions(ctx: Context): Sessions {
  let opened: ReturnType<typeof openLibrary> | null = null
  const library = (): ReturnType<typeof openLibrary> => {
    opened ??= openLibrary(ctx).catch((error: unknown) => {
      opened = null
      throw error
    })
    return opened
  }
  const ask = async (request: FastifyRequest, path: string, body: object): Promise<Response> => {
    const { handler } = await library()
    const headers = headersOf(request)
    headers.set('content-type', 'application/json')
    const { origin } = new URL(ctx.config.public_url)
    return handler(new Request(`${origin}${base_path}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))
  }
  return {
    async signIn(request, { email, password }) {
      const answer = await ask(request, '/sign-in/email', { email, password })
      if (answer.status === 400 || answer.status === 401) return null
      if (answer.status !== 200) throw new Error(`better-auth answered a sign-in with ${answer.status}`)
      const { user, token } = (await answer.json()) as { user: { id: string }; token: string }
      return { cookies: answer.headers.getSetCookie(), user_id: user.id, token }
    },
    async signOut(request) {
      const answer = await ask(request, '/sign-out', {})
      if (answer.status !== 200) throw new Error(`better-auth answered a sign-out with ${answer.status}`)
      return answer.headers.getSetCookie()
    },
    async read(request) {
      if (request.headers.cookie === undefined) return null
      const { api } = await library()
      const { headers, response } = await api.getSession({ headers: headersOf(request), returnHeaders: true })
      if (!response) return null
      const { id, userId: user_id, expiresAt, createdAt, token } = response.session
      const ends_at = createdAt.getTime() + session_days_max * day_ms
      if (ends_at <= Date.now()) {
        await deleteSession(ctx.sql, token)
        return null
      }
      const expires_at = new Date(Math.min(expiresAt.getTime(), ends_at))
      return { id, user_id, expires_at, cookies: headers.getSetCookie() }
    },
  }
}

/** What the library is to see of a request: its own checks of the origin among it. */
function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers({ [ip_header]: request.ip })
  for (const name of ['cookie', 'origin', 'referer', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest']) {
    const value = request.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  headers.set('user-agent', (request.headers['user-agent'] ?? '').slice(0, 300))
  return headers
}

async function openLibrary(ctx: Context) {
  const { betterAuth } = await import('better-auth')
  const { origin } = new URL(ctx.config.public_url)
  const secure = origin.startsWith('https:')
  return betterAuth({
    appName: 'Cascad',
    baseURL: origin,
    basePath: base_path,
    // A list, because that alone keeps the library from looking for secrets in the environment.
    secrets: [{ version: 1, value: ctx.secrets.dashboardKey }],
    database: poolOf(ctx.sql),
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level, message) => ctx.events.fault('sessions', new Error(message)) },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: password_length_min,
      maxPasswordLength: password_length_max,
    },
    session: {
      modelName: 'auth_session',
      fields: {
        expiresAt: 'expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        userId: 'user_id',
      },
      expiresIn: session_hours * 3600,
      updateAge: refresh_minutes * 60,
    },
    user: {
      modelName: 'auth_user',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    account: {
      modelName: 'auth_account',
      fields: {
        accountId: 'account_id',
        providerId: 'kind',
        userId: 'user_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'auth_verification',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    databaseHooks: {
      session: {
        create: {
          before: async ({ userId }) => {
            const person = await selectPerson(ctx.sql, userId)
            return person?.active === true ? undefined : false
          },
        },
      },
    },
    // Ours count tries before a password is looked at: session-routes.ts.
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'cascad',
      useSecureCookies: secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', secure, path: '/provider-api' },
      disableCSRFCheck: false,
      disableOriginCheck: false,
      ipAddress: { ipAddressHeaders: [ip_header] },
      database: { generateId: () => randomText(32) },
    },
    // Who comes here has passed our own check of the origin, which knows the name we were reached by.
    trustedOrigins: (request) => {
      const sent = request?.headers.get('origin')
      return sent ? [sent] : []
    },
  })
}

type Client = {
  query: (text: string, values: unknown[]) => Promise<{ command: string; rowCount: number; rows: unknown[] }>
  release: () => void
}

/** The library's query builder wants a pool in the form of `pg`: ours, with its limits, is put into that form. */
function poolOf(sql: Sql): { connect: () => Promise<Client>; end: () => Promise<void> } {
  return {
    async connect() {
      const reserved = await sql.reserve()
      return {
        async query(text, values) {
          const rows = await reserved.unsafe(text, values as never[])
          return { command: rows.command, rowCount: rows.count, rows: [...rows] }
        },
        release: () => reserved.release(),
      }
    },
    async end() {},
  }
}
