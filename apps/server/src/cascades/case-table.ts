/** SQL of provider_cases. */
import type { Database, Fragment } from '../database/connect.ts'
import type { EndedCases } from './end-cases.ts'
import type { NewCase, ProviderCase } from './provider-case.ts'
import type { ProviderCaseKind } from './provider-payment.ts'

/** `false` = the attempt has its case of this kind. */
export async function insertCase(
  sql: Database,
  given: NewCase & { readonly id: string; readonly opened_at: Date },
): Promise<boolean> {
  const rows = await sql`
    insert into provider_cases ${sql(given)} on conflict (attempt_id, kind) do nothing returning id`
  return rows.length === 1
}

export type CaseFilter = {
  /** Left out = of all providers. */
  readonly provider_id?: string
  readonly payment_id?: string
  readonly attempt_id?: string
  readonly kind?: ProviderCaseKind
  /** Left out = open and closed. */
  readonly open?: boolean
  /** Id of the last case of the page before. */
  readonly cursor?: string
}

/** Newest first: ids sort by the time they were made. */
export async function selectCases(sql: Database, filter: CaseFilter, limit: number): Promise<ProviderCase[]> {
  const { provider_id = null, payment_id = null, attempt_id = null, kind = null, open = null, cursor = null } = filter
  return sql<ProviderCase[]>`
    select * from provider_cases
    where (${provider_id}::text is null or provider_id = ${provider_id}) and (${attempt_id}::text is null or attempt_id = ${attempt_id})
      and (${payment_id}::text is null or payment_id = ${payment_id}) and (${kind}::text is null or kind = ${kind}) and (${open}::boolean is null or (closed_at is null) = ${open})
      and (${cursor}::text is null or id < ${cursor})
    order by id desc limit ${limit}`
}

export async function updateClosed(
  sql: Database,
  id: string,
  closed: { readonly at: Date; readonly by: string; readonly note: string },
): Promise<ProviderCase | null> {
  const [row] = await sql<ProviderCase[]>`
    update provider_cases set closed_at = ${closed.at}, closed_by = ${closed.by}, note = ${closed.note}
    where id = ${id} and closed_at is null returning *`
  return row ?? null
}

export async function selectCase(sql: Database, id: string): Promise<ProviderCase | null> {
  const [row] = await sql<ProviderCase[]>`select * from provider_cases where id = ${id}`
  return row ?? null
}

export function endedCases(sql: Database, { attempt_id, kinds, at, by, note }: EndedCases): Fragment {
  return sql`ended_cases as (
    update provider_cases set closed_at = ${at}::timestamptz, closed_by = ${by}, note = ${note}
    where attempt_id = ${attempt_id} and kind = any (${[...kinds]}) and closed_at is null and exists (select 1 from moved)
  )`
}
