/**
 * SQL of payment lists: keyset pages, no offset, no count. The usual order is that of ids, because ids sort by creation; it
 * is answered by the primary key. Other sort keys are reckoned per row of the account.
 */
import { lastLogWrite } from '../callbacks/last-log-write.ts'
import type { Database, Fragment } from '../database/connect.ts'
import { firstIdAt } from '../ids.ts'
import type { Payment } from './payment.ts'
import { type PaymentRow, toPayment } from './table.ts'

type Comparison = 'eq' | 'gt' | 'gte' | 'lt' | 'lte'

/** One filter, ready for a statement. All are joined by "and". */
export type PaymentCondition =
  | {
      readonly kind: 'text'
      readonly column: TextColumn
      readonly operator: 'eq' | 'ne' | 'in'
      readonly values: readonly string[]
    }
  | { readonly kind: 'customer'; readonly ids: readonly string[] }
  | { readonly kind: 'test_mode'; readonly value: boolean }
  /** Decimal text in major units of the row's own currency. */
  | {
      readonly kind: 'amount'
      readonly column: 'amount' | 'payment_amount'
      readonly operator: Comparison
      readonly value: string
    }
  /** Whole unix seconds, as the document shows them. */
  | { readonly kind: 'time'; readonly column: TimeColumn; readonly operator: Comparison; readonly second: number }

export type TextColumn =
  | 'id'
  | 'reference_id'
  | 'service'
  | 'service_method'
  | 'currency'
  | 'service_currency'
  | 'source'
  | 'resolution'
  | 'status'
  | 'payment_flow'
type TimeColumn = 'created' | 'updated' | 'processed'

export type SortField = 'created' | 'updated' | 'amount' | 'processed'

/** What a page is taken from. */
export type PaymentSelection = {
  readonly account_id: string
  readonly conditions: readonly PaymentCondition[]
  readonly sort: { readonly field: SortField; readonly descending: boolean }
  /** Decimals of every currency: amounts of different currencies are compared in major units. */
  readonly exponents: ReadonlyMap<string, { readonly exponent: number }>
}

/** Rows beyond a payment of the account, on the side of smaller or larger keys. */
export type Cursor = { readonly id: string; readonly side: 'smaller' | 'larger' }

const decimalsMax = 12
const day_ms = 86_400_000

/** Up to `limit` payments, those nearest to the cursor first; without one from the largest or smallest key on. */
export async function selectPage(
  sql: Database,
  selection: PaymentSelection,
  from: { readonly cursor: Cursor | null; readonly direction: 'falling' | 'rising'; readonly limit: number },
): Promise<Payment[]> {
  const order = from.direction === 'falling' ? sql`desc` : sql`asc`
  const keys =
    selection.sort.field === 'created' ? sql`p.id ${order}` : sql`${sortKey(sql, selection)} ${order}, p.id ${order}`
  const rows = await sql<PaymentRow[]>`
    select p.* from payments p where ${where(sql, selection)}${beyond(sql, selection, from.cursor)} order by ${keys} limit ${from.limit}`
  return rows.map(toPayment)
}

/** Is there any payment on that side? */
export async function existsBeyond(sql: Database, selection: PaymentSelection, cursor: Cursor): Promise<boolean> {
  const rows =
    await sql`select 1 from payments p where ${where(sql, selection)}${beyond(sql, selection, cursor)} limit 1`
  return rows.length === 1
}

/** Does the account have this payment? */
export async function existsPayment(sql: Database, account_id: string, id: string): Promise<boolean> {
  const rows = await sql`select 1 from payments where account_id = ${account_id} and id = ${id}`
  return rows.length === 1
}

function where(sql: Database, selection: PaymentSelection): Fragment {
  return selection.conditions.reduce<Fragment>(
    (all, condition) => sql`${all} and ${conditionOf(sql, selection, condition)}`,
    sql`p.account_id = ${selection.account_id}`,
  )
}

function beyond(sql: Database, selection: PaymentSelection, cursor: Cursor | null): Fragment {
  if (cursor === null) return sql``
  const operator = cursor.side === 'smaller' ? sql`<` : sql`>`
  if (selection.sort.field === 'created') return sql` and p.id ${operator} ${cursor.id}`
  const key = sortKey(sql, selection)
  return sql` and (${key}, p.id) ${operator} (
    select ${key}, p.id from payments p where p.account_id = ${selection.account_id} and p.id = ${cursor.id})`
}

