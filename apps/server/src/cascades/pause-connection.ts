import type { RequisiteMethod, Skip } from '@cascad/connector/requisites'
import type { Database } from '../database/connect.ts'
import { upsertPause } from './connection-table.ts'
import { pauseValue, type Wanted } from './load-connections.ts'

/** The provider need not be asked for this for a while: it said so, or has just refused it. Cascade API, 13.2. */
export async function pauseConnection(
  sql: Database,
  at: { readonly gateway_id: number; readonly method: RequisiteMethod; readonly skip: Skip },
  wanted: Pick<Wanted, 'amount_minor' | 'currency' | 'now'>,
): Promise<void> {
  const { scope, seconds } = at.skip
  const value = pauseValue(scope, at.method, wanted)
  await upsertPause(sql, {
    gateway_id: at.gateway_id,
    scope,
    value,
    until: new Date(wanted.now.getTime() + seconds * 1000),
  })
}
