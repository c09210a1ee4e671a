/** SQL of provider_people and of the tables that the session library reads. */
import type { Database, Transaction } from '../database/connect.ts'
import type { Person, Role } from './person.ts'

const columns = (sql: Database) =>
  sql`user_id as id, provider_id, name, email, role, active, provider_people.created_at`

/** `null` = there is none. */
export async function selectPerson(sql: Database, id: string): Promise<Person | null> {
  const [person] = await sql<Person[]>`
    select ${columns(sql)} from provider_people join auth_user on auth_user.id = user_id where user_id = ${id}`
  return person ?? null
}

export async function selectPersonByEmail(sql: Database, email: string): Promise<Person | null> {
  const [person] = await sql<Person[]>`
    select ${columns(sql)} from provider_people join auth_user on auth_user.id = user_id where email = ${email}`
  return person ?? null
}

/** Oldest first. */
export async function selectPeople(sql: Database, provider_id: string): Promise<Person[]> {
  return sql<Person[]>`
    select ${columns(sql)} from provider_people join auth_user on auth_user.id = user_id
    where provider_id = ${provider_id} order by provider_people.created_at, user_id limit 1000`
}

export type NewPerson = Person & { readonly password_hash: string; readonly added_by: string }

/** `false` = somebody has that e-mail already. */
export async function insertPerson(sql: Database, person: NewPerson): Promise<boolean> {
  const { id, provider_id, name, email, role, password_hash, added_by, created_at } = person
  const rows = await sql`
    with person as (
      insert into auth_user (id, name, email, email_verified, created_at, updated_at)
      values (${id}, ${name}, ${email}, true, ${created_at}, ${created_at})
      on conflict (email) do nothing returning id
    ), account as (
      insert into auth_account (id, account_id, kind, user_id, password, created_at, updated_at)
      select id, id, 'credential', id, ${password_hash}, ${created_at}::timestamptz, ${created_at}::timestamptz from person
    )
    insert into provider_people (user_id, provider_id, role, added_by, created_at, updated_at)
    select id, ${provider_id}, ${role}, ${added_by}, ${created_at}::timestamptz, ${created_at}::timestamptz from person
    returning user_id`
  return rows.length === 1
}

/** Holds the team as it is until the transaction ends. */
export async function lockTeam(sql: Database, provider_id: string): Promise<void> {
  await sql`select 1 from providers where id = ${provider_id} for no key update`
}

export async function updatePerson(
  sql: Database,
  { id, role, active, now }: { readonly id: string; readonly role: Role; readonly active: boolean; readonly now: Date },
): Promise<void> {
  await sql`update provider_people set role = ${role}, active = ${active}, updated_at = ${now} where user_id = ${id}`
}

export async function selectPasswordHash(sql: Database, id: string): Promise<string | null> {
  const [row] = await sql<{ password: string | null }[]>`
    select password from auth_account where user_id = ${id} and kind = 'credential'`
  return row?.password ?? null
}

/** The same by e-mail. */
export async function selectPasswordHashByEmail(sql: Database, email: string): Promise<string | null> {
  const [row] = await sql<{ password: string | null }[]>`
    select password from auth_account join auth_user on auth_user.id = user_id where email = ${email} and kind = 'credential'`
  return row?.password ?? null
}

/** The password as it is, and stays until the transaction ends. */
export async function holdPasswordHash(tx: Transaction, id: string): Promise<string | null> {
  const [row] = await tx<{ password: string | null }[]>`
    select password from auth_account where user_id = ${id} and kind = 'credential' for update`
  return row?.password ?? null
}

/** Every session of the person ends with the old password, but for one. Locked first, so that none that begins meanwhile is overlooked. */
export async function updatePassword(
  sql: Transaction,
  change: { readonly id: string; readonly password_hash: string; readonly now: Date; readonly keep?: string },
): Promise<void> {
  const { id, password_hash, now, keep = '' } = change
  await holdPasswordHash(sql, id)
  await sql`
    with ended as (delete from auth_session where user_id = ${id} and id <> ${keep})
    update auth_account set password = ${password_hash}, updated_at = ${now} where user_id = ${id} and kind = 'credential'`
}

export async function deleteSessions(sql: Database, id: string): Promise<void> {
  await sql`delete from auth_session where user_id = ${id}`
}

/** One session, by the token in its cookie. */
export async function deleteSession(sql: Database, token: string): Promise<void> {
  await sql`delete from auth_session where token = ${token}`
}

/** Sessions that nobody signed out of, unused or begun too long ago. */
export async function deleteOldSessions(
  sql: Database,
  { now, begun_before }: { readonly now: Date; readonly begun_before: Date },
): Promise<void> {
  await sql`delete from auth_session where expires_at < ${now} or created_at < ${begun_before}`
}
