/** What the provider was asked for: history, one payment, and the history as a file. */
import { parseAmount } from '@cascad/money'
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { listAppealsOfAttempt } from '../appeals/find-appeal.ts'
import { listProviderPayments } from '../cascades/list-provider-payments.ts'
import type { Provider } from '../cascades/provider.ts'
import { type HistoryFilter, paymentFlags } from '../cascades/provider-history.ts'
import { readProviderPayment } from '../cascades/read-provider-payment.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import { isId } from '../ids.ts'
import { csvFile, csvLine } from './csv.ts'
import { type PaymentDetail, type Payments, paymentBody, paymentStates, paymentsBody } from './documents.ts'
import { type ExponentOf, paymentDetailOf, paymentRowOf } from './payment-document.ts'
import { invalidFields, notFound } from './provider-problem.ts'
import { type ProviderCall, providerRoute } from './provider-route.ts'
import { cursorQuery, limitOf, limitQuery, periodOf, periodQuery, withCursor, wordsOf } from './query-values.ts'
import { createSharedLimit } from './shared-limit.ts'
import { type Column, type Rows, workbook_type, workbookFile, workbooks_of_person } from './workbook.ts'

const methods = ['card', 'sbp', 'account'] as const

const filters = {
  ...periodQuery,
  state: Type.String({ description: `Of ${paymentStates.join(', ')}; several between commas` }),
  method: Type.String({ description: `Of ${methods.join(', ')}; several between commas` }),
  amount: Type.String({ pattern: '^[0-9]{1,15}([.][0-9]{1,8})?$', description: 'Exactly, in the payment currency' }),
  id: Type.String({ minLength: 1, maxLength: 128, description: 'Our attempt id or your own id' }),
  flag: Type.String({ description: `One of ${paymentFlags.join(', ')}` }),
  gateway_id: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }),
}

export function paymentRoutes(app: FastifyInstance, ctx: Context): void {
  const workbooks = createSharedLimit(ctx, 'workbooks', workbooks_of_person)
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/payments',
    role: 'viewer',
    summary: 'Payments, newest first',
    query: { ...filters, cursor: cursorQuery, limit: limitQuery },
    reply: paymentsBody,
    async handle(call): Promise<Payments> {
      const { provider, query } = call
      const exponentOf = await exponents(ctx)
      const filter = await filterOf(ctx, call)
      const place = query.cursor === undefined ? {} : { cursor: query.cursor }
      const page = await withCursor(() => listProviderPayments(ctx.sql, { ...filter, ...place, limit: limitOf(query) }))
      return { payments: page.rows.map((row) => paymentRowOf(row, provider, exponentOf)), cursor: page.cursor }
    },
  })
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/payments.csv',
    role: 'viewer',
    summary: 'Payments as a file, newest first, with the same filters',
    query: filters,
    reply: { file: 'text/csv' },
    async handle(call) {
      const filter = await filterOf(ctx, call)
      return csvFile(`payments-${call.mode}`, exportPayments(ctx, call.provider, filter))
    },
  })
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/payments.xlsx',
    role: 'viewer',
    summary: 'The same for spreadsheets, at most 20,000 lines',
    query: filters,
    reply: { file: workbook_type },
    async handle(call) {
      await workbooks.take(call.person.id)
      const filter = await filterOf(ctx, call)
      return workbookFile(`payments-${call.mode}`, columns, paymentPages(ctx, call.provider, filter))
    },
  })
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/payments/:attempt_id',
    role: 'viewer',
    summary: 'One payment with every call and booking',
    reply: paymentBody,
    async handle({ params, provider }): Promise<PaymentDetail> {
      const { attempt_id = '' } = params
      if (!isId('attempt', attempt_id)) throw notFound()
      const appeals = await listAppealsOfAttempt(ctx.sql, { provider_id: provider.id, attempt_id })
      const appeal_ids = appeals.map(({ id }) => id)
      const detail = await readProviderPayment(ctx, provider, attempt_id, appeal_ids)
      if (!detail) throw notFound()
      return paymentDetailOf(detail, appeals, provider, await exponents(ctx))
    },
  })
}

