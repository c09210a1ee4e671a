import type { Database } from '../database/connect.ts'
import { isId } from '../ids.ts'
import type { HistoryFilter, HistoryRow } from './provider-history.ts'
import { type HistoryPlace, selectHistory } from './provider-history-table.ts'

export type HistoryRequest = HistoryFilter & {
  /** Of the page before, with the same filters. */
  readonly cursor?: string
  readonly limit: number
}

export type History = {
  readonly rows: readonly HistoryRow[] /** `null` = the last page. */
  readonly cursor: string | null
}

const limit_max = 1000

/** What a provider was asked for, newest first. Throws RangeError for a cursor that is none of ours. Cascade API, section 16. */
export async function listProviderPayments(
  sql: Database,
  { cursor, limit, ...filter }: HistoryRequest,
): Promise<History> {
  const wanted = Math.min(limit, limit_max)
  const rows = await selectHistory(sql, filter, cursor === undefined ? null : placeOf(cursor), wanted + 1)
  const shown = rows.slice(0, wanted)
  const last = shown.at(-1)
  return { rows: shown, cursor: last && rows.length > wanted ? `${last.requested_us}.${last.attempt_id}` : null }
}

function placeOf(cursor: string): HistoryPlace {
  const [, us = '', attempt_id = ''] = /^(\d{1,17})\.(\w{20})$/.exec(cursor) ?? []
  if (!isId('attempt', attempt_id)) throw new RangeError('The cursor is none of a history.')
  return { requested_us: BigInt(us), attempt_id }
}
