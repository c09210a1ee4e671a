import type { Context } from '../context.ts'
import { newPassword } from './add-person.ts'
import { selectPerson, updatePassword } from './people-table.ts'

/** Gives a person of the team a new first password and ends his sessions. `null` = nobody of this team. */
export async function resetPassword(
  ctx: Pick<Context, 'sql' | 'now'>,
  provider_id: string,
  id: string,
): Promise<string | null> {
  const person = await selectPerson(ctx.sql, id)
  if (person?.provider_id !== provider_id) return null
  const { hashPassword } = await import('better-auth/crypto')
  const password = newPassword()
  await updatePassword(ctx.sql, { id, password_hash: await hashPassword(password), now: ctx.now() })
  return password
}
