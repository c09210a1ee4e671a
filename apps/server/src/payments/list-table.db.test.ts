import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import type { Context } from '../context.ts'
import { connect, type Sql } from '../database/connect.ts'
import { findPaymentById, findPaymentBySession } from './find-payment.ts'
import { type Cursor, selectPage } from './list-table.ts'
import { pendingPayment, sampleExponents } from './sample-payments.ts'
import { insertPayment } from './table.ts'

const own = 1_000
const others = 3_000
/** Each number is a time of its own. */
const id = (n: number): string => `cpi_${String(n).padStart(8, '0')}00000000`

let db: TestDatabase
let watched: Sql
let last: { readonly statement: string; readonly values: readonly unknown[] } = { statement: '', values: [] }

/** A merchant who has been quiet for long, among others who have not. */
before(async () => {
  db = await testDatabase()
  await insertPayment(db.sql, { ...pendingPayment, id: id(0), account_id: 'coma_quiet' }, [])
  const columns = await db.sql<{ name: string }[]>`
    select column_name as name from information_schema.columns where table_name = 'payments' order by ordinal_position`
  const values: Record<string, string> = {
    account_id: `case when n < ${own} then 'coma_quiet' else 'coma_busy' || n % 30 end`,
    id: `'cpi_' || lpad(n::text, 8, '0') || '00000000'`,
    session_id: `'cgi_' || lpad(n::text, 8, '0') || '00000000'`,
    reference_id: 'n::text',
  }
  await db.sql.unsafe(`
    insert into payments (${columns.map(({ name }) => name).join(', ')})
    select ${columns.map(({ name }) => values[name] ?? `p.${name}`).join(', ')}
    from payments p, generate_series(1, ${own + others}) n`)
  await db.sql`analyze payments`
  watched = connect(db.url, {
    connections_max: 1,
    application_name: 'test',
    watch: (statement, given) => {
      last = { statement, values: given }
    },
  })
})
after(async () => {
  await watched.end()
  await db.close()
})

/** Rows of payments that the last statement reads, given or thrown away. */
async function rowsRead(): Promise<number> {
  const { statement, values } = last
  const [row] = await db.sql.unsafe(`explain (analyze, format json) ${statement}`, values as string[])
  return readBy(JSON.parse(JSON.stringify(row?.['QUERY PLAN'])))
}

function readBy(plan: unknown): number {
  if (Array.isArray(plan)) return plan.reduce((sum: number, part) => sum + readBy(part), 0)
  if (plan === null || typeof plan !== 'object') return 0
  const node = plan as Record<string, unknown>
  const count = (name: string): number => Number(node[name] ?? 0)
  const read = node['Relation Name'] === 'payments' ? count('Actual Rows') + count('Rows Removed by Filter') : 0
  return read + readBy(node.Plan) + readBy(node.Plans)
}

test('a page of a quiet merchant reads no payment of the others', async () => {
  const selection = {
    account_id: 'coma_quiet',
    conditions: [],
    sort: { field: 'created', descending: true },
    exponents: sampleExponents,
  } as const
  const cursors: (Cursor | null)[] = [null, { id: id(500), side: 'smaller' }, { id: id(500), side: 'larger' }]
  for (const cursor of cursors) {
    const direction = cursor?.side === 'larger' ? 'rising' : 'falling'
    const page = await selectPage(watched, selection, { cursor, direction, limit: 21 })
    assert.equal(page.length, 21)
    assert.ok((await rowsRead()) <= 21, `${JSON.stringify(cursor)}: ${await rowsRead()} rows`)
  }
})

test('a payment is found by its id or session alone without a look at others', async () => {
  const ctx = { sql: watched } as unknown as Context
  assert.equal((await findPaymentById(ctx, id(1234)))?.reference_id, '1234')
  assert.ok((await rowsRead()) <= 1)
  const session_id = `cgi_${id(1234).slice(4)}`
  assert.equal((await findPaymentBySession(ctx, session_id))?.reference_id, '1234')
  assert.ok((await rowsRead()) <= 1)
})
