/** An operator's decision about money on unallocated receipts: payment, books, callback, audit and the end of its case in one commit. */
import { getAccount } from '../accounts/find-account.ts'
import { endCases } from '../cascades/end-cases.ts'
import { findProviderPayment } from '../cascades/find-provider-payment.ts'
import { findSettlement } from '../cascades/find-settlement.ts'
import { moneyCases } from '../cascades/provider-case.ts'
import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import { transfersOfReceipt } from '../ledger/rules/receipt-transfers.ts'
import { bookingTransfers, occasionOf, stampOf } from './book.ts'
import { changePayment } from './change-payment.ts'
import { exponentsOf } from './exponents-of.ts'
import { loadState, type State } from './find-payment.ts'
import { pauseAfterConflict } from './pause-after-conflict.ts'
import type { Attempt } from './payment.ts'
import {
  decidedMinor,
  insertReceiptDecision,
  type ReceiptDecisionRow,
  selectReceiptDecisions,
} from './receipt-table.ts'
import { decideReceipt, type ReceiptRefusal, type ReceiptWish } from './rules/decide-receipt.ts'

export type ReceiptVerdict = {
  readonly wish: ReceiptWish
  /** Of a return: what names the transfer where it was made. */
  readonly outside_reference: string | null
  readonly by: string
  readonly comment: string
}

export type SettledReceipt =
  | { readonly result: 'settled'; readonly state: State; readonly decision: ReceiptDecisionRow }
  | {
      readonly result: 'refused'
      readonly why: ReceiptRefusal | 'appeal_open' | 'comment_missing' | 'reference_missing'
    }

export type OfAttempt = { readonly account_id: string; readonly payment_id: string; readonly attempt_id: string }

/** Times a decision is made anew because the payment changed beside it. */
const conflicts_max = 60
const text_max = 2_000

/**
 * Credits the merchant with all that stands there of an attempt, or notes that it was returned to the payer outside the platform.
 * What has been decided is gone from there, so any number of repetitions and of operators at once move it once. Throws when the
 * attempt is at no provider of requisites.
 */
export async function settleReceipt(ctx: Context, of: OfAttempt, verdict: ReceiptVerdict): Promise<SettledReceipt> {
  const comment = verdict.comment.trim().slice(0, text_max)
  const reference = (verdict.outside_reference ?? '').trim().slice(0, text_max)
  const returned = verdict.wish.type === 'return'
  if (comment === '') return { result: 'refused', why: 'comment_missing' }
  if (returned && reference === '') return { result: 'refused', why: 'reference_missing' }
  const given = { ...verdict, comment, outside_reference: returned ? reference : null }
  for (let tries = 0; tries < conflicts_max; tries += 1) {
    const settled = await settle(ctx, of, given)
    if (settled) return settled
    await pauseAfterConflict(tries)
  }
  throw new Error(`payment ${of.payment_id} kept changing while a receipt of it was decided about`)
}

/** `null` = the payment has changed since it was read, and nothing was written. */
async function settle(ctx: Context, of: OfAttempt, verdict: ReceiptVerdict): Promise<SettledReceipt | null> {
  const { account_id, payment_id, attempt_id } = of
  const account = await getAccount(ctx, account_id)
  const state = await loadState(ctx, account_id, payment_id)
  const { payment } = state
  const row = await findProviderPayment(ctx.sql, account_id, attempt_id)
  const before = state.attempts.find(({ id }) => id === attempt_id)
  if (!row || !before) throw new Error(`attempt ${attempt_id} is at no provider of requisites`)
  if ((await findSettlement(ctx.sql, row))?.appeal_open) return { result: 'refused', why: 'appeal_open' }
  const decided = await selectReceiptDecisions(ctx.sql, account_id, attempt_id)
  const now = ctx.now()
  const exponents = await exponentsOf(ctx, payment)
  const facts = { ...state, number: before.number, decided_minor: decidedMinor(decided), exponents }
  const decision = decideReceipt({ ...facts, now }, verdict.wish)
  if (decision.result === 'refused') return decision
  const attempt: Attempt = { ...before, ...decision.attempt }
  const { kind, amount_minor, credit_minor, fee_minor } = decision
  const { outside_reference, by, comment } = verdict
  const written: ReceiptDecisionRow = {
    ...{ account_id, payment_id, attempt_id, id: newId('receipt_decision', now), attempt_number: before.number },
    ...{ provider_id: row.provider_id },
    ...{ number: decided.length + 1, kind, amount_minor, credit_minor, fee_minor, outside_reference },
    ...{ decided_by: by, comment, created_at: now },
  }
  const receipt = {
    ...occasionOf(account, payment),
    ...written,
    gateway_id: before.gateway_id,
    decision_id: written.id,
  }
  const won = { ...payment, ...decision.payment }
  const after = await changePayment(ctx, account, state, {
    payment: decision.payment,
    attempt,
    transfers: [
      ...transfersOfReceipt({ ...receipt, receipt_currency: before.currency }, stampOf(ctx)),
      ...(kind === 'won' ? bookingTransfers(ctx, account, won, attempt, { kind: 'payment' }) : []),
    ],
    more: [
      insertReceiptDecision(ctx.sql, written),
      endCases(ctx.sql, { attempt_id, kinds: moneyCases, at: now, by, note: `${kind}: ${comment}` }),
    ],
  })
  return after && { result: 'settled', state: after, decision: written }
}