export async function exponents(ctx: Context): Promise<ExponentOf> {
  const known = await currencies(ctx)
  return (currency) => known.get(currency)?.exponent ?? 2
}

async function filterOf(ctx: Context, { provider, test_mode, query }: ProviderCall): Promise<HistoryFilter> {
  const { words: states } = wordsOf(query, 'state', paymentStates)
  const { words: chosen } = wordsOf(query, 'method', methods)
  const { words: flags } = wordsOf(query, 'flag', paymentFlags)
  if (flags && flags.length > 1) throw invalidFields({ flag: 'is to be one' })
  return {
    provider_id: provider.id,
    test_mode,
    ...periodOf(query),
    ...(states ? { states } : {}),
    ...(chosen ? { methods: chosen } : {}),
    ...(flags ? { flag: flags[0]! } : {}),
    ...(query.gateway_id === undefined ? {} : { gateway_id: Number(query.gateway_id) }),
    ...(query.id === undefined ? {} : { id: query.id }),
    ...(query.amount === undefined ? {} : { amounts: await amountsOf(ctx, query.amount) }),
  }
}

/** The amount in every currency that it can be an amount of. */
async function amountsOf(ctx: Context, text: string): Promise<NonNullable<HistoryFilter['amounts']>> {
  const byExponent = Map.groupBy((await currencies(ctx)).values(), ({ exponent }) => exponent)
  return [...byExponent].flatMap(([exponent, all]) => {
    const amount_minor = parseAmount(text, exponent)
    const fits = typeof amount_minor === 'bigint' && amount_minor < 2n ** 63n
    return fits ? [{ amount_minor, currencies: all.map(({ code }) => code) }] : []
  })
}

const columns = [
  { name: 'requested_at', kind: 'time' },
  { name: 'attempt_id', kind: 'text' },
  { name: 'provider_id', kind: 'text' },
  { name: 'method', kind: 'text' },
  { name: 'bank', kind: 'text' },
  { name: 'owner', kind: 'text' },
  { name: 'number', kind: 'text' },
  { name: 'amount', kind: 'amount' },
  { name: 'currency', kind: 'text' },
  { name: 'rate', kind: 'amount' },
  { name: 'settlement_amount', kind: 'amount' },
  { name: 'settlement_currency', kind: 'text' },
  { name: 'state', kind: 'text' },
  { name: 'flags', kind: 'text' },
  { name: 'reason', kind: 'text' },
  { name: 'expires_at', kind: 'time' },
  { name: 'ended_at', kind: 'time' },
  { name: 'paid_at', kind: 'time' },
] as const satisfies readonly Column[]

const page_rows = 1000

async function* exportPayments(ctx: Context, provider: Provider, filter: HistoryFilter): AsyncGenerator<string> {
  yield csvLine(columns.map(({ name }) => name))
  for await (const rows of paymentPages(ctx, provider, filter)) if (rows.length > 0) yield rows.map(csvLine).join('')
}

/** In pieces of up to 1,000 rows: none waits for the whole, and no transaction is held. */
async function* paymentPages(ctx: Context, provider: Provider, filter: HistoryFilter): AsyncGenerator<Rows> {
  const exponentOf = await exponents(ctx)
  let cursor: string | null | undefined
  while (cursor !== null) {
    const place = cursor === undefined ? {} : { cursor }
    const page = await listProviderPayments(ctx.sql, { ...filter, ...place, limit: page_rows })
    yield page.rows.map((row) => {
      const { flags, provider_reference, ...document } = paymentRowOf(row, provider, exponentOf)
      const shown = { ...document, provider_id: provider_reference, flags: flags.join(' ') }
      return columns.map(({ name }) => shown[name])
    })
    cursor = page.cursor
  }
}
