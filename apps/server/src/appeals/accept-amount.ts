import { findProviderPayment } from '../cascades/find-provider-payment.ts'
import type { Context } from '../context.ts'
import type { Transaction } from '../database/connect.ts'
import type { Appeal } from './appeal.ts'
import { keepFile, receiptPurpose } from './keep-file.ts'
import { type MoveRefusal, moveAppeal } from './move-appeal.ts'
import type { OpenRefusal } from './payer-appeal.ts'
import { isMoved, isTaken, type OpeningActor, prepareAppeal, tellOpened } from './prepare-appeal.ts'
import { appealsMax, reasonAgainstAmount } from './rules/may-open.ts'
import type { AppealKey } from './table.ts'
import { selectAppeal } from './table.ts'
import { type NewFile, selectFile } from './thread-table.ts'

export type AmountAccepted =
  | { readonly accepted: true; readonly appeal: Appeal }
  | { readonly accepted: false; readonly refused: MoveRefusal | OpenRefusal; readonly appeal: Appeal }

/**
 * The opener takes the amount that the provider has seen: his appeal is cancelled and a new one opened with that amount and the same
 * receipt, in one commit.
 */
export async function acceptAmount(ctx: Context, key: AppealKey, actor: OpeningActor): Promise<AmountAccepted> {
  const appeal = await selectAppeal(ctx.sql, key)
  if (!appeal) throw new Error(`There is no appeal ${key.id}.`)
  const amount_minor = appeal.amount_seen_minor
  if (appeal.state !== 'rejected' || amount_minor === null)
    return { accepted: false, refused: appeal.closed_at === null ? 'wrong_state' : 'closed', appeal }
  const row = await findProviderPayment(ctx.sql, appeal.account_id, appeal.attempt_id)
  if (!row) throw new Error(`${appeal.attempt_id} is gone.`)
  if (appeal.number >= appealsMax) return { accepted: false, refused: 'too_many', appeal }
  const against = reasonAgainstAmount(amount_minor, { state: row.state, original_minor: row.amount_minor })
  if (against) return { accepted: false, refused: against, appeal }
  const receipt = await receiptOf(ctx, appeal, actor)
  if (!receipt) return { accepted: false, refused: 'receipt_empty', appeal }
  const given = {
    reason: 'wrong_amount',
    amount_minor,
    comment: appeal.comment,
    number: appeal.number + 1,
    receipt,
    payer_locale: appeal.payer_locale,
  } as const
  const prepared = await prepareAppeal(ctx, row, actor, given, ctx.now())
  let next: Appeal | null = null
  const beside = async (tx: Transaction): Promise<void> => {
    next = await prepared.write(tx)
  }
  try {
    const moved = await moveAppeal(ctx, key, { actor, act: { type: 'accept_amount' }, lock: prepared.lock, beside })
    if (moved.result === 'refused') return { accepted: false, refused: moved.why, appeal: moved.appeal }
  } catch (error) {
    if (!isTaken(error) && !isMoved(error)) throw error
    return { accepted: false, refused: isTaken(error) ? 'appeal_exists' : 'not_appealable', appeal }
  }
  if (!next) return { accepted: false, refused: 'wrong_state', appeal }
  tellOpened(ctx, next)
  return { accepted: true, appeal: next }
}

/** A copy: each file belongs to one appeal, and is kept as long as that. */
async function receiptOf(ctx: Context, appeal: Appeal, { side }: OpeningActor): Promise<NewFile | null> {
  const file = await selectFile(ctx.sql, appeal.receipt_id)
  if (!file) return null
  const bytes = ctx.secrets.decryptBytes(file.content_encrypted, receiptPurpose(file.id))
  const kept = keepFile(ctx, { name: file.name, bytes }, { side, message_id: null, now: ctx.now() })
  return typeof kept === 'string' ? null : kept
}
