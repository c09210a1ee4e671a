/** What news about an attempt at a provider of requisites does on the provider's side. */
import { endProviderPayment, endUnissued, issueProviderPayment } from '../cascades/close-provider-payment.ts'
import { findProviderPayment } from '../cascades/find-provider-payment.ts'
import { openCase } from '../cascades/open-case.ts'
import type { ProviderPaymentRow } from '../cascades/provider-payment.ts'
import type { Context } from '../context.ts'
import type { Transaction } from '../database/connect.ts'
import type { IssueNews } from './ask-for-requisites.ts'
import type { Attempt, AttemptStatus } from './payment.ts'
import type { News } from './rules/news.ts'

export type AttemptChange = {
  readonly before: Attempt
  readonly after: Attempt
  readonly outcome: News['outcome']
  /** The answer to the question for requisites, when this is it. */
  readonly issue: IssueNews | null
  /** Money that is no sale came in: for an operator. */
  readonly case: 'late_success' | 'double_success' | null
}

/** What is to be written in the transaction of the change; `null` = nothing, or the provider gives no requisites. */
export function providerSide(ctx: Context, change: AttemptChange): ((tx: Transaction) => Promise<void>) | null {
  const { before, after } = change
  if (ctx.connectors.get(before.connector)?.requisites === undefined) return null
  const paid = change.outcome.type === 'approved' && (after.winner || after.late_approval)
  if (before.status === after.status && !paid) return null
  return async (tx) => {
    const row = await findProviderPayment(tx, before.account_id, before.id)
    if (!row) throw new Error(`attempt ${before.id} has no provider payment`)
    if (before.status === 'sent') await answered(ctx, tx, row, change)
    else await ended(ctx, tx, row, change, paid)
  }
}

async function answered(ctx: Context, tx: Transaction, row: ProviderPaymentRow, change: AttemptChange): Promise<void> {
  const { after, outcome, issue } = change
  const now = ctx.now()
  const answer_ms = issue?.answer_ms ?? null
  if (outcome.type === 'action_required' && outcome.action.kind === 'requisites' && after.status === 'incomplete') {
    await issueProviderPayment(ctx, tx, row, {
      provider_reference: outcome.provider_reference ?? '',
      action: outcome.action,
      answer_ms: answer_ms ?? 0,
      finalise_grace_s: issue?.at.connection.finalise_grace_s ?? 0,
      now,
    })
    return
  }
  // Given after the payment had ended: an order that nobody will pay.
  const given = outcome.type === 'action_required' ? outcome.provider_reference : null
  const told = issue && { ...issue.result, orphan: given ?? issue.result.orphan }
  await endUnissued(tx, row, { state: unissuedState(after.status, issue), issue: told, answer_ms, now })
  if (issue?.duplicate)
    await openCase(ctx, tx, { ...row, kind: 'duplicate_reference', detail: 'the id belongs to another payment' })
}

function unissuedState(status: AttemptStatus, issue: IssueNews | null) {
  if (status === 'orphaned') return 'unknown'
  if (status === 'not_sent' || status === 'cancelled') return status
  return issue?.result.state === 'violation' ? 'violation' : 'refused'
}

async function ended(
  ctx: Context,
  tx: Transaction,
  row: ProviderPaymentRow,
  change: AttemptChange,
  paid: boolean,
): Promise<void> {
  const now = ctx.now()
  const { outcome } = change
  const { status } = change.after
  if (paid) await endProviderPayment(tx, row, 'success', now)
  else if (status === 'declined') await endProviderPayment(tx, row, 'failed', now)
  else if (status === 'expired' || status === 'cancelled')
    await endProviderPayment(tx, row, status, now, outcome.type === 'given_up' && outcome.unless_claimed === true)
  if (change.case) await openCase(ctx, tx, { ...row, kind: change.case, detail: 'paid, and nobody was waiting for it' })
}
