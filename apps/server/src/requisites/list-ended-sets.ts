import type { Account } from '../accounts/account.ts'
import { listProviderPaymentsOf } from '../cascades/find-provider-payment.ts'
import type { Context } from '../context.ts'
import type { Payment } from '../payments/payment.ts'
import type { RequisitesView } from './requisites-view.ts'
import { hasEnded } from './rules/what-payer-sees.ts'

/** Requisites that the payer was shown and that are over without having been paid; number and owner are masks. */
export type EndedSet = {
  /** Which of the payment's, counted from 1 as they were asked for. */
  readonly asked: number
  readonly attempt_id: string
} & Pick<RequisitesView, 'method' | 'shown'>

/** All of a payment, in the order they were asked for. */
export async function listEndedSets(ctx: Context, account: Account, payment: Payment): Promise<EndedSet[]> {
  const rows = await listProviderPaymentsOf(ctx.sql, account.id, payment.id)
  return rows.flatMap((row, index) => {
    const { attempt_id, method, bank, owner_mask: owner, number_mask: number } = row
    if (!hasEnded(row) || bank === null || owner === null || number === null) return []
    return [{ asked: index + 1, attempt_id, method, shown: { bank, owner, number, masked: true } }]
  })
}
