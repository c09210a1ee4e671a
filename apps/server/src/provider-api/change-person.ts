import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { inTransaction } from '../database/in-transaction.ts'
import { deleteSessions, lockTeam, selectPeople, selectPerson, updatePerson } from './people-table.ts'
import type { Person, Role } from './person.ts'

export type PersonChange = { readonly role?: Role; readonly active?: boolean }

/**
 * Gives a person of the team another role, or takes him off it, which ends his sessions. `unknown` = nobody of this team;
 * `last_owner` = nobody would be left who looks after it.
 */
export async function changePerson(
  ctx: Pick<Context, 'now'> & { readonly sql: Database },
  provider_id: string,
  id: string,
  change: PersonChange,
): Promise<Person | 'unknown' | 'last_owner'> {
  return inTransaction(ctx.sql, async (tx) => {
    await lockTeam(tx, provider_id)
    const team = await selectPeople(tx, provider_id)
    const before = team.find((person) => person.id === id)
    if (!before) return 'unknown'
    const { role = before.role, active = before.active } = change
    const owners = team.filter((person) => person.id !== id && person.active && person.role === 'owner')
    if (owners.length === 0 && !(active && role === 'owner')) return 'last_owner'
    await updatePerson(tx, { id, role, active, now: ctx.now() })
    if (!active) await deleteSessions(tx, id)
    return (await selectPerson(tx, id)) ?? 'unknown'
  })
}
