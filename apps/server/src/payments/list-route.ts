/** `GET /payment-invoices`: pages of the account's payments. Merchant API contract 6.2–6.4. */
import type { FastifyInstance } from 'fastify'
import { readCallbackLogs } from '../callbacks/read-logs.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import { privateRoute } from '../http/private-route.ts'
import type { PrivateCall, Reply } from '../http/routes.ts'
import { listPayments, type PaymentPage } from './list-payments.ts'
import { type ListRequest, readListRequest } from './list-request.ts'
import type { Cursor } from './list-table.ts'
import { paymentListQuery } from './request-schema.ts'
import { paymentResource } from './resource.ts'
import { paymentListReply } from './resource-schema.ts'

export function listRoute(app: FastifyInstance, ctx: Context, tag: string): void {
  privateRoute(app, ctx, {
    method: 'GET',
    path: '/payment-invoices',
    summary: 'List payment invoices, newest first',
    tag,
    query: paymentListQuery,
    reply: paymentListReply,
    success: 200,
    handle: (call) => list(ctx, call),
  })
}

async function list(ctx: Context, { account, query }: PrivateCall): Promise<Reply> {
  const exponents = await currencies(ctx)
  const request = readListRequest(query, { isCurrency: (code) => exponents.has(code) })
  const page = await listPayments(ctx, account, request)
  const ids = page.payments.map(({ id }) => id)
  const logs = await readCallbackLogs(ctx.sql, account.id, ids)
  const data = page.payments.map((payment) =>
    paymentResource({ payment, account, logs: logs.get(payment.id) ?? null, exponents }),
  )
  return { status: 200, body: { ...frame(request, page), data } }
}

function frame(request: ListRequest, { payments, next, prev }: PaymentPage): { meta: object; links: object } {
  const first = payments[0]?.id ?? ''
  const last = payments.at(-1)?.id ?? ''
  const [before, after] = request.sort.descending ? [last, first] : [first, last]
  const link = (cursor: Cursor | null): string => {
    if (cursor === null) return ''
    const place = `page[${cursor.side === 'smaller' ? 'before' : 'after'}]=${cursor.id}`
    return `/api/payment-invoices?${[...request.kept, place].join('&')}`
  }
  return {
    meta: { count: payments.length, size: request.size, before, after },
    links: { prev: link(prev), next: link(next) },
  }
}
