/** Signing in and out. Paths are those of better-auth; documents and errors are ours. */
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import type { Static, TSchema } from 'typebox'
import Type from 'typebox'
import type { Context } from '../context.ts'
import { addressKey } from '../http/rate-limit.ts'
import { sendJson } from '../http/reply.ts'
import { confirmSignIn } from './confirm-sign-in.ts'
import { done, orNull, timeText } from './document-parts.ts'
import { createKnownDevices } from './known-device.ts'
import { deleteOldSessions, selectPasswordHashByEmail, selectPerson } from './people-table.ts'
import { password_length_max } from './person.ts'
import { ProviderProblem } from './provider-problem.ts'
import { errorReplies, readProviderBody, refuseOtherOrigins } from './provider-route.ts'
import { type Sessions, session_days_max } from './sessions.ts'
import { createSignInLimits } from './sign-in-limits.ts'

/** POST auth/sign-in/email; 401 `wrong_credentials` */
export const credentials = Type.Object({
  email: Type.String({ minLength: 3, maxLength: 254 }),
  password: Type.String({ minLength: 1, maxLength: password_length_max }),
})
export type Credentials = Static<typeof credentials>

/** GET auth/get-session: also for whoever is signed out */
export const sessionBody = Type.Object({ signed_in: Type.Boolean(), expires_at: orNull(timeText) })
export type SessionDocument = Static<typeof sessionBody>

const day_ms = 86_400_000

export function sessionRoutes(app: FastifyInstance, ctx: Context): void {
  const limits = createSignInLimits(ctx)
  const devices = createKnownDevices(ctx)
  const sessions = app.provider_sessions

  app.post(
    '/provider-api/auth/sign-in/email',
    { schema: schema('Sign in', done, credentials) },
    async (request, reply) => {
      refuseOtherOrigins(ctx, request)
      const address = addressKey(request.ip)
      await limits.address(address)
      const { email, password } = readProviderBody(request, credentials) as Credentials
      const device = devices.read(request, email)
      await limits.person({ email: email.toLowerCase(), address, device })
      const signed = await signIn(ctx, sessions, request, { email, password })
      if (!signed) throw new ProviderProblem(401, 'wrong_credentials', 'E-mail or password is wrong.')
      const now = Date.now()
      await deleteOldSessions(ctx.sql, {
        now: new Date(now),
        begun_before: new Date(now - session_days_max * day_ms),
      })
      return sendJson(setCookies(reply, [...signed.cookies, devices.remember(email, device)]), { done: true })
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

/** `null` = wrong e-mail or password, nobody who may act for a provider, or a password that was just changed. */
async function signIn(ctx: Context, sessions: Sessions, request: FastifyRequest, given: Credentials) {
  const password_hash = await selectPasswordHashByEmail(ctx.sql, given.email.toLowerCase())
  const signed = await sessions.signIn(request, given)
  const person = signed && (await selectPerson(ctx.sql, signed.user_id))
  if (!person) return null
  const { provider_id, email } = person
  const entry = { provider_id, person: email, action: 'sign_in', detail: {}, ip: request.ip }
  return (await confirmSignIn(ctx, { ...signed, password_hash }, entry)) ? signed : null
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
