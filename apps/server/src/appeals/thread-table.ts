/** SQL of what is said and handed in about an appeal: messages, files, and who fetched them. */
import type { Database, Fragment } from '../database/connect.ts'
import type { AppealMessage, FileFacts, FileType, MessageKind, Side } from './appeal.ts'
import type { AppealKey } from './table.ts'

export type NewMessage = {
  readonly id: string
  readonly side: Side
  readonly author: string
  readonly kind: MessageKind
  readonly internal: boolean
  readonly text: string
  readonly ip: string | null
  readonly created_at: Date
}

/** CTE guarded by `moved`. */
export function insertMessage(sql: Database, m: NewMessage): Fragment {
  return sql`new_message as (
    insert into appeal_messages (account_id, appeal_id, id, side, author, kind, internal, text, ip, created_at)
    select account_id, id, ${m.id}, ${m.side}, ${m.author}, ${m.kind}, ${m.internal}::boolean, ${m.text}, ${m.ip}::text,
      ${m.created_at}::timestamptz from moved
  )`
}

export type NewFile = FileFacts & {
  /** `null` = the receipt the appeal is opened with. */
  readonly message_id: string | null
  readonly sha256: Buffer
  readonly content_encrypted: Buffer
  readonly side: Side
  readonly created_at: Date
}

/** CTE guarded by `moved`; `index` tells the files of one statement apart. */
export function insertFile(sql: Database, f: NewFile, index: number): Fragment {
  return sql`${sql(`new_file_${index}`)} as (
    insert into receipts (account_id, appeal_id, id, message_id, name, type, size_bytes, sha256, content_encrypted, side, created_at)
    select account_id, id, ${f.id}, ${f.message_id}::text, ${f.name}, ${f.type}, ${f.size_bytes}::integer, ${f.sha256}::bytea,
      ${f.content_encrypted}::bytea, ${f.side}, ${f.created_at}::timestamptz from moved
  )`
}

type MessageRow = Omit<AppealMessage, 'files'>

/** Oldest first, with their files. */
export async function selectThread(sql: Database, key: AppealKey): Promise<AppealMessage[]> {
  const [rows, files] = await Promise.all([
    sql<MessageRow[]>`
      select account_id, appeal_id, id, side, author, kind, internal, text, created_at from appeal_messages
      where account_id = ${key.account_id} and appeal_id = ${key.id} order by id`,
    selectFiles(sql, key),
  ])
  return rows.map((row) => ({
    ...row,
    files: files.filter(({ message_id }) => message_id === row.id).map(factsOf),
  }))
}

export type FileRow = FileFacts & {
  readonly message_id: string | null
  readonly side: Side
  readonly deleted_at: Date | null
}

export async function selectFiles(sql: Database, key: AppealKey): Promise<FileRow[]> {
  return sql<FileRow[]>`
    select id, message_id, name, type, size_bytes, side, deleted_at from receipts
    where account_id = ${key.account_id} and appeal_id = ${key.id} order by id`
}

function factsOf({ id, name, type, size_bytes }: FileRow): FileFacts {
  return { id, name, type, size_bytes }
}

export type StoredFile = {
  readonly account_id: string
  readonly appeal_id: string
  readonly id: string
  readonly message_id: string | null
  readonly name: string
  readonly type: FileType
  readonly content_encrypted: Buffer
}

/** By its id alone, as its address names it; `null` when there is none or it is deleted. */
export async function selectFile(sql: Database, id: string): Promise<StoredFile | null> {
  const [file] = await sql<StoredFile[]>`
    select account_id, appeal_id, id, message_id, name, type, content_encrypted from receipts
    where id = ${id} and content_encrypted is not null`
  return file ?? null
}

export async function insertFetch(
  sql: Database,
  fetch: { readonly receipt_id: string; readonly at: Date; readonly ip: string; readonly way: 'link' | 'desk' },
): Promise<void> {
  await sql`insert into receipt_fetches ${sql(fetch)}`
}

export type Fetch = {
  readonly receipt_id: string
  readonly at: Date
  readonly ip: string
  readonly way: 'link' | 'desk'
}

/** The newest 50 of these files. */
export async function selectFetches(sql: Database, receipt_ids: readonly string[]): Promise<Fetch[]> {
  return sql<Fetch[]>`
    select receipt_id, at, ip, way from receipt_fetches where receipt_id = any (${[...receipt_ids]}) order by at desc limit 50`
}

/** Deletes the bytes of files whose appeals closed before then, a batch at a time. How many were deleted. */
export async function deleteOldFiles(
  sql: Database,
  { closed_before, now, limit }: { readonly closed_before: Date; readonly now: Date; readonly limit: number },
): Promise<number> {
  const rows = await sql`
    update receipts set content_encrypted = null, deleted_at = ${now}
    where (account_id, appeal_id, id) in (
      select r.account_id, r.appeal_id, r.id from receipts r
      join appeals a on a.account_id = r.account_id and a.id = r.appeal_id
      where r.deleted_at is null and r.created_at < ${closed_before} and a.closed_at < ${closed_before}
      order by r.created_at limit ${limit})
    returning 1`
  return rows.length
}
