/** What an answer or later news does to a provider payment and to the balance, in the transaction that changes the attempt. */
import type { IssueResult, RequisitesAction } from '@cascad/connector/requisites'
import { numberField } from '@cascad/provider-kit/events'
import { masked } from '@cascad/provider-kit/mask'
import type { Context } from '../context.ts'
import type { Database } from '../database/connect.ts'
import type { ProviderPaymentRow } from './provider-payment.ts'
import { updateEnded, updateIssued, updateNotIssued } from './provider-payment-table.ts'
import { releaseHold } from './release-hold.ts'
import { settleSuccess } from './settle-success.ts'

/** The first question after requisites were given. Cascade API, 8.2. */
const firstPoll_ms = 10_000
/** Of an order that nobody will pay. Cascade API, 8.3. */
const orphanPoll_ms = 60_000
/** A success is asked about once more. Cascade API, 8.2. */
const controlPoll_ms = 10 * 60_000

export type RequisitesSecret = Pick<RequisitesAction, 'owner' | 'number'>

/** What encrypted requisites are bound to. */
export function requisitesPurpose(attempt_id: string): string {
  return `requisites:${attempt_id}`
}

type Changed = Pick<ProviderPaymentRow, 'account_id' | 'attempt_id' | 'provider_id' | 'method'>

/** Requisites were given, and the payer may see them. The hold stays. */
export async function issueProviderPayment(
  ctx: Pick<Context, 'secrets'>,
  tx: Database,
  of: Changed,
  issued: {
    readonly provider_reference: string
    readonly action: RequisitesAction
    readonly answer_ms: number
    readonly finalise_grace_s: number
    readonly now: Date
  },
): Promise<void> {
  const { action, now, provider_reference, answer_ms } = issued
  const { owner, number, bank } = action
  const secret: RequisitesSecret = { owner, number }
  const field = numberField[of.method]
  const shown = masked({ owner, [field]: number })
  const expires_at = new Date(action.expires_at)
  await updateIssued(tx, of, {
    provider_reference,
    bank,
    requisites_encrypted: ctx.secrets.encrypt(JSON.stringify(secret), requisitesPurpose(of.attempt_id)),
    owner_mask: String(shown.owner),
    number_mask: String(shown[field]),
    answer_ms,
    issued_at: now,
    expires_at,
    finalise_at: new Date(expires_at.getTime() + issued.finalise_grace_s * 1000),
    poll_at: new Date(now.getTime() + firstPoll_ms),
  })
}

/** Did the writing fail because the same order of the provider is another payment's, whose commit was faster? */
export function isTakenReference(error: unknown): boolean {
  return (error as { constraint_name?: unknown } | null)?.constraint_name === 'provider_payments_reference'
}

/** No requisites, or none that may be shown: what was held is available again. An order that is known to exist is cancelled. */
export async function endUnissued(
  tx: Database,
  of: Changed,
  ended: {
    readonly state: 'refused' | 'violation' | 'not_sent' | 'unknown' | 'cancelled'
    readonly issue: Pick<IssueResult, 'reason' | 'orphan' | 'outcome'> | null
    readonly answer_ms: number | null
    readonly now: Date
  },
): Promise<void> {
  const { state, issue, answer_ms, now } = ended
  const orphan = issue?.orphan ?? null
  const changed = await updateNotIssued(tx, of, {
    state,
    reason: issue?.reason ?? null,
    reason_text: issue === null ? null : textOf(issue.outcome),
    answer_ms,
    ended_at: now,
    provider_reference: orphan,
    orphan: orphan !== null,
    poll_at: orphan === null ? null : new Date(now.getTime() + orphanPoll_ms),
    cancel_at: orphan === null ? null : now,
    cancel_status: orphan === null ? null : 'needed',
  })
  if (changed) await releaseHold(tx, of, now)
}

function textOf(outcome: IssueResult['outcome']): string | null {
  if (outcome.type === 'declined') return outcome.signals.provider_text
  return outcome.type === 'unknown' || outcome.type === 'not_sent' ? outcome.detail : null
}

class Claimed extends Error {}

/** Did the giving up fail because the payer has said meanwhile that he has paid? */
export function isClaimed(error: unknown): boolean {
  return error instanceof Claimed
}

/**
 * Requisites that were shown have ended: paid (also late), failed, over or given up. Nothing changes when they had ended before.
 * `unless_claimed`: throws what `isClaimed` tells where the payer has said that he has paid; who commits first has decided.
 */
export async function endProviderPayment(
  tx: Database,
  of: Changed,
  state: 'success' | 'failed' | 'expired' | 'cancelled',
  now: Date,
  unless_claimed = false,
): Promise<void> {
  const changed = await updateEnded(tx, of, {
    state,
    at: now,
    cancels: state === 'expired' || state === 'cancelled',
    poll_at: state === 'success' ? new Date(now.getTime() + controlPoll_ms) : null,
    unless_claimed,
  })
  if (!changed && unless_claimed) throw new Claimed(`the payer of ${of.attempt_id} says that he has paid`)
  if (!changed) return
  if (state === 'success') await settleSuccess(tx, of, now)
  else await releaseHold(tx, of, now)
}
