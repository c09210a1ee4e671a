/** Settings as they were at most one second ago, without reading them every second: kept until their tables change. */
import { type Changes, type ChangeWatch, createChangeWatch } from './change-watch.ts'
import type { Sql } from './connect.ts'
import { createMemory, type Recent } from './recent.ts'

/** Tables whose every change the database notes in `settings_changes`, by a trigger on each. */
export const settingsTables = [
  'account_keys',
  'account_payment_services',
  'accounts',
  'cascade_settings',
  'currencies',
  'currency_accounts',
  'exchange_rates',
  'gateway_tariffs',
  'gateways',
  'payment_methods',
  'payment_services',
  'payout_methods',
  'routing_versions',
  'shops',
] as const

export type SettingsTable = (typeof settingsTables)[number]

/** A context. Two of them on one database have a memory each. */
export type SettingsOwner = { readonly sql: Sql }

export type SettingsLimits = {
  readonly entries_max: number
  /** Every table the values come from, also those that other memories read for them. */
  readonly tables: readonly SettingsTable[]
  /** For values that also depend on the clock. */
  readonly age_max_ms?: number
}

/** What no trigger tells, such as a table restored with its triggers off, is seen after a minute. */
const longest_ms = 60_000

const watches = new WeakMap<SettingsOwner, ChangeWatch>()

function watchOf(owner: SettingsOwner): ChangeWatch {
  let watch = watches.get(owner)
  if (!watch) {
    watch = createChangeWatch((floor) => selectChanges(owner.sql, floor))
    watches.set(owner, watch)
  }
  return watch
}

/** As `recent`, with values that stay while their tables do not change; see `change-watch.ts` for what happens when nobody knows. */
export function settingsMemory<Value>(limits: SettingsLimits): (owner: SettingsOwner) => Recent<Value> {
  const { entries_max, tables, age_max_ms = longest_ms } = limits
  const memories = new WeakMap<SettingsOwner, Recent<Value>>()
  return (owner) => {
    let memory = memories.get(owner)
    if (!memory) {
      const watch = watchOf(owner)
      memory = createMemory<Value>(entries_max, {
        isFresh: (since) => watch.isFresh(since, age_max_ms),
        confirm: (since) => (performance.now() - since < age_max_ms ? watch.prove() : Promise.resolve()),
      })
      watch.onChange(tables, memory.forgetAll)
      memories.set(owner, memory)
    }
    return memory
  }
}

/** Every change committed before this call is seen when it has ended. A database that does not answer is no error: see there. */
export async function noticeChanges(owner: SettingsOwner): Promise<void> {
  const watch = watchOf(owner)
  // The first question may be one that is under way, and older than the change.
  await watch.ask()
  await watch.ask()
}

async function selectChanges(sql: Sql, floor: string | null): Promise<Changes> {
  const [row] = await sql<{ floor: string; changes: Changes['changes'] | null }[]>`
    select pg_snapshot_xmin(pg_current_snapshot())::text as floor,
      (select json_agg(json_build_object('id', concat_ws(' ', xid, table_name, changed_at), 'table_name', table_name))
       from settings_changes where xid >= ${floor}::text::xid8) as changes`
  if (!row) throw new Error('the question for changed settings had no answer')
  return { floor: row.floor, changes: row.changes ?? [] }
}
