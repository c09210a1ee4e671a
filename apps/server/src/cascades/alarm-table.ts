/** SQL of provider_alarms. */
import type { Database } from '../database/connect.ts'
import type { BalanceLevel } from './rules/balance-level.ts'

/** Notes a level; `true` for the one caller who finds another one there. A first level of `fine` is no change. */
export async function changeLevel(
  sql: Database,
  provider_id: string,
  test_mode: boolean,
  level: BalanceLevel,
  now: Date,
): Promise<boolean> {
  const rows = await sql`
    insert into provider_alarms (provider_id, test_mode, level, changed_at)
    select ${provider_id}, ${test_mode}, ${level}, ${now}::timestamptz
    where ${level} <> 'fine' or exists (select 1 from provider_alarms where provider_id = ${provider_id} and test_mode = ${test_mode})
    on conflict (provider_id, test_mode) do update set level = excluded.level, changed_at = excluded.changed_at
    where provider_alarms.level <> excluded.level
    returning level`
  return rows.length === 1
}
