/** Settings of the cascade that stand above schemes and rules: the platform's, each account's, each gateway's. Rules 15. */
import type { Context } from '../context.ts'
import { settingsMemory } from '../database/settings-memory.ts'
import type { DeclineOverride } from './rules/classify-decline.ts'
import type { Report } from './rules/finding.ts'
import { readCascade } from './rules/read-strategy.ts'
import type { CascadeOverrides } from './scheme.ts'
import { insertSettings, selectSettings } from './settings-table.ts'

/** Owner of the settings that hold for everybody. */
export const platform = 'platform'

type Known = ReadonlyMap<string, CascadeOverrides>

const known = settingsMemory<Known>({ entries_max: 1, tables: ['cascade_settings'] })

/** The levels above an account's scheme, the widest first; at most one second old. */
export async function settingsAbove(ctx: Context, account_id: string): Promise<readonly CascadeOverrides[]> {
  const all = await allSettings(ctx)
  return [all.get(platform), all.get(account_id)].filter((one) => one !== undefined)
}

/** What a gateway's codes are read as, besides what everybody's are. */
export async function overridesOfGateway(ctx: Context, gateway_id: number): Promise<readonly DeclineOverride[]> {
  return (await allSettings(ctx)).get(String(gateway_id))?.class_overrides ?? []
}

/** The settings of one owner; `{}` when there are none. */
export async function settingsOf(ctx: Context, owner: string): Promise<CascadeOverrides> {
  known(ctx).forgetAll()
  return (await allSettings(ctx)).get(owner) ?? {}
}

export type SettingsOrder = { readonly owner: string; readonly written: unknown; readonly changed_by: string }

/** Replaces the settings of an owner by these. Returns the version, or every mistake; a gateway has class overrides only. */
export async function saveSettings(
  ctx: Context,
  { owner, written, changed_by }: SettingsOrder,
): Promise<{ readonly version: number } | { readonly mistakes: readonly string[] }> {
  const mistakes: string[] = []
  const report: Report = (path, message) => mistakes.push(path === '' ? message : `${path}: ${message}`)
  const settings = readCascade(written, '', report)
  const misplaced = /^\d+$/.test(owner) ? Object.keys(settings ?? {}).filter((key) => key !== 'class_overrides') : []
  for (const key of misplaced) report(key, 'a gateway has class_overrides only')
  if (!settings || mistakes.length > 0) return { mistakes }
  const changed_at = ctx.now()
  const version = await insertSettings(ctx.sql, { owner, settings: JSON.stringify(settings), changed_by, changed_at })
  known(ctx).forgetAll()
  return { version }
}

function allSettings(ctx: Context): Promise<Known> {
  return known(ctx).get('all', async () => {
    const rows = await selectSettings(ctx.sql)
    const read = rows.map(({ owner, settings }) => [owner, readCascade(settings, '', () => {})] as const)
    const broken = read.filter(([, settings]) => settings === null).map(([owner]) => owner)
    if (broken.length > 0) ctx.events.alarm('settings of the cascade cannot be read', { owners: broken })
    return new Map(read.flatMap(([owner, settings]) => (settings ? [[owner, settings]] : [])))
  })
}
