import type { Database } from '../database/connect.ts'
import type { CallbackStatus } from './callback-event.ts'
import { logSeconds } from './rules/log-seconds.ts'
import { type LoggedEvent, selectEventsOfSubjects } from './table.ts'

export { eventsColumn } from './table.ts'

export type CallbackLog = {
  readonly status: CallbackStatus
  /** Unix seconds of the last attempt. */
  readonly processed: number | null
  readonly response_code: number | null
  readonly transaction_status: string
}

export type CallbackLogs = {
  /** Keyed by the unix second the event was queued in. */
  readonly logs: Readonly<Record<string, CallbackLog>>
  /** When a log was last written by an attempt. */
  readonly last_write: Date | null
}

/** The logs of each payment or payout that has any. Source: merchant API contract, 16.5. */
export async function readCallbackLogs(
  sql: Database,
  account_id: string,
  subject_ids: readonly string[],
): Promise<Map<string, CallbackLogs>> {
  if (subject_ids.length === 0) return new Map()
  const events = await selectEventsOfSubjects(sql, account_id, subject_ids)
  const bySubject = Map.groupBy(events, (event) => event.subject_id)
  return new Map([...bySubject].map(([id, own]) => [id, toLogs(own)]))
}

/** What `eventsColumn` has seen; `null` = there were no events. */
export function logsIn(column: unknown): CallbackLogs | null {
  const events = column as readonly EventJson[] | null
  return (
    events &&
    toLogs(
      events.map(({ processed_at, created_at, ...event }) => ({
        ...event,
        processed_at: processed_at === null ? null : new Date(processed_at),
        created_at: new Date(created_at),
      })),
    )
  )
}

type Logged = Omit<LoggedEvent, 'subject_id'>
type EventJson = Omit<Logged, 'processed_at' | 'created_at'> & {
  readonly processed_at: string | null
  readonly created_at: string
}

function toLogs(events: readonly Logged[]): CallbackLogs {
  const seconds = logSeconds(events.map((event) => event.created_at.getTime()))
  const logs: Record<string, CallbackLog> = {}
  let last_write: Date | null = null
  for (const [i, event] of events.entries()) {
    const { processed_at } = event
    logs[String(seconds[i])] = {
      status: event.status,
      processed: processed_at && Math.floor(processed_at.getTime() / 1000),
      response_code: event.response_code,
      transaction_status: event.subject_status,
    }
    if (processed_at && (!last_write || processed_at > last_write)) last_write = processed_at
  }
  return { logs, last_write }
}
