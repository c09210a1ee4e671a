/** SQL of provider_audit. */
import type { Database, Fragment } from '../database/connect.ts'
import type { JsonValue } from '../http/json.ts'

export type AuditDetail = { readonly [name: string]: JsonValue }

export type AuditEntry = {
  readonly provider_id: string
  readonly at: Date
  readonly person: string
  /** `top_up.create`, `team.change`, … */
  readonly action: string
  readonly detail: AuditDetail
  readonly ip: string | null
}

export async function insertAudit(sql: Database, entry: AuditEntry): Promise<void> {
  await sql`
    insert into provider_audit (provider_id, at, person, action, detail, ip)
    values (${entry.provider_id}, ${entry.at}, ${entry.person}, ${entry.action}, ${JSON.stringify(entry.detail)}::json, ${entry.ip})`
}

/** A part of a statement: written if its part `moved` has a row. */
export function auditIfMoved(sql: Database, { provider_id, at, person, action, detail, ip }: AuditEntry): Fragment {
  return sql`audited as (
    insert into provider_audit (provider_id, at, person, action, detail, ip)
    select ${provider_id}, ${at}::timestamptz, ${person}, ${action}, ${JSON.stringify(detail)}::json, ${ip}::text from moved limit 1
  )`
}

export type StoredEntry = AuditEntry & { readonly id: bigint }

/** Newest first. */
export async function selectAudit(
  sql: Database,
  provider_id: string,
  before: bigint | null,
  limit: number,
): Promise<StoredEntry[]> {
  return sql<StoredEntry[]>`
    select id, provider_id, at, person, action, detail, ip from provider_audit
    where provider_id = ${provider_id} and (${before}::bigint is null or id < ${before}) order by id desc limit ${limit}`
}
