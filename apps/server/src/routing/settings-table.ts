/** SQL of the cascade's settings. */
import type { Database } from '../database/connect.ts'

export type SettingsRow = { readonly owner: string; readonly version: number; readonly settings: unknown }

/** The settings in force of all owners. */
export async function selectSettings(sql: Database): Promise<SettingsRow[]> {
  return await sql<SettingsRow[]>`
    select distinct on (owner) owner, version, settings from cascade_settings order by owner, version desc`
}

export type SettingsChange = {
  readonly owner: string
  /** As written; JSON text. */
  readonly settings: string
  readonly changed_by: string
  readonly changed_at: Date
}

/** The next version. Of two at once one fails on the key. */
export async function insertSettings(sql: Database, change: SettingsChange): Promise<number> {
  const { owner, settings, changed_by, changed_at } = change
  const [row] = await sql<{ version: number }[]>`
    insert into cascade_settings (owner, version, settings, changed_by, changed_at)
    select ${owner}, coalesce(max(version), 0) + 1, ${settings}::json, ${changed_by}, ${changed_at}
    from cascade_settings where owner = ${owner} returning version`
  if (!row) throw new Error(`no settings of ${owner} were written`)
  return row.version
}
