/** The prepaid balance: figures, every booking, totals of days. */
import { formatFixed } from '@cascad/money'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { exportStatement } from '../cascades/export-statement.ts'
import type { Provider } from '../cascades/provider.ts'
import { readBalanceLevel } from '../cascades/read-balance-level.ts'
import { readStatement, type StatementLine, type StatementRequest } from '../cascades/read-statement.ts'
import { sumStatementDays } from '../cascades/sum-statement-days.ts'
import type { Context } from '../context.ts'
import { isId } from '../ids.ts'
import { type ProviderCode, providerBookings } from '../ledger/rules/provider-transfers.ts'
import { csvFile } from './csv.ts'
import {
  type Balance,
  balanceBody,
  type Statement,
  type StatementDays,
  statementBody,
  statementDaysBody,
} from './documents.ts'
import { invalidFields } from './provider-problem.ts'
import { type ProviderCall, providerRoute } from './provider-route.ts'
import { cursorQuery, limitOf, limitQuery, periodOf, periodQuery, withCursor, wordsOf } from './query-values.ts'
import { createSharedLimit } from './shared-limit.ts'
import { type Column, type Rows, workbook_type, workbookFile, workbooks_of_person } from './workbook.ts'

const kinds = Object.keys(providerBookings) as ProviderCode[]
const filters = { ...periodQuery, kind: Type.String({ description: `Of ${kinds.join(', ')}; several between commas` }) }
const day_ms = 86_400_000
const days_max = 366
const days_usual = 30

export function balanceRoutes(app: FastifyInstance, ctx: Context): void {
  const workbooks = createSharedLimit(ctx, 'workbooks', workbooks_of_person)
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/balance',
    role: 'viewer',
    summary: 'The figures of the balance',
    reply: balanceBody,
    handle: ({ provider, test_mode }) => balanceOf(ctx, provider, test_mode),
  })
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/statement',
    role: 'viewer',
    summary: 'Every booking, newest first',
    query: { ...filters, cursor: cursorQuery, limit: limitQuery },
    reply: statementBody,
    async handle(call): Promise<Statement> {
      const { provider, query, test_mode } = call
      const place = query.cursor === undefined ? {} : { cursor: query.cursor }
      const asked = { test_mode, ...periodOf(query), ...codesOf(call), ...place, limit: limitOf(query) }
      const { lines, cursor } = await withCursor(() => readStatement(ctx.sql, provider, asked))
      return { lines: lines.map((line) => lineOf(provider, line)), cursor }
    },
  })
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/statement.csv',
    role: 'viewer',
    summary: 'Every booking as a file, newest first',
    query: filters,
    reply: { file: 'text/csv' },
    async handle(call) {
      const asked = { test_mode: call.test_mode, ...periodOf(call.query), ...codesOf(call) }
      return csvFile(`statement-${call.mode}`, exportStatement(ctx.sql, call.provider, asked))
    },
  })
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/statement.xlsx',
    role: 'viewer',
    summary: 'The same for spreadsheets, at most 20,000 lines',
    query: filters,
    reply: { file: workbook_type },
    async handle(call) {
      await workbooks.take(call.person.id)
      const asked = { test_mode: call.test_mode, ...periodOf(call.query), ...codesOf(call) }
      return workbookFile(`statement-${call.mode}`, columns, statementPages(ctx, call.provider, asked))
    },
  })
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/statement/days',
    role: 'viewer',
    summary: 'What was booked on each day, by kind, newest day first; the last 30 days unless a period is given',
    query: periodQuery,
    reply: statementDaysBody,
    async handle({ provider, test_mode, query }): Promise<StatementDays> {
      const given = periodOf(query)
      const to = given.to ?? ctx.now()
      const from = given.from ?? new Date(to.getTime() - days_usual * day_ms)
      if (to.getTime() - from.getTime() > days_max * day_ms)
        throw invalidFields({ from: `is more than ${days_max} days before the end` })
      const rows = await sumStatementDays(ctx.sql, provider, { test_mode, from, to })
      return { days: [...Map.groupBy(rows, ({ day }) => day)].map(([day, all]) => dayOf(provider, day, all)) }
    },
  })
}

/** Those of the CSV file, which `cascades/export-statement.ts` writes. */
const columns = [
  { name: 'time', kind: 'time' },
  { name: 'kind', kind: 'text' },
  { name: 'reference', kind: 'text' },
  { name: 'payment', kind: 'text' },
  { name: 'amount', kind: 'amount' },
  { name: 'change', kind: 'amount' },
  { name: 'available_before', kind: 'amount' },
  { name: 'available_after', kind: 'amount' },
  { name: 'currency', kind: 'text' },
] as const satisfies readonly Column[]
const page_lines = 1000

async function* statementPages(
  ctx: Context,
  provider: Provider,
  asked: Omit<StatementRequest, 'cursor' | 'limit'>,
): AsyncGenerator<Rows> {
  const text = (minor: bigint): string => formatFixed(minor, provider.settlement_scale)
  let cursor: string | null | undefined
  while (cursor !== null) {
    const place = cursor ? { cursor } : {}
    const page = await readStatement(ctx.sql, provider, { ...asked, ...place, limit: page_lines })
    yield page.lines.map((line) => [
      line.created_at.toISOString(),
      line.code,
      line.reference,
      line.payment_id,
      text(line.amount_minor),
      text(line.change_minor),
      text(line.available_before_minor),
      text(line.available_after_minor),
      provider.settlement_currency,
    ])
    cursor = page.cursor
  }
}

/** Also a part of the overview. */
export async function balanceOf(ctx: Context, provider: Provider, test_mode: boolean): Promise<Balance> {
  const { figures, level } = await readBalanceLevel(ctx, provider, test_mode)
  const text = (minor: bigint): string => formatFixed(minor, provider.settlement_scale)
  return {
    currency: provider.settlement_currency,
    available: text(figures.available_minor),
    held: text(figures.held_minor),
    frozen: text(figures.frozen_minor),
    withdrawing: text(figures.withdrawing_minor),
    total: text(figures.total_minor),
    low_balance_alert: text(provider.low_balance_alert_minor),
    level,
  }
}

function codesOf({ query }: ProviderCall): { readonly codes?: readonly ProviderCode[] } {
  const { words } = wordsOf(query, 'kind', kinds)
  return words ? { codes: words } : {}
}

function lineOf(provider: Provider, line: StatementLine): Statement['lines'][number] {
  const text = (minor: bigint): string => formatFixed(minor, provider.settlement_scale)
  const { subject_id, reference } = line
  return {
    id: line.id,
    at: line.created_at.toISOString(),
    kind: line.code,
    amount: text(line.amount_minor),
    change: text(line.change_minor),
    available_before: text(line.available_before_minor),
    available_after: text(line.available_after_minor),
    attempt_id: isId('attempt', subject_id) ? subject_id : null,
    reference: reference === subject_id && isId('attempt', subject_id) ? null : reference,
  }
}

function dayOf(
  provider: Provider,
  day: string,
  rows: Awaited<ReturnType<typeof sumStatementDays>>,
): StatementDays['days'][number] {
  const text = (minor: bigint): string => formatFixed(minor, provider.settlement_scale)
  return {
    day,
    change: text(rows.reduce((sum, { change_minor }) => sum + change_minor, 0n)),
    kinds: rows.map(({ code, count, amount_minor, change_minor }) => ({
      kind: code,
      count,
      amount: text(amount_minor),
      change: text(change_minor),
    })),
  }
}
