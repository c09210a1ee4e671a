import type { Account } from '../accounts/account.ts'
import { listProviderPaymentsOf } from '../cascades/find-provider-payment.ts'
import type { Context } from '../context.ts'
import type { Payment } from '../payments/payment.ts'
import { hasEnded } from './rules/what-payer-sees.ts'
import { updateClaimed } from './table.ts'

/**
 * The payer says that he has paid to the requisites that were asked for as number `asked` (from 1): noted once, the provider is
 * asked at once and often. It proves nothing, and nothing else of the payment changes; but other requisites are not given any more.
 * `too_late` = these are not valid any more, and what was sent to them is for an appeal. Cascade API, 8.2.
 */
export async function claimPaid(
  ctx: Context,
  account: Account,
  payment: Payment,
  asked: number,
): Promise<'claimed' | 'too_late' | 'nothing'> {
  const row = await readSet(ctx, account, payment, asked)
  if (!row) return 'nothing'
  if (await updateClaimed(ctx.sql, row, ctx.now())) return 'claimed'
  // Read again: whoever was faster has committed by now.
  const now = await readSet(ctx, account, payment, asked)
  if (now === undefined || !hasEnded(now)) return now?.claimed_at ? 'claimed' : 'nothing'
  return now.claimed_at === null ? 'too_late' : 'claimed'
}

async function readSet(ctx: Context, account: Account, payment: Payment, asked: number) {
  return (await listProviderPaymentsOf(ctx.sql, account.id, payment.id))[asked - 1]
}
