/** SQL of mails. */
import type { Database } from '../database/connect.ts'
import type { ClaimedMail, MailRow, MailStatus } from './mail.ts'

/** Leases due mails. One statement; the repeated condition keeps two workers from taking one row. */
export async function claimDueMails(
  sql: Database,
  claim: { readonly now: Date; readonly leased_until: Date; readonly limit: number },
): Promise<ClaimedMail[]> {
  const { now, leased_until, limit } = claim
  return sql<ClaimedMail[]>`
    update mails set leased_until = ${leased_until}
    where (account_id, id) in (
        select account_id, id from mails
        where due_at <= ${now} and (leased_until is null or leased_until < ${now}) order by due_at limit ${limit})
      and due_at <= ${now} and (leased_until is null or leased_until < ${now})
    returning account_id, id, subject_id, audience, recipient, title, body, attempts, created_at, leased_until,
      coalesce(requeued_at, created_at) as trying_since`
}

/** What became of a try, `due_at` = when the next one is. */
export type MailResult =
  | { readonly status: 'sent'; readonly at: Date }
  | { readonly status: 'failed'; readonly at: Date; readonly error: string }
  | { readonly status: 'queued'; readonly due_at: Date; readonly error: string }

/** Writes the end of a try. A mail that was sent is sent, whoever else has taken it meanwhile; the rest needs the lease. */
export async function updateMail(sql: Database, mail: ClaimedMail, result: MailResult): Promise<void> {
  const { account_id, id, leased_until } = mail
  const [ended_at, due_at] = result.status === 'queued' ? [null, result.due_at] : [result.at, null]
  const error = result.status === 'sent' ? null : result.error
  await sql`
    update mails set status = ${result.status}, attempts = attempts + 1, last_error = ${error}, ended_at = ${ended_at}::timestamptz,
      due_at = ${due_at}::timestamptz, leased_until = null
    where account_id = ${account_id} and id = ${id} and status = 'queued'
      and (${result.status} = 'sent' or leased_until = ${leased_until})`
}

const row = [
  'account_id',
  'id',
  'subject_id',
  'audience',
  'recipient',
  'title',
  'body',
  'status',
  'attempts',
  'last_error',
  'created_at',
  'ended_at',
  'due_at',
  'requeued_at',
] as const

export type MailFilter = {
  /** `unsent` = queued or failed. */
  readonly status: MailStatus | 'unsent'
  readonly subject_id?: string
}

/** The newest first. */
export async function selectMails(sql: Database, filter: MailFilter, limit: number): Promise<MailRow[]> {
  const { status, subject_id } = filter
  const isOfStatus = status === 'unsent' ? sql`status <> 'sent'` : sql`status = ${status}`
  // Said as well, so that the index of mails that have not gone out can answer.
  const isUnsent = status === 'sent' ? sql`` : sql`and status <> 'sent'`
  const isAbout = subject_id === undefined ? sql`` : sql`and subject_id = ${subject_id}`
  return sql<MailRow[]>`
    select ${sql(row)} from mails where ${isOfStatus} ${isUnsent} ${isAbout} order by id desc limit ${limit}`
}

export async function selectMail(sql: Database, id: string): Promise<MailRow | null> {
  const [mail] = await sql<MailRow[]>`select ${sql(row)} from mails where id = ${id}`
  return mail ?? null
}

export type MailKey = Pick<MailRow, 'account_id' | 'id'>

/** Nobody else changes it until the transaction ends. */
export async function lockMail(tx: Database, { account_id, id }: MailKey): Promise<MailRow | null> {
  const [mail] = await tx<MailRow[]>`
    select ${tx(row)} from mails where account_id = ${account_id} and id = ${id} for update`
  return mail ?? null
}

/** Due now, as if it had never been tried; its last error stays to be read. */
export async function requeueMail(tx: Database, { account_id, id }: MailKey, now: Date): Promise<void> {
  await tx`
    update mails set status = 'queued', attempts = 0, due_at = ${now}, requeued_at = ${now}, ended_at = null, leased_until = null
    where account_id = ${account_id} and id = ${id} and status = 'failed'`
}

/** Ids after `after` of mails that were given up until `ended_until` and whose text is still there, in their order. */
export async function selectFailedIds(
  sql: Database,
  after: string,
  ended_until: Date,
  limit: number,
): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select id from mails
    where status <> 'sent' and status = 'failed' and recipient is not null and ended_at <= ${ended_until} and id > ${after}
    order by id limit ${limit}`
  return rows.map(({ id }) => id)
}

/** Forgets whom and what mails from before then told; one that was never sent until then is given up. Returns how many. */
export async function clearOldMails(sql: Database, before: Date, now: Date, limit: number): Promise<number> {
  const rows = await sql`
    update mails set recipient = null, title = null, body = null, last_error = null, leased_until = null, due_at = null,
      status = case status when 'queued' then 'failed' else status end, ended_at = coalesce(ended_at, ${now})
    where (account_id, id) in (
        select account_id, id from mails where recipient is not null and created_at < ${before} order by created_at limit ${limit})
      and recipient is not null
    returning id`
  return rows.length
}

/** Addresses of people who act for a provider in one of these roles and have not been turned off. */
export async function selectProviderAddresses(
  sql: Database,
  provider_id: string,
  roles: readonly string[],
): Promise<string[]> {
  const rows = await sql<{ email: string }[]>`
    select email from provider_people join auth_user on auth_user.id = user_id
    where provider_id = ${provider_id} and active and role in ${sql(roles)} order by email limit 100`
  return rows.map(({ email }) => email)
}
