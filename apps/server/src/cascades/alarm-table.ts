/** SQL of provider_alarms. */
import type { Database, Fragment } from '../database/connect.ts'
import type { BalanceLevel } from './rules/balance-level.ts'

export type NotedLevel = { readonly provider_id: string; readonly test_mode: boolean; readonly level: BalanceLevel }

/** The levels of all providers that were ever anything but fine. */
export async function selectLevels(sql: Database): Promise<NotedLevel[]> {
  return sql<NotedLevel[]>`select provider_id, test_mode, level from provider_alarms`
}

export type LevelStep = Omit<NotedLevel, 'level'> & {
  /** `null` = none was noted. */
  readonly from: BalanceLevel | null
  readonly to: BalanceLevel
  readonly at: Date
}

/** Notes a level; `true` for the one caller who still finds `from` there. `more` = CTEs guarded by `changed`. */
export async function changeLevel(sql: Database, step: LevelStep, more: readonly Fragment[]): Promise<boolean> {
  const { provider_id, test_mode, from, to, at } = step
  const change =
    from === null
      ? sql`
        insert into provider_alarms (provider_id, test_mode, level, changed_at) values (${provider_id}, ${test_mode}, ${to}, ${at})
        on conflict (provider_id, test_mode) do nothing returning level`
      : sql`
        update provider_alarms set level = ${to}, changed_at = ${at}
        where provider_id = ${provider_id} and test_mode = ${test_mode} and level = ${from} returning level`
  const parts = more.reduce((sum: Fragment, part) => sql`${sum}, ${part}`, sql``)
  const rows = await sql`with changed as (${change})${parts} select 1 from changed`
  return rows.length === 1
}
