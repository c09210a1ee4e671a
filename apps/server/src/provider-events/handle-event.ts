/** Reads a stored event by its connector and hands the news to the one door for outcomes. */
import { getAccount } from '../accounts/find-account.ts'
import type { Context } from '../context.ts'
import { applyOutcome } from '../payments/apply-outcome.ts'
import { callTimeout_ms } from '../payments/call-gateway.ts'
import { checkAttempt } from '../payments/check-attempt.ts'
import { findPaymentById, loadState } from '../payments/find-payment.ts'
import type { Attempt } from '../payments/payment.ts'
import { inBudgetDelays_ms } from '../payments/rules/lookup-schedule.ts'
import { runningOf } from '../payments/running.ts'
import { getGateway } from '../routing/load-routing.ts'
import { deferEvent, finishEvent, type StoredEvent } from './table.ts'

const tries_max = 10
/** How long news waits that overtook the direct answer. */
const early_ms = 2_000

/** Handles one event. A fault defers it; after ten tries it is given up and an alarm is raised. */
export async function handleEvent(ctx: Context, event: StoredEvent): Promise<void> {
  // More tries than faults were caught: it ended the process that read it.
  if (event.tries > tries_max) return giveUp(ctx, event, 'its readers did not survive it')
  try {
    const { status, detail } = await handle(ctx, event)
    if (status === 'early') {
      const due_at = new Date(ctx.now().getTime() + early_ms)
      return await deferEvent(ctx.sql, event.id, { detail, due_at, failed: false })
    }
    await finishEvent(ctx.sql, event.id, status, detail, ctx.now())
  } catch (error) {
    ctx.events.fault('provider event', error, { event_id: event.id, gateway_id: event.gateway_id })
    if (event.tries >= tries_max) return giveUp(ctx, event, String(error))
    const due_at = new Date(ctx.now().getTime() + event.tries * 5_000)
    await deferEvent(ctx.sql, event.id, { detail: String(error), due_at, failed: true })
  }
}

async function giveUp(ctx: Context, event: StoredEvent, detail: string): Promise<void> {
  ctx.events.alarm('provider event given up', { event_id: event.id, gateway_id: event.gateway_id })
  await finishEvent(ctx.sql, event.id, 'failed', detail, ctx.now())
}

type Handled = { readonly status: 'handled' | 'refused' | 'early'; readonly detail: string }

async function handle(ctx: Context, event: StoredEvent): Promise<Handled> {
  const gateway = await getGateway(ctx, event.gateway_id)
  const connector = gateway ? ctx.connectors.get(gateway.connector) : undefined
  if (!gateway || !connector?.readEvent || gateway.credentials === null)
    return { status: 'refused', detail: 'the gateway cannot read events' }
  const news = connector.readEvent(gateway.credentials as never, {
    headers: event.headers,
    body: event.body,
    received_at: event.received_at,
  })
  if (!news) return { status: 'refused', detail: 'not genuine or not readable' }
  const reference = /^([0-9A-Za-z]{16})-(\d{1,3})$/.exec(news.reference)
  const payment = reference ? await findPaymentById(ctx, `cpi_${reference[1]}`) : null
  if (!reference || !payment)
    return { status: 'refused', detail: `no payment has the reference ${news.reference.slice(0, 80)}` }
  const number = Number(reference[2])
  const state = await loadState(ctx, payment.account_id, payment.id)
  const attempt = state.attempts.find((one) => one.number === number)
  // A gateway speaks of its own attempts only.
  if (attempt?.gateway_id !== event.gateway_id)
    return { status: 'refused', detail: `attempt ${news.reference} is not of this gateway` }
  const account = await getAccount(ctx, payment.account_id)
  // The cascade that waits for the direct answer may go on to another gateway; this door cannot, so a "no" waits for it.
  if (news.outcome?.type !== 'approved' && isBeingCalled(ctx, attempt))
    return { status: 'early', detail: 'the direct answer is still out' }
  if (news.outcome === null) {
    await checkAttempt(ctx, account, state, attempt)
    return { status: 'handled', detail: 'asked' }
  }
  const { code } = await applyOutcome(ctx, account, state, number, news.outcome, null)
  return { status: 'handled', detail: code }
}

/** Also in another process: one that still calls, or has had no answer and asks while it keeps the card. */
function isBeingCalled(ctx: Context, attempt: Attempt): boolean {
  if (runningOf(ctx, attempt.payment_id)) return true
  const age_ms = ctx.now().getTime() - attempt.sent_at.getTime()
  if (attempt.status === 'sent') return age_ms < callTimeout_ms(attempt.test_mode)
  const asks = attempt.status === 'unknown' && attempt.lookups === 0
  return asks && age_ms < callTimeout_ms(attempt.test_mode) + Math.max(...inBudgetDelays_ms)
}
