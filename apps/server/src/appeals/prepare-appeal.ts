/** An appeal as it is first written: by whoever opens one, and by an opener who takes the amount that the provider has seen. */
import { findProvider } from '../cascades/find-provider.ts'
import { freezeAppeal } from '../cascades/freeze-appeal.ts'
import { noteAppeal } from '../cascades/note-appeal.ts'
import type { ProviderPaymentRow } from '../cascades/provider-payment.ts'
import type { Context } from '../context.ts'
import type { Transaction } from '../database/connect.ts'
import { getExponent } from '../directory/currencies.ts'
import type { Locale } from '../directory/service.ts'
import { newId } from '../ids.ts'
import type { Actor, Appeal, AppealReason, Opener } from './appeal.ts'
import { mailsOfStep } from './mail-step.ts'
import { after, check_ms, promise_ms } from './rules/clocks.ts'
import { insertAppeal } from './table.ts'
import { callbackOfStep } from './tell-step.ts'
import { insertFile, insertMessage, type NewFile } from './thread-table.ts'

export type OpeningActor = Actor & { readonly side: Opener }

class Taken extends Error {}
class Moved extends Error {}

/** Did the writing fail because another appeal of the payment is open? */
export function isTaken(error: unknown): boolean {
  return error instanceof Taken || (error as { code?: unknown } | null)?.code === '23505'
}

/** Did the writing fail because the provider payment has changed since it was read? */
export function isMoved(error: unknown): boolean {
  return error instanceof Moved
}

/** To be called once it is committed. */
export function tellOpened(ctx: Context, { id: appeal_id, payment_id, provider_id, opened_side: side }: Appeal): void {
  const facts = { appeal_id, payment_id, provider_id, side }
  ctx.events.appealStep({ ...facts, act: 'open', from: null, to: 'opened', calls: null })
}

export type NewAppeal = {
  readonly reason: AppealReason
  readonly amount_minor: bigint
  readonly comment: string
  readonly number: number
  readonly receipt: NewFile
  readonly payer_locale: Locale | null
}

export type PreparedAppeal = {
  /** Throws what `isTaken` and `isMoved` tell apart: the transaction has to be given up. */
  readonly write: (tx: Transaction) => Promise<Appeal>
  /** For transactions that touch the balance before `write`: the provider payment comes first in every order of locks. */
  readonly lock: (tx: Transaction) => Promise<void>
}

/** Works out all that needs a connection of its own; `write` only writes. */
export async function prepareAppeal(
  ctx: Context,
  row: ProviderPaymentRow,
  actor: OpeningActor,
  given: NewAppeal,
  now: Date,
): Promise<PreparedAppeal> {
  const provider = await findProvider(ctx.sql, row.provider_id)
  if (!provider || row.provider_reference === null) throw new Error(`${row.attempt_id} was never given requisites.`)
  const exponent = await getExponent(ctx, row.currency)
  const draft = draftOf(row, actor, given, now)
  const { side, name: author, ip } = actor
  const step = { act: 'open', detail: given.reason, side, by_name: author, ip, at: now }
  const text = given.comment
  const id = newId('appeal_message', now)
  const more = [
    insertFile(ctx.sql, given.receipt, 0),
    ...(text === ''
      ? []
      : [insertMessage(ctx.sql, { id, side, author, kind: 'message', internal: false, text, ip, created_at: now })]),
    ...(await callbackOfStep(ctx, null, draft)),
    ...(await mailsOfStep(ctx, null, draft, { step: 'open', calls: null, side, internal: false })),
  ]
  const lock = async (tx: Transaction): Promise<void> => {
    if ((await noteAppeal(tx, row, now)) !== row.state) throw new Moved()
  }
  return {
    lock,
    async write(tx) {
      await lock(tx)
      const of = { provider_id: row.provider_id, attempt_id: row.attempt_id, appeal_id: draft.id }
      const frozen = await freezeAppeal(tx, provider, of, { amount_minor: given.amount_minor, exponent }, now)
      if (!frozen) throw new Taken()
      const appeal = { ...draft, settlement_minor: frozen.appeal_minor, freeze_minor: frozen.freeze_minor }
      await insertAppeal(tx, appeal, step, more)
      return appeal
    },
  }
}

/** Its settlement amounts are known once they are frozen. */
function draftOf(row: ProviderPaymentRow, actor: OpeningActor, given: NewAppeal, now: Date): Appeal {
  const { account_id, payment_id, attempt_id, attempt_number, provider_id, gateway_id, test_mode, currency } = row
  const { reason, amount_minor, comment, number, receipt, payer_locale } = given
  return {
    ...{ account_id, payment_id, attempt_id, attempt_number, provider_id, gateway_id, test_mode, currency },
    id: newId('appeal', now),
    version: 1,
    number,
    state: 'opened',
    reason,
    original_minor: row.amount_minor,
    amount_minor,
    settlement_minor: 0n,
    freeze_minor: 0n,
    comment,
    receipt_id: receipt.id,
    opened_side: actor.side,
    opened_by: actor.name,
    payer_locale,
    payment_reference: row.provider_reference ?? '',
    appeal_reference: null,
    opened_at: now,
    submitted_at: null,
    verdict_at: null,
    arbitration_at: null,
    closed_at: null,
    updated_at: now,
    promised_at: after(now, promise_ms),
    deadline_at: null,
    remind_at: null,
    check_at: amount_minor === row.amount_minor ? after(now, check_ms) : null,
    send: 'create',
    send_at: now,
    send_tries: 0,
    create_undelivered: false,
    close_undelivered: false,
    refused_text: null,
    rejection: null,
    rejection_text: null,
    amount_seen_minor: null,
    confirm_proposed_by: null,
    decided_by: null,
    close_note: null,
  }
}
