import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { type AuditEntry, insertAudit } from './audit-table.ts'

export type { AuditDetail } from './audit-table.ts'

/** Writes down what somebody did for a provider, in the transaction of what was done. `detail` holds no secrets. */
export async function writeAudit(
  ctx: Pick<Context, 'now'>,
  sql: Database,
  entry: Omit<AuditEntry, 'at'>,
): Promise<void> {
  await insertAudit(sql, { ...entry, at: ctx.now() })
}
