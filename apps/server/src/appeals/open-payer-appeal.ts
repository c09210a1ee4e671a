import type { Account } from '../accounts/account.ts'
import type { Context } from '../context.ts'
import type { Payment } from '../payments/payment.ts'
import { type Opened, openAppeal } from './open-appeal.ts'
import type { PayerAppeal } from './payer-appeal.ts'

/** The payer says that he has paid, on the page, if his merchant lets payers appeal. */
export async function openPayerAppeal(
  ctx: Context,
  account: Pick<Account, 'options'>,
  payment: Pick<Payment, 'account_id' | 'id'>,
  { attempt_id = null, reason, amount_minor, comment, receipt, ip, locale = 'en' }: PayerAppeal,
): Promise<Opened> {
  if (!account.options.payer_appeals) return { opened: false, refused: 'payer_appeals_off', open: null }
  const actor = { side: 'payer', name: 'payer', ip } as const
  return openAppeal(ctx, payment, actor, {
    attempt_id,
    reason,
    amount_minor,
    comment: comment.trim(),
    receipt,
    payer_locale: locale,
  })
}
