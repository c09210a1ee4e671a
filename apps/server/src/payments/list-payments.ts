/** A page of an account's payments. Following `next` from page to page never repeats or misses a payment. Contract 6.2. */
import type { Account } from '../accounts/account.ts'
import { findCustomerIds } from '../accounts/find-customer.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import { type ListRequest, unknownCursor } from './list-request.ts'
import { type Cursor, existsBeyond, existsPayment, type PaymentSelection, selectPage } from './list-table.ts'
import type { Payment } from './payment.ts'

export type PaymentPage = {
  /** In the requested order. */
  readonly payments: readonly Payment[]
  /** Where the rest of the list, and the way back, go on from; `null` = nothing is there. */
  readonly next: Cursor | null
  readonly prev: Cursor | null
}

/** Throws Problem 400 when the cursor is no payment of the account. */
export async function listPayments(ctx: Context, account: Account, request: ListRequest): Promise<PaymentPage> {
  const { cursor, size, sort } = request
  if (cursor !== null && !(await existsPayment(ctx.sql, account.id, cursor.id))) throw unknownCursor()
  const selection = await selectionOf(ctx, account, request)
  // A page after a cursor holds what is nearest to it, so it is read away from the cursor, whatever the order of the list.
  const falling = cursor === null ? sort.descending : cursor.side === 'smaller'
  const rows = await selectPage(ctx.sql, selection, {
    cursor,
    direction: falling ? 'falling' : 'rising',
    limit: size + 1,
  })
  const more = rows.length > size
  const nearest = rows.slice(0, size)
  const along = falling === sort.descending
  const payments = along ? nearest : nearest.toReversed()
  const first = payments[0]
  const last = payments.at(-1)
  if (first === undefined || last === undefined) return { payments, next: null, prev: null }

  const onward: Cursor = { id: last.id, side: sort.descending ? 'smaller' : 'larger' }
  const back: Cursor = { id: first.id, side: sort.descending ? 'larger' : 'smaller' }
  const behind = cursor !== null && (await existsBeyond(ctx.sql, selection, along ? back : onward))
  const [hasNext, hasPrev] = along ? [more, behind] : [behind, more]
  return { payments, next: hasNext ? onward : null, prev: hasPrev ? back : null }
}

async function selectionOf(ctx: Context, account: Account, request: ListRequest): Promise<PaymentSelection> {
  const customers = await Promise.all(request.customers.map((text) => findCustomerIds(ctx, account.id, text)))
  return {
    account_id: account.id,
    conditions: [...request.conditions, ...customers.map((ids) => ({ kind: 'customer' as const, ids }))],
    sort: request.sort,
    exponents: await currencies(ctx),
  }
}
