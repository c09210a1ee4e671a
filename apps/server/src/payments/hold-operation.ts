import type { Account } from '../accounts/account.ts'
import { findCurrencyAccount } from '../accounts/currency-accounts.ts'
import type { Context } from '../context.ts'
import type { Fragment } from '../database/connect.ts'
import { holdIfAvailable } from '../ledger/hold-if-available.ts'
import { transfersOfRefundHold } from '../ledger/rules/refund-transfers.ts'
import type { Transfer } from '../ledger/transfer.ts'
import { occasionOf, stampOf } from './book.ts'
import { changePayment, prepareChange } from './change-payment.ts'
import type { State } from './find-payment.ts'
import { insertOperation } from './operation-table.ts'
import type { Operation, Payment } from './payment.ts'
import type { Patch } from './rules/news.ts'

class NotWritten extends Error {}

/**
 * Writes an operation that is about to be ordered, with what it holds in the books, in one commit. `null`: the payment changed
 * meanwhile; `funds`: the merchant's balance does not cover it. Nothing was written then. Money given back is held on the
 * merchant's balance; what is done with a hold of the gateway is covered by that hold.
 */
export async function holdOperation(
  ctx: Context,
  account: Account,
  state: State,
  operation: Operation,
  more: readonly Fragment[],
): Promise<State | 'funds' | null> {
  const { payment } = state
  const givesBack = operation.kind === 'refund' || payment.payment_flow === 'charge'
  const transfers = givesBack ? holdsOf(ctx, account, payment, operation) : []
  const changes = {
    payment: givesBack ? pendingPatch(ctx, payment) : {},
    more: [insertOperation(ctx.sql, operation), ...more],
  }
  // Test money has no limit: its balances are nobody's.
  if (payment.test_mode || transfers.length === 0) return changePayment(ctx, account, state, { ...changes, transfers })
  const currencyAccount = await findCurrencyAccount(ctx, account.id, payment.currency)
  const overdraft_minor = currencyAccount?.overdraft_limit_minor ?? 0n
  const prepared = await prepareChange(ctx, account, state, changes)
  try {
    return await ctx.sql.begin(async (tx) => {
      const covered = await holdIfAvailable(tx, { account_id: account.id, transfers, overdraft_minor, now: ctx.now() })
      if (!covered) return 'funds'
      const changed = await prepared.write(tx)
      if (!changed) throw new NotWritten()
      return changed
    })
  } catch (error) {
    if (error instanceof NotWritten) return null
    throw error
  }
}

function holdsOf(ctx: Context, account: Account, payment: Payment, operation: Operation): Transfer[] {
  const { id: refund_id, gateway_id, amount_minor, returned_fee_minor } = operation
  const occasion = occasionOf(account, payment)
  return transfersOfRefundHold({ ...occasion, refund_id, gateway_id, amount_minor, returned_fee_minor }, stampOf(ctx))
}

/** Merchants of the merchant API see a refund under way as a status; other faces tell operations of their own. */
function pendingPatch(ctx: Context, payment: Payment): Patch<Payment> {
  return ctx.faces.has(payment.source) ? {} : { status: 'refund_pending', resolution: 'ok' }
}
