import type { Context } from '../context.ts'
import type { Transaction } from '../database/connect.ts'
import { randomText } from '../ids.ts'
import { insertPerson, selectPerson } from './people-table.ts'
import type { Person, Role } from './person.ts'

const initial_length = 20

export type GivenPerson = {
  readonly name: string
  readonly email: string
  readonly role: Role
  /** Left out = a random one. */
  readonly password?: string
}

export type AddedPerson = { readonly person: Person; readonly initial_password: string }

/**
 * Lets somebody act for a provider, and writes `beside` in the same commit; the password is known here and nowhere else. `null` = the
 * e-mail is somebody's already.
 */
export async function addPerson(
  ctx: Pick<Context, 'sql' | 'now'>,
  provider_id: string,
  given: GivenPerson,
  added_by: string,
  beside?: (tx: Transaction, person: Person) => Promise<void>,
): Promise<AddedPerson | null> {
  const { hashPassword } = await import('better-auth/crypto')
  const initial_password = given.password ?? newPassword()
  const person = {
    id: randomText(32),
    provider_id,
    name: given.name,
    email: given.email.trim().toLowerCase(),
    role: given.role,
    active: true,
    created_at: ctx.now(),
  }
  const password_hash = await hashPassword(initial_password)
  const stored = await ctx.sql.begin(async (tx) => {
    if (!(await insertPerson(tx, { ...person, password_hash, added_by }))) return null
    await beside?.(tx, person)
    return selectPerson(tx, person.id)
  })
  return stored && { person: stored, initial_password }
}

/** Letters and digits from a CSPRNG. */
export function newPassword(): string {
  return randomText(initial_length)
}
