import type { Context } from '../context.ts'
import type { Transaction } from '../database/connect.ts'
import { newPassword } from './add-person.ts'
import { selectPerson, updatePassword } from './people-table.ts'
import type { Person } from './person.ts'

/**
 * Gives a person of the team a new first password and ends his sessions; `beside` is written in the same commit. `null` = nobody of
 * this team.
 */
export async function resetPassword(
  ctx: Pick<Context, 'sql' | 'now'>,
  provider_id: string,
  id: string,
  beside?: (tx: Transaction, person: Person) => Promise<void>,
): Promise<string | null> {
  const person = await selectPerson(ctx.sql, id)
  if (person?.provider_id !== provider_id) return null
  const { hashPassword } = await import('better-auth/crypto')
  const password = newPassword()
  const password_hash = await hashPassword(password)
  await ctx.sql.begin(async (tx) => {
    await updatePassword(tx, { id, password_hash, now: ctx.now() })
    await beside?.(tx, person)
  })
  return password
}
