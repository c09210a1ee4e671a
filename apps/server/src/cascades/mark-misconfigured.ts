import type { Database } from '../database/connect.ts'
import { markConnection } from './connection-settings-table.ts'

/**
 * Keeps new payments from a connection whose key or endpoint was found wrong, until a test of it passes (`test-connection.ts`).
 * `true` for the one caller who finds it in order: who gets that raises the alarm. Cascade API, section 4.1.
 */
export async function markMisconfigured(
  sql: Database,
  gateway_id: number,
  reason: string,
  now: Date,
): Promise<boolean> {
  return markConnection(sql, gateway_id, reason.slice(0, reason_max), now)
}

const reason_max = 200
