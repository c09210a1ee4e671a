/** Gives a paid amount back, whole or in part. Contract 12.1; the amount is held in the books until the gateway has answered. */
import { convertUp, formatMinor, returnedFee } from '@cascad/money'
import type { Account } from '../accounts/account.ts'
import { findCurrencyAccount } from '../accounts/currency-accounts.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import { messages } from '../http/messages.ts'
import { InvalidFields } from '../http/problem.ts'
import { newId } from '../ids.ts'
import { holdIfAvailable } from '../ledger/hold-if-available.ts'
import { transfersOfRefundHold } from '../ledger/rules/refund-transfers.ts'
import { orderRefund } from './advance-refund.ts'
import { occasionOf, stampOf } from './book.ts'
import { changePayment, prepareChange } from './change-payment.ts'
import { loadState, type State } from './find-payment.ts'
import { insertOperation, selectOperations } from './operation-table.ts'
import type { Attempt, Operation, Payment, PaymentStatus } from './payment.ts'

export type RefundWish = {
  /** In the invoice's currency; `null` = all that is left. */
  readonly amount_minor: bigint | null
  readonly reference_id: string
  readonly description: string | null
}

/** `refused`: the payment's state or a used reference_id forbids it, and nothing changed. */
export type Refunded = { readonly payment: Payment; readonly refused: boolean }

const refundable: ReadonlySet<PaymentStatus> = new Set<PaymentStatus>([
  'processed',
  'partially_processed',
  'partially_refunded',
  'refund_failed',
])

/** May this payment be refunded now? One refund at a time. */
export function isRefundable(payment: Payment): boolean {
  return refundable.has(payment.status) && payment.payment_flow === 'charge' && leftOf(payment) > 0n
}

/** What can still be given back, in minor units of the invoice's currency. */
export function leftOf(payment: Payment): bigint {
  return (payment.processed_amount_minor ?? 0n) - (payment.refunded_amount_minor ?? 0n)
}

/** How long the answer waits for the gateway is the gateway's read limit; a gateway that does not answer leaves it pending. */
export async function refundPayment(
  ctx: Context,
  account: Account,
  payment: Payment,
  wish: RefundWish,
): Promise<Refunded> {
  for (let tries = 0; tries < 5; tries += 1) {
    const state = await loadState(ctx, account.id, payment.id)
    const refunds = await selectOperations(ctx.sql, account.id, payment.id)
    const used = refunds.some(({ reference_id }) => reference_id === wish.reference_id)
    const winner = state.attempts.find((attempt) => attempt.winner)
    if (used || !winner || !isRefundable(state.payment)) return { payment: state.payment, refused: true }
    const refund = await build(ctx, account, state, winner, wish)
    const held = await hold(ctx, account, state, refund)
    if (held) return { payment: (await orderRefund(ctx, account, held, refund, 'first order')).payment, refused: false }
  }
  throw new Error(`payment ${payment.id} kept changing while it was to be refunded`)
}

async function build(
  ctx: Context,
  account: Account,
  state: State,
  winner: Attempt,
  wish: RefundWish,
): Promise<Operation> {
  const { payment } = state
  const all = await currencies(ctx)
  const exponent = all.get(payment.currency)?.exponent ?? 2
  const left = leftOf(payment)
  const amount_minor = wish.amount_minor ?? left
  if (amount_minor <= 0n) throw new InvalidFields({ amount: messages.notPositive })
  if (amount_minor > left) throw new InvalidFields({ amount: messages.atMost(formatMinor(left, exponent)) })
  const now = ctx.now()
  const returned_fee_minor = account.options.return_fee_on_refund
    ? returnedFee({
        processed_amount_minor: payment.processed_amount_minor ?? 0n,
        processed_fee_minor: payment.processed_fee_minor ?? 0n,
        refunded_before_minor: payment.refunded_amount_minor ?? 0n,
        returned_before_minor: payment.refunded_fee_minor ?? 0n,
        refund_minor: amount_minor,
      })
    : 0n
  return {
    account_id: account.id,
    payment_id: payment.id,
    id: newId('refund', now),
    kind: 'refund',
    version: 1,
    reference_id: wish.reference_id,
    amount_minor,
    returned_fee_minor,
    currency: payment.currency,
    provider_amount_minor: providerAmount(payment, winner, amount_minor, {
      currency: exponent,
      provider: all.get(winner.currency)?.exponent ?? 2,
    }),
    provider_currency: winner.currency,
    description: wish.description,
    status: 'sent',
    resolution: 'ok',
    gateway_id: winner.gateway_id,
    attempt_number: winner.number,
    capture_id: null,
    final: false,
    signals: null,
    card_facts: null,
    provider_reference: null,
    detail: null,
    lookups: 0,
    created_at: now,
    decided_at: null,
    due_at: new Date(now.getTime() + 30_000),
  }
}

/** What the gateway is to give back, in the currency the payer paid in: never more than it took. */
function providerAmount(
  payment: Payment,
  winner: Attempt,
  amount_minor: bigint,
  exponents: { readonly currency: number; readonly provider: number },
): bigint {
  const paid = winner.approved_amount_minor ?? winner.amount_minor
  if (amount_minor === payment.processed_amount_minor) return paid
  if (payment.exchange_rate === null) return amount_minor
  const converted = convertUp(amount_minor, exponents.currency, exponents.provider, payment.exchange_rate)
  if (converted > paid) return paid
  return converted
}

class NotWritten extends Error {}

/** Operation row, hold, state and callback in one transaction. `null`: the payment changed meanwhile. */
async function hold(ctx: Context, account: Account, state: State, refund: Operation): Promise<State | null> {
  const { payment } = state
  const { gateway_id, amount_minor, returned_fee_minor } = refund
  const transfers = transfersOfRefundHold(
    { ...occasionOf(account, payment), refund_id: refund.id, gateway_id, amount_minor, returned_fee_minor },
    stampOf(ctx),
  )
  // Test money has no limit: its balances are nobody's.
  const limited = !payment.test_mode && transfers.length > 0
  const currencyAccount = await findCurrencyAccount(ctx, account.id, payment.currency)
  const changes = {
    payment: { status: 'refund_pending' as const, resolution: 'ok' },
    more: [insertOperation(ctx.sql, refund)],
  }
  if (!limited) return changePayment(ctx, account, state, { ...changes, transfers })
  const prepared = await prepareChange(ctx, account, state, changes)
  try {
    return await ctx.sql.begin(async (tx) => {
      const overdraft_minor = currencyAccount?.overdraft_limit_minor ?? 0n
      const covered = await holdIfAvailable(tx, { account_id: account.id, transfers, overdraft_minor, now: ctx.now() })
      if (!covered) throw new InvalidFields({ amount: messages.noFunds })
      const changed = await prepared.write(tx)
      if (!changed) throw new NotWritten()
      return changed
    })
  } catch (error) {
    if (error instanceof NotWritten) return null
    throw error
  }
}
