/** The query of a payment list: page, filters, sort; everything that cannot be read is 400. Pure. Merchant API contract 6.2–6.4. */

import { Problem } from '../http/problem.ts'
import type { Query, QueryValue } from '../http/routes.ts'
import { isId } from '../ids.ts'
import type { Cursor, PaymentCondition, SortField, TextColumn } from './list-table.ts'
import { closedStatuses } from './payment.ts'
import { shownStatus, storedValues } from './rules/shown-status.ts'

export type ListRequest = {
  readonly size: number
  readonly cursor: Cursor | null
  readonly sort: { readonly field: SortField; readonly descending: boolean }
  readonly conditions: readonly PaymentCondition[]
  /** `cus_…` or the merchant's reference of a customer; every one of them must fit. */
  readonly customers: readonly string[]
  /** What links to other pages repeat, percent-encoded but for brackets. */
  readonly kept: readonly string[]
}

type Known = { readonly isCurrency: (code: string) => boolean }
type Operator = 'eq' | 'ne' | 'in' | 'gt' | 'gte' | 'lt' | 'lte'
type Asked = { readonly field: string; readonly operator: Operator; readonly value: string }
type Refuse = (detail: string) => Problem

const sizeUsual = 20
const sizeMax = 100
const conditionsMax = 20
const listedMax = 100
/** Last second of the year 9998: later ones are no times of payments, and PostgreSQL writes them in another form. */
const secondMax = 253_370_764_799

const texts = [
  'id',
  'serial_number',
  'reference_id',
  'service',
  'service_method',
  'currency',
  'service_currency',
  'source',
  'resolution',
  'status',
]
const amounts = ['amount', 'payment_amount']
const times = ['created', 'updated', 'processed']
const statuses: ReadonlySet<string> = new Set([
  ...[...closedStatuses].filter((status) => shownStatus(status) === status),
  'created',
  'processing',
  'process_pending',
  'process_error',
])
const comparisons: readonly Operator[] = ['eq', 'gt', 'gte', 'lt', 'lte']

const filterProblem: Refuse = (detail) => new Problem(400, { title: 'Invalid filter', detail })
const pageProblem: Refuse = (detail) => new Problem(400, { title: 'Invalid page', detail })

/** Reads the whole query; throws Problem 400. That the cursor's payment exists is for the database to say. */
export function readListRequest(query: Query, known: Known): ListRequest {
  const { size, cursor } = readPage(query.page)
  const sort = readSort(query.sort)
  const asked = readFilter(query.filter)
  const customers: string[] = []
  const conditions: PaymentCondition[] = []
  for (const one of asked) {
    if (one.field === 'customer') customers.push(one.value)
    else conditions.push(conditionOf(one, known))
  }
  const kept = asked.map(({ field, operator, value }) => {
    const key = operator === 'eq' ? `filter[${field}]` : `filter[${field}][${operator}]`
    return `${key}=${encodeURIComponent(value)}`
  })
  if (query.sort !== undefined) kept.push(`sort=${sort.descending ? '-' : ''}${sort.field}`)
  return { size, cursor, sort, conditions, customers, kept: [`page[size]=${size}`, ...kept] }
}

function readPage(page: QueryValue | undefined): { size: number; cursor: Cursor | null } {
  if (page === undefined) return { size: sizeUsual, cursor: null }
  if (typeof page === 'string' || Array.isArray(page))
    throw pageProblem('Use page[size], page[before] and page[after].')
  const { size, before, after } = page
  if (
    size !== undefined &&
    (typeof size !== 'string' || !/^\d{1,3}$/.test(size) || Number(size) < 1 || Number(size) > sizeMax)
  ) {
    throw pageProblem(`page[size] must be a whole number from 1 to ${sizeMax}.`)
  }
  if (before !== undefined && after !== undefined) throw pageProblem('page[before] and page[after] cannot be combined.')
  const id = before ?? after
  const chosen = size === undefined ? sizeUsual : Number(size)
  if (id === undefined) return { size: chosen, cursor: null }
  if (typeof id !== 'string' || !isId('payment', id)) throw unknownCursor()
  return { size: chosen, cursor: { id, side: before === undefined ? 'larger' : 'smaller' } }
}

/** Also for a well-formed id that is not a payment of the account. */
export function unknownCursor(): Problem {
  return pageProblem('page[before] and page[after] take the id of one of your payment invoices.')
}

