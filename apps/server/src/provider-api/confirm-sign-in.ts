import type { Context } from '../context.ts'
import { type AuditEntry, insertAudit } from './audit-table.ts'
import { deleteSession, holdPasswordHash } from './people-table.ts'

export type SignIn = {
  readonly user_id: string
  /** Of the session that has begun. */
  readonly token: string
  /** The hash that the password was held against. */
  readonly password_hash: string | null
}

/**
 * Notes in the audit that a session has begun. `false` = the password was changed while it began: it is one of the sessions that
 * ended with the old password.
 */
export async function confirmSignIn(
  ctx: Pick<Context, 'sql' | 'now'>,
  { user_id, token, password_hash }: SignIn,
  entry: Omit<AuditEntry, 'at'>,
): Promise<boolean> {
  return ctx.sql.begin(async (tx) => {
    if ((await holdPasswordHash(tx, user_id)) === password_hash) {
      await insertAudit(tx, { ...entry, at: ctx.now() })
      return true
    }
    await deleteSession(tx, token)
    return false
  })
}
