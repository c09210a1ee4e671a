/** Signing in and out. Paths are those of better-auth; documents and errors are ours. */
import type { FastifyInstance, FastifyReply, FastifySchema } from 'fastify'
import type { Static, TSchema } from 'typebox'
import Type from 'typebox'
import type { Context } from '../context.ts'
import { addressKey, createRateLimit, type RateLimit, unlimited } from '../http/rate-limit.ts'
import { sendJson } from '../http/reply.ts'
import { done, orNull, timeText } from './document-parts.ts'
import { deleteOldSessions, selectPerson } from './people-table.ts'
import { password_length_max } from './person.ts'
import { ProviderProblem } from './provider-problem.ts'
import { errorReplies, readProviderBody, refuseOtherOrigins } from './provider-route.ts'
import { writeAudit } from './write-audit.ts'

/** POST auth/sign-in/email; 401 `wrong_credentials` */
export const credentials = Type.Object({
  email: Type.String({ minLength: 3, maxLength: 254 }),
  password: Type.String({ minLength: 1, maxLength: password_length_max }),
})
export type Credentials = Static<typeof credentials>

/** GET auth/get-session: also for whoever is signed out */
export const sessionBody = Type.Object({ signed_in: Type.Boolean(), expires_at: orNull(timeText) })
export type SessionDocument = Static<typeof sessionBody>

const tries_by_ip = 30
const tries_by_email = 20
const email_window_ms = 15 * 60_000

export function sessionRoutes(app: FastifyInstance, ctx: Context): void {
  const limits = createLimits(ctx)
  const sessions = app.provider_sessions

  app.post(
    '/provider-api/auth/sign-in/email',
    { schema: schema('Sign in', done, credentials) },
    async (request, reply) => {
      refuseOtherOrigins(ctx, request)
      limits.ip.take(request.ip)
      const { email, password } = readProviderBody(request, credentials) as Credentials
      limits.email.take(email.toLowerCase())
      const signed = await sessions.signIn(request, { email, password })
      const person = signed && (await selectPerson(ctx.sql, signed.user_id))
      if (!person) throw new ProviderProblem(401, 'wrong_credentials', 'E-mail or password is wrong.')
      const { provider_id } = person
      await writeAudit(ctx, { provider_id, person: person.email, action: 'sign_in', detail: {}, ip: request.ip })
      await deleteOldSessions(ctx.sql, new Date())
      return sendJson(setCookies(reply, signed.cookies), { done: true })
    },
  )

  app.post('/provider-api/auth/sign-out', { schema: schema('Sign out', done) }, async (request, reply) => {
    refuseOtherOrigins(ctx, request)
    return sendJson(setCookies(reply, await sessions.signOut(request)), { done: true })
  })

  app.get(
    '/provider-api/auth/get-session',
    { schema: schema('Is somebody signed in?', sessionBody) },
    async (request, reply) => {
      const session = await sessions.read(request)
      const person = session && (await selectPerson(ctx.sql, session.user_id))
      const signed_in = person?.active === true
      const document: SessionDocument = {
        signed_in,
        expires_at: signed_in ? (session?.expires_at.toISOString() ?? null) : null,
      }
      return sendJson(setCookies(reply, session?.cookies ?? []), document)
    },
  )
}

/** Every try counts, before a password is looked at: a password takes a processor a while. Each process counts for itself. */
function createLimits({ config, now }: Context): { readonly ip: RateLimit; readonly email: RateLimit } {
  if (!config.rate_limits) return { ip: unlimited, email: unlimited }
  return {
    ip: createRateLimit(tries_by_ip, now, addressKey),
    email: createRateLimit(tries_by_email, now, undefined, email_window_ms),
  }
}

function setCookies(reply: FastifyReply, cookies: readonly string[]): FastifyReply {
  for (const cookie of cookies) reply.header('set-cookie', cookie)
  return reply
}

function schema(summary: string, reply: TSchema, body?: TSchema): FastifySchema {
  const tags = ['Provider dashboard']
  const response = { 200: { description: 'Success', ...reply }, ...errorReplies }
  return { summary, tags, security: [], ...(body ? { body } : {}), response }
}
