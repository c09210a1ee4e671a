/**
 * Puts a version of a scheme in force, at once and for new payments only: those routed before keep theirs. The version that
 * was in force is archived; publishing it again is the way back. Cascading rules, sections 2.1 and 2.4.
 */
import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { lockForDraft } from './draft-scheme.ts'
import { forgetRouting, readGateways } from './load-routing.ts'
import { cascadeSettings } from './rules/cascade-settings.ts'
import type { Finding } from './rules/finding.ts'
import { validateScheme } from './rules/validate-scheme.ts'
import { parseVersionId, type Scheme, versionId } from './scheme.ts'
import { SchemeRefused } from './scheme-refused.ts'
import { insertDraft, lockSchemes, selectPublished, selectVersion, updatePublished, type VersionKey } from './table.ts'

export type SchemeOwner = Pick<Account, 'id'> & { readonly options: Pick<Account['options'], 'attempts_limit'> }

export type Published = { readonly version_id: string; readonly warnings: readonly Finding[] }

/** Publishes a version that is there, a draft or an archived one. Throws SchemeRefused. */
export async function publishVersion(ctx: Context, owner: SchemeOwner, version_id: string): Promise<Published> {
  const key = parseVersionId(version_id)
  const row = key && (await selectVersion(ctx.sql, owner.id, key))
  if (!key || !row) {
    throw new SchemeRefused([{ severity: 'error', path: '', message: `there is no version ${version_id}` }])
  }
  const { scheme, warnings } = await validated(ctx, owner, row.scheme)
  await ctx.sql.begin(async (sql) => {
    await lockSchemes(sql, owner.id)
    const before = await selectPublished(sql, owner.id, scheme.kind)
    if (before && isSame(before, key)) return
    await updatePublished(sql, owner.id, key, scheme, ctx.now())
  })
  forgetRouting(ctx)
  return { version_id, warnings }
}

/** Publishes the text as the next version of its scheme. Throws SchemeRefused; then nothing was written. */
export async function publishScheme(ctx: Context, owner: SchemeOwner, written: unknown): Promise<Published> {
  const { scheme, warnings } = await validated(ctx, owner, written)
  const version_id = await ctx.sql.begin(async (sql) => {
    await lockForDraft(sql, owner.id, scheme)
    return publishNext(sql, owner.id, scheme, ctx.now())
  })
  forgetRouting(ctx)
  return { version_id, warnings }
}

/** As publishScheme when no scheme of its kind is in force for the account; else nothing changes and it is `null`. */
export async function publishFirstScheme(
  ctx: Context,
  owner: SchemeOwner,
  written: unknown,
): Promise<Published | null> {
  const { scheme, warnings } = await validated(ctx, owner, written)
  if (await selectPublished(ctx.sql, owner.id, scheme.kind)) return null
  const version_id = await ctx.sql.begin(async (sql) => {
    await lockForDraft(sql, owner.id, scheme)
    if (await selectPublished(sql, owner.id, scheme.kind)) return null
    return publishNext(sql, owner.id, scheme, ctx.now())
  })
  forgetRouting(ctx)
  return version_id === null ? null : { version_id, warnings }
}

async function publishNext(sql: Database, account_id: string, scheme: Scheme, now: Date): Promise<string> {
  const number = await insertDraft(sql, account_id, scheme)
  await updatePublished(sql, account_id, { scheme_id: scheme.id, number }, scheme, now)
  return versionId(scheme.id, number)
}

type Validated = { readonly scheme: Scheme; readonly warnings: readonly Finding[] }

async function validated(ctx: Context, owner: SchemeOwner, written: unknown): Promise<Validated> {
  const { attempts_limit } = owner.options
  const { max_attempts } = cascadeSettings({ kind: 'card', flow: null, attempts_limit, rule: null })
  const { scheme, findings } = validateScheme(written, { gateways: await readGateways(ctx), max_attempts })
  if (!scheme) throw new SchemeRefused(findings)
  return { scheme, warnings: findings }
}

function isSame(a: VersionKey, b: VersionKey): boolean {
  return a.scheme_id === b.scheme_id && a.number === b.number
}
