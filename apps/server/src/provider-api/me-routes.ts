/** Who I am, and my password. */
import type { FastifyInstance } from 'fastify'
import { readTopUpInstructions } from '../cascades/top-up-instructions.ts'
import type { Context } from '../context.ts'
import { passwordChange } from './balance-documents.ts'
import { changePassword } from './change-password.ts'
import { done } from './document-parts.ts'
import { type Me, meBody } from './documents.ts'
import { invalidFields } from './provider-problem.ts'
import { providerRoute } from './provider-route.ts'
import { createSharedLimit } from './shared-limit.ts'

/** Whoever sits at a screen that was left open may not guess the password of its owner. */
const password_tries = { count: 10, window_ms: 15 * 60_000 }

export function meRoutes(app: FastifyInstance, ctx: Context): void {
  const tries = createSharedLimit(ctx, 'password', password_tries)
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/me',
    role: 'viewer',
    summary: 'Who is signed in, and for whom',
    reply: meBody,
    async handle({ person, provider }): Promise<Me> {
      const { id, name, email, role } = person
      return {
        person: { id, name, email, role },
        provider: {
          id: provider.id,
          name: provider.name,
          settlement_currency: provider.settlement_currency,
          settlement_scale: provider.settlement_scale,
          active: provider.active,
          draining: provider.draining,
        },
        top_up_instructions: await readTopUpInstructions(ctx.sql, provider.id),
      }
    },
  })
  providerRoute(app, ctx, {
    method: 'POST',
    path: '/me/password',
    role: 'viewer',
    summary: 'Change my password',
    action: 'password.change',
    body: passwordChange,
    reply: done,
    async handle({ person, session, body, audit }) {
      await tries.take(person.id)
      const change = { current: body.current_password, wanted: body.new_password }
      if (!(await changePassword(ctx, session, change, audit)))
        throw invalidFields({ current_password: 'is another one' })
      return { done: true }
    },
  })
}
