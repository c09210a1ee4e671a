/** A new draft version of a scheme. It changes nothing of what is in force. Cascading rules, section 2.1. */
import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import { readScheme } from './rules/read-scheme.ts'
import { type Scheme, versionId } from './scheme.ts'
import { SchemeRefused } from './scheme-refused.ts'
import { insertDraft, insertScheme, lockSchemes } from './table.ts'

/** Returns the id of the version. Throws SchemeRefused when the text cannot be read. Its routes are looked at when it is published. */
export async function draftScheme(ctx: Context, account_id: string, written: unknown): Promise<string> {
  const { scheme, findings } = readScheme(written)
  if (!scheme) throw new SchemeRefused(findings)
  const number = await ctx.sql.begin(async (sql) => {
    await lockForDraft(sql, account_id, scheme)
    return insertDraft(sql, account_id, scheme)
  })
  return versionId(scheme.id, number)
}

/** The scheme exists and the account's schemes are locked. Throws SchemeRefused when its id means one of another kind. */
export async function lockForDraft(sql: Database, account_id: string, scheme: Scheme): Promise<void> {
  await lockSchemes(sql, account_id)
  const kind = await insertScheme(sql, account_id, scheme)
  if (kind !== scheme.kind) {
    const message = `scheme ${scheme.id} is for ${kind}s`
    throw new SchemeRefused([{ severity: 'error', path: 'kind', message }])
  }
}
