/** What many stored payments cost: creating and listing beside the same on an empty table. */
import { Pool } from 'undici'
import type { Sql } from '../../apps/server/src/database/connect.ts'
import { percentiles } from './load.ts'
import type { BenchWorld, Merchant } from './world.ts'

const batch = 100_000

/** Copies the newest payment of the database `count` times, spread over the merchants and over the past year. */
export async function storePayments(
  sql: Sql,
  merchants: readonly Merchant[],
  count: number,
  log: (line: string) => void,
): Promise<void> {
  const columns = await sql<{ name: string }[]>`
    select column_name as name from information_schema.columns where table_name = 'payments' order by ordinal_position`
  const ids = merchants.map(({ id }) => id)
  const values: Record<string, string> = {
    account_id: '($1::text[])[1 + n % array_length($1::text[], 1)]',
    // Older than every real id, in the order of n.
    id: `'cpi_' || lpad(n::text, 16, '0')`,
    reference_id: `'stored-' || n`,
    session_id: 'null',
    status: `'processed'`,
    due_at: 'null',
    created_at: `p.created_at - interval '1 year' * (($2::bigint - n)::float8 / $2::bigint)`,
    updated_at: `p.created_at - interval '1 year' * (($2::bigint - n)::float8 / $2::bigint)`,
  }
  const names = columns.map(({ name }) => name)
  const select = names.map((name) => values[name] ?? `p.${name}`)
  const text = `
    insert into payments (${names.join(', ')})
    select ${select.join(', ')} from generate_series($3::bigint, $4::bigint) n,
      (select * from payments order by id desc limit 1) p`
  for (let from = 1; from <= count; from += batch) {
    await sql.begin(async (tx) => {
      await tx.unsafe('set local statement_timeout = 0')
      await tx.unsafe(text, [ids, count, from, Math.min(count, from + batch - 1)] as never[])
    })
    log(`stored payments ${Math.min(count, from + batch - 1)} of ${count}`)
  }
  await sql.unsafe('vacuum (analyze) payments')
}

export type StoredResult = { readonly create_ms: number; readonly list_ms: number }

/** Median times of a creation and of the first two pages of a list, one request at a time. */
export async function measureStored(world: BenchWorld, rounds: number): Promise<StoredResult> {
  const pool = new Pool(world.url, { connections: 1 })
  const create_ms: number[] = []
  const list_ms: number[] = []
  const timed = async (
    into: number[],
    merchant: Merchant,
    method: 'GET' | 'POST',
    path: string,
    body?: string,
  ): Promise<string> => {
    const authorization = `Basic ${Buffer.from(`${merchant.id}:${merchant.api_key}`).toString('base64')}`
    const start = performance.now()
    const response = await pool.request({ method, path, headers: { authorization }, ...(body ? { body } : {}) })
    const text = await response.body.text()
    into.push(performance.now() - start)
    if (response.statusCode > 201) throw new Error(`${path} answered ${response.statusCode}: ${text.slice(0, 200)}`)
    return text
  }
  const wish = JSON.stringify({ amount: 100, currency: 'USD', service: 'payment_card_usd_hpp', test_mode: true })
  for (let round = 0; round < rounds; round += 1) {
    const merchant = world.merchants[round % world.merchants.length] as Merchant
    await timed(create_ms, merchant, 'POST', '/api/payment-invoices', wish)
    const first = await timed(list_ms, merchant, 'GET', '/api/payment-invoices?page[size]=20')
    const { links } = JSON.parse(first) as { links: { next: string } }
    if (links.next) await timed(list_ms, merchant, 'GET', links.next)
  }
  await pool.close()
  return { create_ms: percentiles(create_ms).p50, list_ms: percentiles(list_ms).p50 }
}
