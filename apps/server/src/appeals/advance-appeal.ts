import { maskNumbers } from '@cascad/provider-kit/mask'
import { openCase } from '../cascades/open-case.ts'
import type { Context } from '../context.ts'
import type { Appeal } from './appeal.ts'
import { bySystem } from './by-system.ts'
import { sendClose, sendCreate } from './call-provider.ts'
import { moveAppeal } from './move-appeal.ts'
import { resolveBySuccess } from './resolve-by-success.ts'
import type { Act } from './rules/acts.ts'
import { after, check_ms } from './rules/clocks.ts'
import { settleAccepted } from './settle-accepted.ts'
import { receiptUrl } from './sign-receipt.ts'
import { type ClaimedAppeal, releaseAppeal, selectAppeal } from './table.ts'
import { selectFiles } from './thread-table.ts'

const textMax = 500

/**
 * Does what is due for an appeal whose lease the worker holds: looks whether its payment has succeeded by itself, settles what the
 * provider agreed to, lets the clocks act, tells the provider. Every step is a commit of its own; what is lost is done again.
 */
export async function advanceAppeal(ctx: Context, claimed: ClaimedAppeal): Promise<void> {
  const checks = claimed.check_at !== null
  if (claimed.state === 'accepted') await settleAccepted(ctx, claimed)
  else if (checks) await resolveBySuccess(ctx, claimed)
  await moveAppeal(ctx, claimed, { actor: bySystem, act: { type: 'tick' } })
  const appeal = await selectAppeal(ctx.sql, claimed)
  if (appeal?.send && appeal.send_at !== null && appeal.send_at <= ctx.now())
    await tellProvider(ctx, appeal, appeal.send)
  await releaseAppeal(ctx.sql, claimed, checks ? after(ctx.now(), check_ms) : null)
}

async function tellProvider(ctx: Context, appeal: Appeal, send: 'create' | 'confirm' | 'cancel'): Promise<void> {
  const act = send === 'create' ? await created(ctx, appeal) : await closed(ctx, appeal, send)
  // First the person, then the end of telling: if we die in between, it is told again.
  if (act.type === 'refuse_close') await openRefusedCase(ctx, appeal, act)
  await moveAppeal(ctx, appeal, { actor: bySystem, act })
}

async function openRefusedCase(ctx: Context, appeal: Appeal, act: Extract<Act, { type: 'refuse_close' }>) {
  const { provider_id, account_id, payment_id, attempt_id, id } = appeal
  const of = { provider_id, account_id, payment_id, attempt_id }
  const detail = `told the end of appeal ${id}, the endpoint answered status ${act.status}: ${act.text ?? ''}`
  await openCase(ctx, ctx.sql, { ...of, kind: 'appeal_close_refused', detail })
}

/** As it may be kept and shown. */
function said(text: string | null): string | null {
  return text === null ? null : maskNumbers(text).replaceAll('\0', '').slice(0, textMax).toWellFormed()
}

async function created(ctx: Context, appeal: Appeal): Promise<Act> {
  const files = await selectFiles(ctx.sql, appeal)
  const receipt = files.find(({ id }) => id === appeal.receipt_id)
  if (!receipt) throw new Error(`appeal ${appeal.id} has no receipt`)
  const answer = await sendCreate(ctx, appeal, receiptUrl(ctx, receipt, ctx.now()))
  if (answer.type === 'acknowledged')
    return { type: 'acknowledge', reference: answer.reference, known_before: answer.known_before }
  if (answer.type === 'refused') return { type: 'refuse_create', status: answer.status, text: said(answer.text) }
  return { type: 'miss_create', detail: answer.detail }
}

async function closed(ctx: Context, appeal: Appeal, verdict: 'confirm' | 'cancel'): Promise<Act> {
  const answer = await sendClose(ctx, appeal, verdict)
  if (answer.type === 'delivered') return { type: 'deliver_close', closed_before: answer.closed_before }
  if (answer.type === 'refused') return { type: 'refuse_close', status: answer.status, text: said(answer.text) }
  return { type: 'miss_close', detail: answer.detail }
}
