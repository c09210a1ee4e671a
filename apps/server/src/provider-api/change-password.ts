import type { Context } from '../context.ts'
import { selectPasswordHash, updatePassword } from './people-table.ts'
import type { Session } from './sessions.ts'

/** Ends every other session of the person. `false` = the current password is another one. */
export async function changePassword(
  ctx: Pick<Context, 'sql' | 'now'>,
  session: Pick<Session, 'id' | 'user_id'>,
  { current, wanted }: { readonly current: string; readonly wanted: string },
): Promise<boolean> {
  const { hashPassword, verifyPassword } = await import('better-auth/crypto')
  const hash = await selectPasswordHash(ctx.sql, session.user_id)
  if (hash === null || !(await verifyPassword({ hash, password: current }))) return false
  const password_hash = await hashPassword(wanted)
  await updatePassword(ctx.sql, { id: session.user_id, password_hash, now: ctx.now(), keep: session.id })
  return true
}
