/** For tests: people of a provider in every role, and one who has been turned off. */
import type { Sql } from '../database/connect.ts'

/** `owner.prv_…@desk.example` and so on; nobody can sign in as them. */
export async function addReaders(sql: Sql, provider_id: string): Promise<void> {
  const now = new Date('2026-01-02T03:04:05.678Z')
  for (const [name, role, active] of [
    ['owner', 'owner', true],
    ['trading', 'trading', true],
    ['finance', 'finance', true],
    ['viewer', 'viewer', true],
    ['gone', 'owner', false],
  ] as const) {
    const id = `${name}.${provider_id}`
    await sql`
      with person as (
        insert into auth_user (id, name, email, email_verified, created_at, updated_at)
        values (${id}, ${name}, ${`${id}@desk.example`}, true, ${now}, ${now}) returning id
      )
      insert into provider_people (user_id, provider_id, role, active, added_by, created_at, updated_at)
      select id, ${provider_id}, ${role}, ${active}, 'test', ${now}::timestamptz, ${now}::timestamptz from person`
  }
}

export type QueuedMail = {
  readonly audience: string
  readonly to: string
  readonly title: string
  readonly body: string
}

/** Mails about an appeal or a provider, in the order they were written. */
export async function queuedMails(sql: Sql, subject_id: string): Promise<QueuedMail[]> {
  return sql<QueuedMail[]>`
    select audience, split_part(recipient, '.prv_', 1) as to, title, body from mails
    where subject_id = ${subject_id} order by id`
}
