/** Ways to find a payment. Each returns `null` when there is none; malformed ids find nothing. */
import type { CallbackLogs } from '../callbacks/read-logs.ts'
import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import { isId, serialNumber, siblingRange } from '../ids.ts'
import type { Attempt, Payment } from './payment.ts'
import { type PaymentRow, selectAttempts, selectAttemptsOf, toPayment } from './table.ts'

/** A payment of the account. */
export async function findPayment(ctx: Context, account_id: string, id: string): Promise<Payment | null> {
  if (!isId('payment', id)) return null
  const [row] = await ctx.sql<PaymentRow[]>`select * from payments where account_id = ${account_id} and id = ${id}`
  return row ? toPayment(row) : null
}

/** A payment whose account is not known yet: public reads, pages of the payer, provider events. */
export async function findPaymentById(ctx: Context, id: string): Promise<Payment | null> {
  if (!isId('payment', id)) return null
  const [row] = await ctx.sql<PaymentRow[]>`select * from payments where substr(id, 5) = ${serialNumber(id)}`
  return row ? toPayment(row) : null
}

/** The payment of a card session. */
export async function findPaymentBySession(ctx: Context, session_id: string): Promise<Payment | null> {
  return (await findSession(ctx, session_id, null))?.payment ?? null
}

/**
 * The same, with a column beside it. Session and payment share the time part of their ids, so the index of serials finds it.
 */
export async function findSession(
  ctx: Context,
  session_id: string,
  look: Fragment | null,
): Promise<{ readonly payment: Payment; readonly seen: unknown } | null> {
  if (!isId('card_session', session_id)) return null
  const { from, to } = siblingRange('payment', session_id)
  const [row] = await ctx.sql<PaymentRow[]>`
    select *, ${look ?? ctx.sql`null`} as seen from payments
    where substr(id, 5) between ${serialNumber(from)} and ${serialNumber(to)} and session_id = ${session_id}`
  if (!row) return null
  const { seen, ...rest } = row
  return { payment: toPayment(rest), seen }
}

/** A payment of the account and mode by the merchant's own reference. */
export async function findPaymentByReference(
  ctx: Context,
  account_id: string,
  test_mode: boolean,
  reference_id: string,
): Promise<Payment | null> {
  const [row] = await ctx.sql<PaymentRow[]>`
    select * from payments where account_id = ${account_id} and test_mode = ${test_mode} and reference_id = ${reference_id}`
  return row ? toPayment(row) : null
}

/** A payment with all its attempts, as decisions are made on. */
export type State = {
  readonly payment: Payment
  readonly attempts: readonly Attempt[]
  /** What the merchant was told before, where the last change has looked. */
  readonly told?: ToldBefore
}

/** `at`: on the clock of `performance.now()`. */
export type ToldBefore = { readonly logs: CallbackLogs | null; readonly at: number }

/**
 * Loads payment and attempts. The payment is read first: attempts written after that raise its version, so a decision on the
 * older version cannot be written.
 */
export async function loadState(ctx: Context, account_id: string, id: string): Promise<State> {
  const payment = await findPayment(ctx, account_id, id)
  if (!payment) throw new Error(`payment ${id} is gone`)
  return { payment, attempts: await selectAttempts(ctx.sql, account_id, id) }
}

/** Several payments of one account with their attempts, in two queries. Those that are not there are left out. */
export async function loadStates(
  ctx: Context,
  account_id: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, State>> {
  if (ids.length === 0) return new Map()
  const rows = await ctx.sql<
    PaymentRow[]
  >`select * from payments where account_id = ${account_id} and id = any (${[...ids]})`
  const attempts = await selectAttemptsOf(ctx.sql, account_id, ids)
  return new Map(
    rows.map((row) => {
      const payment = toPayment(row)
      return [payment.id, { payment, attempts: attempts.filter(({ payment_id }) => payment_id === payment.id) }]
    }),
  )
}
