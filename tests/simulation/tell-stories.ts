/** What is stored of payments that broke a rule, and what their providers have: the database is gone when somebody asks why. */
import type { Product } from '../product/product.ts'
import type { RunResult } from './run.ts'

const payments_max = 5

/** A line each, oldest first; of the first payments only. */
export async function tellStories({ ctx: { sql }, simulators }: Product, { broken }: RunResult): Promise<string[]> {
  const ids = [...new Set(broken.flatMap((line) => line.match(/\bcpi_\w{16}\b/g) ?? []))].slice(0, payments_max)
  const lines: string[] = []
  for (const id of ids) {
    const attempts = await sql<{ reference: string; row: string }[]>`
      select reference, json_strip_nulls(row_to_json(a))::text as row from attempts a where payment_id = ${id} order by number`
    const references = attempts.map(({ reference }) => reference)
    const told = await sql<{ row: string }[]>`
      select json_build_object('received', received_at, 'handled', handled_at, 'status', status, 'detail', detail, 'body', body)::text as row
      from provider_events where body like any (${references.map((reference) => `%${reference}%`)}) order by received_at`
    const ordered = await sql<{ row: string }[]>`
      select json_strip_nulls(row_to_json(o))::text as row from operations o where payment_id = ${id} order by created_at`
    const entries = simulators.control.ledger().filter(({ reference }) => references.includes(reference))
    lines.push(
      id,
      ...attempts.map(({ row }) => `  attempt ${row}`),
      ...told.map(({ row }) => `  told ${row}`),
      ...ordered.map(({ row }) => `  operation ${row}`),
      ...entries.map((entry) => `  provider ${JSON.stringify(entry)}`),
    )
  }
  return lines
}
