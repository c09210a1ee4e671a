/** The people of the provider, and what they did. For owners. */
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { isEmail } from '../http/text-forms.ts'
import { addPerson } from './add-person.ts'
import { selectAudit } from './audit-table.ts'
import {
  type Audit,
  auditBody,
  type Member,
  type MemberWithPassword,
  memberBody,
  memberChange,
  memberWithPassword,
  newMember,
  type Team,
  teamBody,
} from './balance-documents.ts'
import { changePerson } from './change-person.ts'
import { listPeople } from './list-people.ts'
import { selectPerson } from './people-table.ts'
import type { Person } from './person.ts'
import { conflict, invalidFields, notFound } from './provider-problem.ts'
import { providerRoute } from './provider-route.ts'
import { cursorQuery, limitOf, limitQuery } from './query-values.ts'
import { resetPassword } from './reset-password.ts'

export function teamRoutes(app: FastifyInstance, ctx: Context): void {
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/team',
    role: 'owner',
    summary: 'Everybody who may or might act for the provider',
    reply: teamBody,
    async handle({ provider }): Promise<Team> {
      return { people: (await listPeople(ctx.sql, provider.id)).map(memberOf) }
    },
  })
  providerRoute(app, ctx, {
    method: 'POST',
    path: '/team',
    role: 'owner',
    summary: 'Let somebody act for the provider; the first password is shown this once',
    action: 'team.add',
    body: newMember,
    reply: memberWithPassword,
    async handle({ provider, person, body, audit }): Promise<MemberWithPassword> {
      const name = body.name.trim()
      if (name === '') throw invalidFields({ name: 'must be given' })
      if (!isEmail(body.email.trim())) throw invalidFields({ email: 'is no e-mail address' })
      const added = await addPerson(ctx, provider.id, { ...body, name }, person.email, (tx, { id, email, role }) =>
        audit(tx, { id, email, role }),
      )
      if (!added) throw conflict('email_taken', 'This e-mail cannot be added: somebody signs in with it.')
      return { person: memberOf(added.person), initial_password: added.initial_password }
    },
  })
  providerRoute(app, ctx, {
    method: 'PATCH',
    path: '/team/:id',
    role: 'owner',
    summary: 'Change a role, take somebody off the team or back on it',
    action: 'team.change',
    body: memberChange,
    reply: memberBody,
    async handle({ provider, params, body, commit }): Promise<{ person: Member }> {
      const changed = await commit(
        async (tx) => {
          const done = await changePerson({ ...ctx, sql: tx }, provider.id, params.id ?? '', body)
          if (done === 'unknown') throw notFound()
          if (done === 'last_owner') throw conflict('last_owner', 'Somebody must be left who looks after the team.')
          return done
        },
        ({ email, role, active }) => ({ email, role, active }),
      )
      return { person: memberOf(changed) }
    },
  })
  providerRoute(app, ctx, {
    method: 'POST',
    path: '/team/:id/password',
    role: 'owner',
    summary: 'Give somebody a new first password, shown this once; his sessions end',
    action: 'team.reset_password',
    reply: memberWithPassword,
    async handle({ provider, params, audit }): Promise<MemberWithPassword> {
      const { id = '' } = params
      const initial_password = await resetPassword(ctx, provider.id, id, (tx, { email }) => audit(tx, { email }))
      const person = await selectPerson(ctx.sql, id)
      if (initial_password === null || !person) throw notFound()
      return { person: memberOf(person), initial_password }
    },
  })
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/audit',
    role: 'owner',
    summary: 'Every change and sign-in, newest first',
    query: { cursor: cursorQuery, limit: limitQuery },
    reply: auditBody,
    async handle({ provider, query }): Promise<Audit> {
      if (query.cursor !== undefined && !/^\d{1,18}$/.test(query.cursor))
        throw invalidFields({ cursor: 'is none of this list' })
      const before = query.cursor === undefined ? null : BigInt(query.cursor)
      const limit = limitOf(query)
      const rows = await selectAudit(ctx.sql, provider.id, before, limit + 1)
      const shown = rows.slice(0, limit)
      return {
        entries: shown.map(({ id, at, person, action, detail, ip }) => ({
          id: String(id),
          at: at.toISOString(),
          person,
          action,
          detail,
          ip,
        })),
        cursor: rows.length > limit ? String(shown.at(-1)!.id) : null,
      }
    },
  })
}

function memberOf({ id, name, email, role, active, created_at }: Person): Member {
  return { id, name, email, role, active, created_at: created_at.toISOString() }
}
