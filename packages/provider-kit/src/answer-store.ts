/** Where answers are kept, so that a repeated request gets the first answer. */
import type { HttpAnswer } from './http.ts'

export type StoredAnswer = { readonly bodyHash: string; readonly answer: HttpAnswer }

export type IdempotencyStore = {
  /** Takes the key when it is free: 'new'. 'running' = taken, and not answered yet. Must be atomic. */
  begin(key: string, bodyHash: string): Promise<'new' | 'running' | StoredAnswer>
  /** Keeps the answer at least `keepMs`. */
  finish(key: string, answer: HttpAnswer, keepMs: number): Promise<void>
  /** Frees the key: the work failed and may be tried again, or an appeal was closed. */
  forget(key: string): Promise<void>
}

const entries_max = 100_000
const running_max_ms = 120_000

type Entry = { readonly bodyHash: string; answer: HttpAnswer | null; until_ms: number }

/**
 * In the memory of one process: at most 100,000 keys, the oldest go first. A provider that runs more than one process, or
 * restarts while payments are open, uses `postgresStore` or a store of his own.
 */
export function memoryStore(now: () => number = Date.now): IdempotencyStore {
  const entries = new Map<string, Entry>()
  return {
    async begin(key, bodyHash) {
      const found = entries.get(key)
      if (found && found.until_ms > now()) {
        return found.answer ? { bodyHash: found.bodyHash, answer: found.answer } : 'running'
      }
      entries.delete(key)
      for (const oldest of entries.keys()) {
        if (entries.size < entries_max) break
        entries.delete(oldest)
      }
      entries.set(key, { bodyHash, answer: null, until_ms: now() + running_max_ms })
      return 'new'
    },
    async finish(key, answer, keepMs) {
      const found = entries.get(key)
      if (found) Object.assign(found, { answer, until_ms: now() + keepMs })
    },
    async forget(key) {
      entries.delete(key)
    },
  }
}

/** The table `postgresStore` needs. */
export const postgresStoreTable = `create table if not exists cascade_answers (
  key text primary key,
  body_hash text not null,
  answer json,
  expires_at timestamptz not null
)`

/** What is used of a `Pool` or `Client` of the package `pg`. */
export type Queryable = {
  query(text: string, values: unknown[]): Promise<{ rows: Record<string, unknown>[] }>
}

/**
 * In PostgreSQL, in the table of `postgresStoreTable`, for any number of processes. A key whose process died is free again
 * after two minutes. Rows over their time are overwritten; delete them whenever it suits: `expires_at < now()`.
 */
export function postgresStore(pool: Queryable): IdempotencyStore {
  return {
    async begin(key, bodyHash) {
      const { rows } = await pool.query(
        `with taken as (
           insert into cascade_answers as a (key, body_hash, expires_at)
           values ($1, $2, now() + interval '2 minutes')
           on conflict (key) do update set body_hash = excluded.body_hash, answer = null, expires_at = excluded.expires_at
             where a.expires_at <= now()
           returning key)
         select (select count(*) from taken)::int as taken, a.body_hash, a.answer
         from (select 1) as one left join cascade_answers a on a.key = $1`,
        [key, bodyHash],
      )
      const row = rows[0] ?? {}
      if (row.taken === 1) return 'new'
      // Taken by another between our two looks: its row is not in our snapshot yet.
      return row.answer ? { bodyHash: String(row.body_hash), answer: row.answer as HttpAnswer } : 'running'
    },
    async finish(key, answer, keepMs) {
      await pool.query(
        `update cascade_answers set answer = $2::json, expires_at = now() + $3 * interval '1 millisecond' where key = $1`,
        [key, JSON.stringify(answer), keepMs],
      )
    },
    async forget(key) {
      await pool.query('delete from cascade_answers where key = $1', [key])
    },
  }
}
