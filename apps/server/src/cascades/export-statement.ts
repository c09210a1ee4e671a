import { formatFixed } from '@cascad/money'
import type { Database } from '../database/connect.ts'
import type { Provider } from './provider.ts'
import { readStatement, type StatementLine, type StatementRequest } from './read-statement.ts'

const columns = 'time,kind,reference,payment,amount,change,available_before,available_after,currency'
const page_lines = 1000

type Exported = Pick<Provider, 'id' | 'settlement_currency' | 'settlement_scale'>

/** The statement as CSV (RFC 4180), in pieces of up to 1,000 lines: no piece waits for the whole, and no transaction is held. */
export async function* exportStatement(
  sql: Database,
  provider: Exported,
  period: Pick<StatementRequest, 'test_mode' | 'from' | 'to' | 'codes'>,
): AsyncGenerator<string> {
  yield `${columns}\r\n`
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page = await readStatement(sql, provider, { ...period, ...(cursor ? { cursor } : {}), limit: page_lines })
    if (page.lines.length > 0) yield page.lines.map((line) => `${rowOf(provider, line)}\r\n`).join('')
    cursor = page.cursor
  }
}

/** Ids, codes, numbers and a time: nothing that would need quotes. */
function rowOf({ settlement_currency, settlement_scale }: Exported, line: StatementLine): string {
  const { amount_minor, change_minor, available_before_minor, available_after_minor } = line
  const amounts = [amount_minor, change_minor, available_before_minor, available_after_minor]
  return [
    line.created_at.toISOString(),
    line.code,
    line.reference,
    line.payment_id ?? '',
    ...amounts.map((minor) => formatFixed(minor, settlement_scale)),
    settlement_currency,
  ].join(',')
}
