/** What the payer's page shows of the newest appeal of his payment. Cascade API, section 14.3. */
import { formatMinor } from '@cascad/money'
import type { Context } from '../context.ts'
import { getExponent } from '../directory/currencies.ts'
import type { Payment } from '../payments/payment.ts'
import { type AppealReason, type AppealState, isOpen, type Side } from './appeal.ts'
import { isVisible } from './rules/visible.ts'
import { selectAppealsOfPayment } from './table.ts'
import { selectThread } from './thread-table.ts'

export type AppealView = {
  readonly id: string
  readonly state: AppealState
  readonly open: boolean
  readonly reason: AppealReason
  /** What the payer is said to have sent: major units, shortest decimal text. */
  readonly amount: string
  readonly currency: string
  readonly opened_at: Date
  /** A verdict is promised by then. */
  readonly promised_at: Date
  readonly closed_at: Date | null
  /** The newest message the payer may read that he has not written himself. */
  readonly last_words: { readonly side: Side; readonly text: string; readonly at: Date } | null
}

/** `null` = there was never an appeal of this payment. */
export async function readAppealView(
  ctx: Context,
  payment: Pick<Payment, 'account_id' | 'id'>,
): Promise<AppealView | null> {
  const appeal = (await selectAppealsOfPayment(ctx.sql, payment.account_id, payment.id)).at(-1)
  if (!appeal) return null
  const thread = await selectThread(ctx.sql, appeal)
  const words = thread.findLast(
    (message) => message.side !== 'payer' && message.text !== '' && isVisible(message, 'payer'),
  )
  const { id, state, reason, currency, opened_at, promised_at, closed_at } = appeal
  return {
    ...{ id, state, reason, currency, opened_at, promised_at, closed_at },
    open: isOpen(appeal),
    amount: formatMinor(appeal.amount_minor, await getExponent(ctx, currency)),
    last_words: words ? { side: words.side, text: words.text, at: words.created_at } : null,
  }
}
