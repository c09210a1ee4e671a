import type { Context } from '../context.ts'
import { addPerson, type GivenPerson } from './add-person.ts'
import { selectPasswordHash, selectPersonByEmail, updatePassword } from './people-table.ts'

/** Has somebody sign in for a provider with this very password, at every start of a demo world. Role and name stay as they became. */
export async function keepPerson(
  ctx: Pick<Context, 'sql' | 'now'>,
  provider_id: string,
  given: GivenPerson & { readonly password: string },
  added_by: string,
): Promise<void> {
  const person = await selectPersonByEmail(ctx.sql, given.email)
  if (!person) {
    await addPerson(ctx, provider_id, given, added_by)
    return
  }
  const { hashPassword, verifyPassword } = await import('better-auth/crypto')
  const hash = await selectPasswordHash(ctx.sql, person.id)
  if (hash !== null && (await verifyPassword({ hash, password: given.password }))) return
  const change = { id: person.id, password_hash: await hashPassword(given.password), now: ctx.now() }
  await ctx.sql.begin((tx) => updatePassword(tx, change))
}
