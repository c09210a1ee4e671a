import type { Context } from '../context.ts'
import type { Transaction } from '../database/connect.ts'
import { holdPasswordHash, selectPasswordHash, updatePassword } from './people-table.ts'
import type { Session } from './sessions.ts'

/**
 * Ends every other session of the person; `beside` is written in the same commit. `false` = the current password is another one, also
 * one that has just been changed.
 */
export async function changePassword(
  ctx: Pick<Context, 'sql' | 'now'>,
  session: Pick<Session, 'id' | 'user_id'>,
  { current, wanted }: { readonly current: string; readonly wanted: string },
  beside?: (tx: Transaction) => Promise<void>,
): Promise<boolean> {
  const { hashPassword, verifyPassword } = await import('better-auth/crypto')
  const { id: keep, user_id: id } = session
  const hash = await selectPasswordHash(ctx.sql, id)
  if (hash === null || !(await verifyPassword({ hash, password: current }))) return false
  const password_hash = await hashPassword(wanted)
  return ctx.sql.begin(async (tx) => {
    if ((await holdPasswordHash(tx, id)) !== hash) return false
    await updatePassword(tx, { id, password_hash, now: ctx.now(), keep })
    await beside?.(tx)
    return true
  })
}