/** Never null: a payment without the time comes last in either order. */
function sortKey(sql: Database, { sort, exponents }: PaymentSelection): Fragment {
  if (sort.field === 'amount') return inSmallestParts(sql, sql`p.amount_minor`, exponents)
  if (sort.field === 'updated') return updated(sql)
  return sort.descending ? sql`coalesce(p.processed_at, '-infinity')` : sql`coalesce(p.processed_at, 'infinity')`
}

function conditionOf(sql: Database, { exponents }: PaymentSelection, condition: PaymentCondition): Fragment {
  if (condition.kind === 'text') return textCondition(sql, condition)
  if (condition.kind === 'customer') return sql`p.customer_id = any (${[...condition.ids]}::text[])`
  if (condition.kind === 'test_mode') return sql`p.test_mode = ${condition.value}`
  if (condition.kind === 'time') return timeCondition(sql, condition)
  const column = condition.column === 'amount' ? sql`p.amount_minor` : sql`p.payment_amount_minor`
  const operator = operators(sql)[condition.operator]
  return sql`${inSmallestParts(sql, column, exponents)} ${operator} ${condition.value}::text::numeric * ${smallest(0)}::text::numeric`
}

function textCondition(
  sql: Database,
  { column, operator, values }: Extract<PaymentCondition, { kind: 'text' }>,
): Fragment {
  const name = sql(`p.${column}`)
  const found = sql`${name} = any (${[...values]}::text[])`
  if (operator === 'ne') return sql`(${found}) is not true`
  // The unique index has test_mode before reference_id; naming both modes lets it be used.
  return column === 'reference_id' ? sql`p.test_mode = any (array[true, false]) and ${found}` : found
}

/** The column falls into the whole seconds that the operator allows. */
function timeCondition(sql: Database, condition: Extract<PaymentCondition, { kind: 'time' }>): Fragment {
  const { operator, second } = condition
  const from = operator === 'eq' || operator === 'gte' ? second : operator === 'gt' ? second + 1 : null
  const until = operator === 'eq' || operator === 'lte' ? second + 1 : operator === 'lt' ? second : null
  const column =
    condition.column === 'created'
      ? sql`p.created_at`
      : condition.column === 'updated'
        ? updated(sql)
        : sql`p.processed_at`
  const parts = [sql`${column} is not null`]
  if (from !== null) parts.push(sql`${column} >= ${new Date(from * 1000)}`)
  if (until !== null) parts.push(sql`${column} < ${new Date(until * 1000)}`)
  // The time in the id finds the place in the primary key. It is never behind created_at, and ahead of it by a day only if a
  // process went on after its clock was set back by that much.
  if (condition.column === 'created' && from !== null)
    parts.push(sql`p.id >= ${firstIdAt('payment', new Date(from * 1000))}`)
  if (condition.column === 'created' && until !== null)
    parts.push(sql`p.id < ${firstIdAt('payment', new Date(until * 1000 + day_ms))}`)
  return parts.reduce((all, part) => sql`${all} and ${part}`)
}

/** `updated` of the document: the later of the payment's change and its last callback log. */
function updated(sql: Database): Fragment {
  return sql`greatest(p.updated_at, ${lastLogWrite(sql, sql`p.account_id`, sql`p.id`)})`
}

/** An amount as a whole number of 10^-12 major units, whatever its currency. */
function inSmallestParts(sql: Database, column: Fragment, exponents: PaymentSelection['exponents']): Fragment {
  const scales = JSON.stringify(
    Object.fromEntries([...exponents].map(([code, { exponent }]) => [code, smallest(exponent)])),
  )
  return sql`${column} * (${scales}::text::jsonb ->> p.currency)::numeric`
}

function smallest(exponent: number): string {
  return `1${'0'.repeat(decimalsMax - exponent)}`
}

function operators(sql: Database): Record<Comparison, Fragment> {
  return { eq: sql`=`, gt: sql`>`, gte: sql`>=`, lt: sql`<`, lte: sql`<=` }
}
