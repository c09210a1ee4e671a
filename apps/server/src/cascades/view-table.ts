/** SQL of requisites_views, and of what they are about. */
import type { Database } from '../database/connect.ts'

export type View = {
  readonly account_id: string
  readonly attempt_id: string
  readonly at: Date
  readonly by_name: string
  readonly reason: string
  readonly erased: boolean
}

type Of = Pick<View, 'account_id' | 'attempt_id'>

export type Kept = {
  readonly bank: string | null
  readonly issued_at: Date | null
  /** `null` = erased, or never given. */
  readonly requisites_encrypted: Buffer | null
}

export async function selectKept(sql: Database, of: Of): Promise<Kept | null> {
  const [row] = await sql<Kept[]>`
    select bank, issued_at, requisites_encrypted from provider_payments
    where account_id = ${of.account_id} and attempt_id = ${of.attempt_id}`
  return row ?? null
}

export async function insertView(sql: Database, view: View): Promise<void> {
  await sql`insert into requisites_views ${sql({ ...view })}`
}

export async function selectViews(sql: Database, of: Of): Promise<View[]> {
  return sql<View[]>`
    select * from requisites_views where account_id = ${of.account_id} and attempt_id = ${of.attempt_id} order by at limit 1000`
}
