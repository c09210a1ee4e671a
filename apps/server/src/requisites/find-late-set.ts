import type { Account } from '../accounts/account.ts'
import { listProviderPaymentsOf } from '../cascades/find-provider-payment.ts'
import type { Context } from '../context.ts'
import type { Payment } from '../payments/payment.ts'
import type { RequisitesView } from './requisites-view.ts'
import { hasEnded } from './rules/what-payer-sees.ts'

/** Requisites that are not valid any more, although the payer says that he has paid to them. */
export type LateSet = {
  /** Which of the payment's, counted from 1 as they were asked for. */
  readonly asked: number
  readonly attempt_id: string
} & Pick<RequisitesView, 'method' | 'shown'>

/** `null` = the payment has no such set, or it has not ended without a payment. Number and owner are masks. */
export async function findLateSet(
  ctx: Context,
  account: Account,
  payment: Payment,
  asked: number,
): Promise<LateSet | null> {
  const row = (await listProviderPaymentsOf(ctx.sql, account.id, payment.id))[asked - 1]
  if (!row || !hasEnded(row)) return null
  const { attempt_id, method, bank, owner_mask, number_mask } = row
  if (bank === null || owner_mask === null || number_mask === null) return null
  return { asked, attempt_id, method, shown: { bank, owner: owner_mask, number: number_mask, masked: true } }
}
