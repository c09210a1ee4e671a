/** What merchants of the Card API are told, as parts of the statement that makes it true. Card API contract 16. */
import type { Account } from '../accounts/account.ts'
import { insertCallbackEvents } from '../callbacks/insert-callback-events.ts'
import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import { newId } from '../ids.ts'
import type { Face } from '../payments/face.ts'
import type { State } from '../payments/find-payment.ts'
import { isClosed, type Operation, type Payment } from '../payments/payment.ts'
import { loadView, toldBody } from './answer-transaction.ts'
import { statusOf } from './rules/status.ts'
import { runningTransaction } from './running-transactions.ts'
import { selectFaceOf } from './table.ts'
import type { Transaction } from './transaction.ts'
import { deleteVaultCard } from './vault.ts'

/** Final states are told, once each; what happens to a payment after its end is told by its children. */
export const cardApiFace: Face = {
  async tell(ctx, account, before, after, attempts) {
    if (!isClosed(after) || (before && isClosed(before) && !isAcceptedLate(before, after))) return []
    const state = { payment: after, attempts }
    const failed = statusOf(state) !== 'successful'
    if (after.callback_url === null && !failed) return []
    const ends = before !== null && !isClosed(before)
    const transaction =
      (ends ? runningTransaction(ctx, after.id) : null) ??
      (await selectFaceOf(ctx.sql, account.id, { payment_id: after.id }))
    if (!transaction) throw new Error(`payment ${after.id} has no transaction`)
    return [
      ...(failed ? forgetCard(ctx, transaction) : []),
      ...(await newNotification(ctx, account, transaction, state, null)),
    ]
  },
  async tellOperation(ctx, account, payment, attempts, operation) {
    if (operation.status !== 'done' && operation.status !== 'failed') return []
    const transaction = await selectFaceOf(ctx.sql, account.id, { operation_id: operation.id })
    return transaction ? newNotification(ctx, account, transaction, { payment, attempts }, operation) : []
  },
}

/** The approval of a failed transaction came late, and the shop takes it. */
function isAcceptedLate(before: Payment, after: Payment): boolean {
  return before.status === 'process_failed' && after.status !== 'process_failed'
}

/** A card that was to be kept for a transaction that came to nothing. */
function forgetCard(ctx: Context, { account_id, request }: Transaction): Fragment[] {
  return request.token !== null && !request.token_sent ? [deleteVaultCard(ctx.sql, account_id, request.token)] : []
}

/** The notification of a transaction that is final; nothing where the merchant named no URL. */
export async function newNotification(
  ctx: Context,
  account: Account,
  transaction: Transaction,
  state: State,
  operation: Operation | null,
): Promise<Fragment[]> {
  const url = transaction.request.notification_url
  if (url === null) return []
  const view = await loadView(ctx, transaction, { state, operation })
  const created_at = ctx.now()
  const event = {
    id: newId('callback_event', created_at),
    subject_id: transaction.uid,
    test_mode: transaction.request.test,
    url,
    body: toldBody(view),
    subject_status: operation ? (operation.status === 'done' ? 'successful' : 'failed') : statusOf(state),
    created_at,
    shop_id: transaction.shop_id,
  }
  return [insertCallbackEvents(ctx.sql, account.id, [event], ctx.sql`moved`)]
}
