import type { Context } from '../context.ts'
import { type AuditEntry, insertAudit } from './audit-table.ts'

export type { AuditDetail } from './audit-table.ts'

/** Writes down what somebody did for a provider. `detail` holds no secrets. */
export async function writeAudit(ctx: Pick<Context, 'sql' | 'now'>, entry: Omit<AuditEntry, 'at'>): Promise<void> {
  await insertAudit(ctx.sql, { ...entry, at: ctx.now() })
}
