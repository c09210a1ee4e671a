import type { Context } from '../context.ts'
import { type RequisitesSecret, requisitesPurpose } from './close-provider-payment.ts'
import { insertView, selectKept, selectViews, type View } from './view-table.ts'

const reason_max = 500

export type Revealed =
  | { readonly result: 'unknown' | 'reason_missing' | 'never_given' | 'erased' }
  | ({ readonly result: 'shown'; readonly bank: string | null } & RequisitesSecret)

type Of = { readonly account_id: string; readonly attempt_id: string }

/**
 * Owner and number of requisites in full, for an operator with a reason. Who looked is committed before anything is decrypted,
 * and so is a look at what was erased after 90 days. Cascade API, 15.
 */
export async function revealRequisites(
  ctx: Pick<Context, 'sql' | 'now' | 'secrets'>,
  of: Of,
  { by, reason }: { readonly by: string; readonly reason: string },
): Promise<Revealed> {
  const given = reason.trim().slice(0, reason_max)
  if (given === '') return { result: 'reason_missing' }
  const { account_id, attempt_id } = of
  const kept = await selectKept(ctx.sql, of)
  if (!kept) return { result: 'unknown' }
  if (kept.issued_at === null) return { result: 'never_given' }
  const { requisites_encrypted: encrypted, bank } = kept
  const view = { account_id, attempt_id, at: ctx.now(), by_name: by, reason: given, erased: encrypted === null }
  await insertView(ctx.sql, view)
  if (encrypted === null) return { result: 'erased' }
  const secret: RequisitesSecret = JSON.parse(ctx.secrets.decrypt(encrypted, requisitesPurpose(attempt_id)))
  return { result: 'shown', bank, ...secret }
}

/** Who has seen them in full, oldest first. */
export async function listViews(sql: Context['sql'], of: Of): Promise<View[]> {
  return selectViews(sql, of)
}
