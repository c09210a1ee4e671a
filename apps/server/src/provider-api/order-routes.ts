/** Money in and out of the balance: top-ups, withdrawals, and where these may go. */
import { formatFixed, parseAmount } from '@cascad/money'
import type { FastifyInstance } from 'fastify'
import { decideTopUp } from '../cascades/decide-top-up.ts'
import { decideWithdrawal } from '../cascades/decide-withdrawal.ts'
import { findTopUp, findWithdrawal } from '../cascades/find-balance-order.ts'
import { listTopUps, listWithdrawals } from '../cascades/list-balance-orders.ts'
import { type DestinationView, listDestinations } from '../cascades/list-destinations.ts'
import { orderTopUp } from '../cascades/order-top-up.ts'
import type { Provider } from '../cascades/provider.ts'
import { requestWithdrawal } from '../cascades/request-withdrawal.ts'
import { usableFrom } from '../cascades/rules/withdrawal-steps.ts'
import { saveDestination } from '../cascades/save-destination.ts'
import type { Context } from '../context.ts'
import { isId } from '../ids.ts'
import {
  type Destinations,
  destination,
  destinationsBody,
  newDestination,
  type TopUps,
  topUp,
  topUpOrder,
  topUpsBody,
  type Withdrawals,
  withdrawal,
  withdrawalOrder,
  withdrawalsBody,
} from './balance-documents.ts'
import { conflict, invalidFields, notFound } from './provider-problem.ts'
import { providerRoute } from './provider-route.ts'
import { cursorQuery, limitOf, limitQuery } from './query-values.ts'

type TopUpDocument = TopUps['top_ups'][number]
type WithdrawalDocument = Withdrawals['withdrawals'][number]
type DestinationDocument = Destinations['destinations'][number]

const paging = { cursor: cursorQuery, limit: limitQuery }
const notAsThingsStand = conflict('too_late', 'It cannot be cancelled any more.')

export function orderRoutes(app: FastifyInstance, ctx: Context): void {
  topUpRoutes(app, ctx)
  withdrawalRoutes(app, ctx)
  destinationRoutes(app, ctx)
}

function topUpRoutes(app: FastifyInstance, ctx: Context): void {
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/top-ups',
    role: 'viewer',
    summary: 'Top-ups, newest first',
    query: paging,
    reply: topUpsBody,
    async handle({ provider, test_mode, query }): Promise<TopUps> {
      const limit = limitOf(query)
      const page = { test_mode, ...beforeOf(query.cursor, 'top_up'), limit: limit + 1 }
      const rows = await listTopUps(ctx.sql, provider.id, page)
      return { top_ups: rows.slice(0, limit).map((row) => topUpOf(provider, row)), ...cursorAfter(rows, limit) }
    },
  })
  providerRoute(app, ctx, {
    method: 'POST',
    path: '/top-ups',
    role: 'finance',
    summary: 'Say that money was sent; an operator confirms it once it has arrived',
    action: 'top_up.create',
    body: topUpOrder,
    reply: topUp,
    async handle({ provider, test_mode, body, person, mode, commit }): Promise<TopUpDocument> {
      const reference = body.reference.trim()
      if (reference === '') throw invalidFields({ reference: 'must be given' })
      const order = { test_mode, amount_minor: amountOf(body.amount, provider), reference, ordered_by: person.email }
      const row = await commit(
        (tx) => orderTopUp({ ...ctx, sql: tx }, provider, order),
        ({ id }) => ({ id, amount: body.amount, mode }),
      )
      return topUpOf(provider, row)
    },
  })
  providerRoute(app, ctx, {
    method: 'POST',
    path: '/top-ups/:id/cancel',
    role: 'finance',
    summary: 'Take a top-up back that has not been decided',
    action: 'top_up.cancel',
    reply: topUp,
    async handle({ provider, params, person, commit }): Promise<TopUpDocument> {
      const { id = '' } = params
      if (!isId('top_up', id) || !(await findTopUp(ctx.sql, provider.id, id))) throw notFound()
      const verdict = { status: 'cancelled', decided_by: person.email } as const
      const row = await commit(async (tx) => {
        const cancelled = await decideTopUp({ ...ctx, sql: tx }, provider.id, id, verdict)
        if (!cancelled) throw notAsThingsStand
        return cancelled
      })
      return topUpOf(provider, row)
    },
  })
}