function readSort(sort: QueryValue | undefined): ListRequest['sort'] {
  if (sort === undefined) return { field: 'created', descending: true }
  const match = typeof sort === 'string' ? /^(-?)(created|updated|amount|processed)$/.exec(sort) : null
  if (!match)
    throw new Problem(400, { title: 'Invalid sort', detail: 'Sort by one of created, updated, amount, processed.' })
  return { field: match[2] as SortField, descending: match[1] === '-' }
}

function readFilter(filter: QueryValue | undefined): Asked[] {
  if (filter === undefined) return []
  if (typeof filter === 'string' || Array.isArray(filter)) throw filterProblem('Use the form filter[field]=value.')
  const asked: Asked[] = []
  for (const [field, given] of Object.entries(filter)) {
    const operators = operatorsOf(field)
    if (Array.isArray(given)) throw filterProblem(`"${field}" must be given once per operator.`)
    const entries = typeof given === 'string' ? { eq: given } : given
    for (const [operator, value] of Object.entries(entries)) {
      if (!operators.some((allowed) => allowed === operator))
        throw filterProblem(`Operator "${operator}" is not supported for "${field}".`)
      if (typeof value !== 'string') throw filterProblem(`"${field}" must be a text.`)
      if (value.trim() === '' || value.includes('\0') || !value.isWellFormed())
        throw filterProblem(`The value of "${field}" is empty or not a text.`)
      asked.push({ field, operator: operator as Operator, value: value.trim() })
    }
  }
  if (asked.length > conditionsMax) throw filterProblem(`There may be no more than ${conditionsMax} conditions.`)
  return asked
}

function operatorsOf(field: string): readonly Operator[] {
  if (texts.includes(field)) return ['eq', 'ne', 'in']
  if (amounts.includes(field) || times.includes(field)) return comparisons
  if (field === 'customer' || field === 'payment_flow' || field === 'test_mode') return ['eq']
  throw filterProblem(`"${field}" is not a field to filter by.`)
}

function conditionOf(asked: Asked, known: Known): PaymentCondition {
  const { field, operator, value } = asked
  if (times.includes(field)) {
    if (!/^\d{1,12}$/.test(value) || Number(value) > secondMax) throw filterProblem(`"${field}" must be unix seconds.`)
    return { kind: 'time', column: field as 'created', operator: operator as 'eq', second: Number(value) }
  }
  if (amounts.includes(field)) {
    if (!/^-?\d{1,20}(\.\d{1,20})?$/.test(value)) throw filterProblem(`"${field}" must be a number.`)
    return { kind: 'amount', column: field as 'amount', operator: operator as 'eq', value }
  }
  if (field === 'test_mode') {
    if (!/^(true|false|1|0)$/.test(value)) throw filterProblem('"test_mode" must be true or false.')
    return { kind: 'test_mode', value: value === 'true' || value === '1' }
  }
  return textCondition(asked, known)
}

function textCondition({ field, operator, value }: Asked, known: Known): PaymentCondition {
  const sent = operator === 'in' ? value.split(',').map((item) => item.trim()) : [value]
  if (sent.includes('')) throw filterProblem(`The list of "${field}" has an empty value.`)
  if (sent.length > listedMax) throw filterProblem(`The list of "${field}" may have no more than ${listedMax} values.`)
  const values = sent.flatMap((item) => storedValues(field, normalised(field, item, known)))
  const column = (field === 'serial_number' ? 'id' : field) as TextColumn
  return { kind: 'text', column, operator: operator as 'eq', values }
}

/** The value as rows have it; 400 for a code that does not exist. */
function normalised(field: string, value: string, known: Known): string {
  if (field === 'serial_number') return `cpi_${value}`
  if (field === 'resolution') return value.toLowerCase()
  if (field === 'status' && !statuses.has(value)) throw filterProblem(`"${value}" is not a status.`)
  if (field === 'payment_flow' && value !== 'charge' && value !== 'verify')
    throw filterProblem('"payment_flow" must be charge or verify.')
  if (field !== 'currency' && field !== 'service_currency') return value
  const code = value.toUpperCase()
  if (!known.isCurrency(code)) throw filterProblem(`"${value}" is not a currency.`)
  return code
}
