import { listProviderPaymentsOf } from '../cascades/find-provider-payment.ts'
import type { ProviderPaymentRow } from '../cascades/provider-payment.ts'
import type { Context } from '../context.ts'
import type { Locale } from '../directory/service.ts'
import { lengthOf } from '../http/text-forms.ts'
import type { Payment } from '../payments/payment.ts'
import type { Appeal, AppealReason, SentFile } from './appeal.ts'
import { findOpenAppeal, listAppealsOfPayment } from './find-appeal.ts'
import { keepFile } from './keep-file.ts'
import type { OpenRefusal } from './payer-appeal.ts'
import { isMoved, isTaken, type OpeningActor, prepareAppeal, tellOpened } from './prepare-appeal.ts'
import { isAppealable, mayOpen } from './rules/may-open.ts'

export type Opening = {
  /** Which of the payment's requisites; left out = those that were paid, else the last that were shown. */
  readonly attempt_id?: string | null
  readonly reason: AppealReason
  /** Minor units of the currency the payer was to transfer; `null` = as much as was asked for. */
  readonly amount_minor: bigint | null
  readonly comment: string
  readonly receipt: SentFile
  /** Of the page a payer opens it on. */
  readonly payer_locale?: Locale
}

export type Opened =
  | { readonly opened: true; readonly appeal: Appeal }
  | {
      readonly opened: false
      readonly refused: OpenRefusal
      /** With `appeal_exists`: that one. */
      readonly open: Appeal | null
    }

/** Turns that begin anew because the payment changed beside them; a payment changes a few times at most. */
const turns_max = 10

/** Opens an appeal and freezes at the provider what it would take, in one commit; the provider is told by the worker. */
export async function openAppeal(
  ctx: Context,
  payment: Pick<Payment, 'account_id' | 'id'>,
  actor: OpeningActor,
  opening: Opening,
): Promise<Opened> {
  const now = ctx.now()
  const receipt = keepFile(ctx, opening.receipt, { side: actor.side, message_id: null, now })
  for (let turn = 0; turn < turns_max; turn += 1) {
    const plan = await planOpening(ctx, payment, opening, now)
    if ('refused' in plan) return { opened: false, ...plan }
    if (typeof receipt === 'string') return { opened: false, refused: receipt, open: null }
    const { reason, comment, payer_locale = null } = opening
    const given = { ...plan, reason, comment, receipt, payer_locale }
    const prepared = await prepareAppeal(ctx, plan.row, actor, given, now)
    try {
      const appeal = (await ctx.sql.begin((tx) => prepared.write(tx))) as Appeal
      tellOpened(ctx, appeal)
      return { opened: true, appeal }
    } catch (error) {
      if (isMoved(error)) continue
      if (!isTaken(error)) throw error
      const open = await findOpenAppeal(ctx.sql, payment.account_id, payment.id)
      return { opened: false, refused: 'appeal_exists', open }
    }
  }
  throw new Error(`Payment ${payment.id} was never as it had been read.`)
}

type Plan = { readonly row: ProviderPaymentRow; readonly amount_minor: bigint; readonly number: number }

async function planOpening(
  ctx: Context,
  payment: Pick<Payment, 'account_id' | 'id'>,
  opening: Opening,
  now: Date,
): Promise<Plan | { readonly refused: OpenRefusal; readonly open: Appeal | null }> {
  const [rows, earlier] = await Promise.all([
    listProviderPaymentsOf(ctx.sql, payment.account_id, payment.id),
    listAppealsOfPayment(ctx.sql, payment.account_id, payment.id),
  ])
  const row = chosen(rows, opening.attempt_id ?? null)
  if (!row) return { refused: 'not_appealable', open: null }
  const open = earlier.find(({ closed_at }) => closed_at === null) ?? null
  const verdict = mayOpen({
    state: row.state,
    original_minor: row.amount_minor,
    reason: opening.reason,
    amount_minor: opening.amount_minor,
    comment_length: lengthOf(opening.comment),
    requested_at: row.requested_at,
    now,
    earlier: earlier.length,
    has_open: open !== null,
  })
  if ('refused' in verdict) return { refused: verdict.refused, open }
  return { row, amount_minor: verdict.amount_minor, number: earlier.length + 1 }
}

/** Requisites that the payer has seen: nothing else can have been paid. */
function chosen(rows: readonly ProviderPaymentRow[], attempt_id: string | null): ProviderPaymentRow | null {
  const shown = rows.filter(({ state, issued_at }) => isAppealable(state) && issued_at !== null)
  if (attempt_id !== null) return shown.find((row) => row.attempt_id === attempt_id) ?? null
  return shown.find(({ state }) => state === 'success') ?? shown.at(-1) ?? null
}