function withdrawalRoutes(app: FastifyInstance, ctx: Context): void {
  const labels = async (provider: Provider): Promise<ReadonlyMap<string, string>> =>
    new Map((await listDestinations(ctx, provider.id)).map(({ id, label }) => [id, label]))
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/withdrawals',
    role: 'viewer',
    summary: 'Withdrawals, newest first',
    query: paging,
    reply: withdrawalsBody,
    async handle({ provider, test_mode, query }): Promise<Withdrawals> {
      const limit = limitOf(query)
      const page = { test_mode, ...beforeOf(query.cursor, 'withdrawal'), limit: limit + 1 }
      const [rows, known] = await Promise.all([listWithdrawals(ctx.sql, provider.id, page), labels(provider)])
      const withdrawals = rows.slice(0, limit).map((row) => withdrawalOf(provider, row, known))
      return { withdrawals, ...cursorAfter(rows, limit) }
    },
  })
  providerRoute(app, ctx, {
    method: 'POST',
    path: '/withdrawals',
    role: 'finance',
    summary: 'Ask for money back; another person at the operator approves it',
    action: 'withdrawal.request',
    body: withdrawalOrder,
    reply: withdrawal,
    async handle({ provider, test_mode, body, person, mode, commit }): Promise<WithdrawalDocument> {
      const { destination_id } = body
      const amount_minor = amountOf(body.amount, provider)
      if (!isId('destination', destination_id)) throw invalidFields({ destination_id: 'is no destination of yours' })
      const request = { test_mode, amount_minor, destination_id, requested_by: person.email }
      const row = await commit(
        async (tx) => requested(await requestWithdrawal({ ...ctx, sql: tx }, provider, request)),
        ({ id }) => ({ id, amount: body.amount, destination_id, mode }),
      )
      return withdrawalOf(provider, row, await labels(provider))
    },
  })
  providerRoute(app, ctx, {
    method: 'POST',
    path: '/withdrawals/:id/cancel',
    role: 'finance',
    summary: 'Take a withdrawal back that has not been approved',
    action: 'withdrawal.cancel',
    reply: withdrawal,
    async handle({ provider, params, person, commit }): Promise<WithdrawalDocument> {
      const { id = '' } = params
      if (!isId('withdrawal', id) || !(await findWithdrawal(ctx.sql, provider.id, id))) throw notFound()
      const row = await commit(async (tx) => {
        const step = { step: 'cancelled', by: person.email } as const
        const cancelled = await decideWithdrawal({ ...ctx, sql: tx }, provider.id, id, step)
        if (!cancelled) throw notAsThingsStand
        return cancelled
      })
      return withdrawalOf(provider, row, await labels(provider))
    },
  })
}

function destinationRoutes(app: FastifyInstance, ctx: Context): void {
  providerRoute(app, ctx, {
    method: 'GET',
    path: '/destinations',
    role: 'viewer',
    summary: 'Where money may be sent',
    reply: destinationsBody,
    async handle({ provider }): Promise<Destinations> {
      const views = await listDestinations(ctx, provider.id)
      return { destinations: views.filter(({ removed }) => !removed).map(destinationOf) }
    },
  })
  providerRoute(app, ctx, {
    method: 'POST',
    path: '/destinations',
    role: 'finance',
    summary: 'Save where money may be sent; it can be used a day later',
    action: 'destination.save',
    body: newDestination,
    reply: destination,
    async handle({ provider, body, person, commit }): Promise<DestinationDocument> {
      const label = body.label.trim()
      const address = body.address.trim()
      const blank = Object.entries({ label, address }).filter(([, text]) => text === '')
      if (blank.length > 0) throw invalidFields(Object.fromEntries(blank.map(([name]) => [name, 'must be given'])))
      const saved = await commit(
        (tx) => saveDestination({ ...ctx, sql: tx }, provider.id, { label, address }, person.email),
        ({ id }) => ({ id, label }),
      )
      const view = (await listDestinations(ctx, provider.id)).find(({ id }) => id === saved.id)
      if (!view) throw new Error(`${saved.id} was saved and is not there`)
      return destinationOf(view)
    },
  })
}

/** What was asked for; 409 or 422 when it was not given. */
function requested(done: Awaited<ReturnType<typeof requestWithdrawal>>) {
  switch (done.result) {
    case 'requested':
      return done.withdrawal
    case 'destination_too_new':
      throw conflict('destination_too_new', `It can be used from ${done.usable_from.toISOString()} on.`)
    case 'destination_unknown':
      throw invalidFields({ destination_id: 'is no destination of yours' })
    case 'balance_insufficient':
      throw conflict('balance_insufficient', 'That is more than is available.')
  }
}

/** Minor units of the settlement currency, above 0. */
function amountOf(text: string, { settlement_scale }: Provider): bigint {
  const minor = parseAmount(text, settlement_scale)
  if (minor === 'too_many_decimals') throw invalidFields({ amount: `has more than ${settlement_scale} decimals` })
  if (minor === 'not_a_number' || minor <= 0n) throw invalidFields({ amount: 'must be above 0' })
  if (minor >= 10n ** 18n) throw invalidFields({ amount: 'is too large' })
  return minor
}

function beforeOf(cursor: string | undefined, kind: 'top_up' | 'withdrawal'): { readonly before?: string } {
  if (cursor === undefined) return {}
  if (!isId(kind, cursor)) throw invalidFields({ cursor: 'is none of this list' })
  return { before: cursor }
}

/** One row more than is shown was asked for. */
function cursorAfter(rows: readonly { readonly id: string }[], limit: number): { readonly cursor: string | null } {
  return { cursor: rows.length > limit ? rows[limit - 1]!.id : null }
}

function topUpOf(provider: Provider, row: Awaited<ReturnType<typeof listTopUps>>[number]): TopUpDocument {
  return {
    id: row.id,
    amount: formatFixed(row.amount_minor, provider.settlement_scale),
    currency: row.currency,
    reference: row.reference,
    status: row.status,
    ordered_by: row.ordered_by,
    note: row.note,
    created_at: row.created_at.toISOString(),
  }
}

function withdrawalOf(
  provider: Provider,
  row: Awaited<ReturnType<typeof listWithdrawals>>[number],
  labels: ReadonlyMap<string, string>,
): WithdrawalDocument {
  return {
    id: row.id,
    amount: formatFixed(row.amount_minor, provider.settlement_scale),
    currency: row.currency,
    destination_id: row.destination_id,
    destination_label: labels.get(row.destination_id) ?? '',
    status: row.status,
    requested_by: row.requested_by,
    note: row.note,
    created_at: row.created_at.toISOString(),
  }
}

function destinationOf(view: DestinationView): DestinationDocument {
  return {
    id: view.id,
    label: view.label,
    address: view.address_mask,
    usable_from: usableFrom(view.created_at).toISOString(),
    saved_by: view.saved_by,
    created_at: view.created_at.toISOString(),
  }
}
