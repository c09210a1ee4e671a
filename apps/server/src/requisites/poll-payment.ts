import { getAccount } from '../accounts/find-account.ts'
import { resolveBySuccess } from '../appeals/resolve-by-success.ts'
import { findSettlement } from '../cascades/find-settlement.ts'
import { openCase } from '../cascades/open-case.ts'
import type { ProviderCaseKind } from '../cascades/provider-payment.ts'
import type { Context } from '../context.ts'
import { applyOutcome } from '../payments/apply-outcome.ts'
import { askStatus } from '../payments/call-gateway.ts'
import { loadState, type State } from '../payments/find-payment.ts'
import { countResult } from '../routing/count-result.ts'
import { getGateway } from '../routing/load-routing.ts'
import { isLost, nextPoll } from './rules/poll-schedule.ts'
import { type PollReading, readPoll } from './rules/read-poll.ts'
import { type Followed, type Polled, selectFollowed, updatePolled } from './table.ts'

/** After an appeal has closed, the provider may not have been told for so long. Cascade API, 5. */
const closing_ms = 24 * 3_600_000
/** From here on an open appeal may ask for more. */
const appealMatters_ms = 15 * 60_000
/** Times the plan is made anew because the payment changed beside it. */
const conflicts_max = 10

/**
 * Asks the provider what became of the payment and hands the news on. A question without an answer changes nothing; what was not
 * paid at the last regular question is over. Cascade API, 4.2, 7.2, 8.
 */
export async function pollPayment(ctx: Context, row: Followed): Promise<void> {
  const asked_at = ctx.now()
  const account = await getAccount(ctx, row.account_id)
  const state = await loadState(ctx, row.account_id, row.payment_id)
  const outcome = await ask(ctx, row, state)
  const said_appeal = outcome.type === 'pending' && outcome.appeal === true
  const reading = readPoll(row, outcome, said_appeal && (await isAppealExpected(ctx, row, asked_at)))
  if (reading.apply) await applyOutcome(ctx, account, state, row.attempt_number, outcome, null)
  if (reading.apply && outcome.type === 'approved') await resolveBySuccess(ctx, row)
  if (reading.case_kind) await open(ctx, row, reading.case_kind)
  if (reading.result !== 'answered') await countError(ctx, row, state)
  const known = await selectFollowed(ctx.sql, row)
  if (known?.state === 'issued' && known.finalise_at !== null && known.finalise_at <= asked_at) {
    const over = { type: 'time_over', claimed: known.claimed_at !== null } as const
    await applyOutcome(
      ctx,
      account,
      await loadState(ctx, row.account_id, row.payment_id),
      row.attempt_number,
      over,
      null,
    )
  }
  await plan(ctx, row, reading, asked_at)
}

async function ask(ctx: Context, row: Followed, { attempts, payment }: State) {
  const attempt = attempts.find(({ id }) => id === row.attempt_id)
  if (!attempt) throw new Error(`payment ${payment.id} has no attempt ${row.attempt_id}`)
  const gateway = await getGateway(ctx, row.gateway_id)
  if (!gateway) return { type: 'unknown', detail: `gateway ${row.gateway_id} is gone` } as const
  // The attempt does not know the id of an order that was learned late.
  return askStatus(ctx, gateway, { ...attempt, provider_reference: row.provider_reference })
}

/** An appeal of ours is open, or was until a short while ago. */
async function isAppealExpected(ctx: Context, row: Followed, now: Date): Promise<boolean> {
  const settlement = await findSettlement(ctx.sql, row)
  if (!settlement || settlement.appeal_id === null) return false
  return settlement.appeal_open || now.getTime() - settlement.updated_at.getTime() < closing_ms
}

const details: Partial<Record<ProviderCaseKind, string>> = {
  unexpected_appeal: 'the provider says that there is an appeal, and none of ours is open',
  status_regression: 'the provider takes back a success that was booked',
  orphan_success: 'the provider says that an order was paid whose requisites nobody was shown',
  provider_lost_payment: 'the provider does not know the payment any more',
}

async function open(ctx: Context, row: Followed, kind: ProviderCaseKind): Promise<void> {
  await openCase(ctx, ctx.sql, { ...row, kind, detail: details[kind] ?? kind })
}

/** The breaker of the gateway counts questions without an answer. */
async function countError(ctx: Context, { gateway_id, payment_id }: Followed, { payment }: State): Promise<void> {
  const method = payment.service_method ?? ''
  await countResult(ctx, { gateway_id, method, payment_id, result: 'lookup_failure' }).catch((error: unknown) =>
    ctx.events.fault('gateway health', error, { payment_id, gateway_id }),
  )
}

/** Writes what came of the question and when the next one is due; makes the plan anew when the payment changes beside it. */
async function plan(ctx: Context, row: Followed, { result }: PollReading, asked_at: Date): Promise<void> {
  const isError = result !== 'answered'
  const counted = {
    polls: row.polls + 1,
    poll_errors: isError ? row.poll_errors + 1 : 0,
    not_found_since: result === 'not_found' ? (row.not_found_since ?? asked_at) : null,
    not_found_count: result === 'not_found' ? Math.min(row.not_found_count + 1, 1_000) : 0,
  }
  const { not_found_since, not_found_count } = counted
  const lost = not_found_since !== null && isLost(not_found_count, not_found_since, asked_at)
  if (lost && !row.orphan) await open(ctx, row, 'provider_lost_payment')
  for (let tries = 0; tries < conflicts_max; tries += 1) {
    const known = await selectFollowed(ctx.sql, row)
    if (!known) return
    const poll_at = await whenNext(ctx, row, { ...known, ...counted }, asked_at)
    const polled: Polled = { ...counted, poll_at, polled_at: asked_at }
    if (await updatePolled(ctx.sql, known, polled)) return
  }
  throw new Error(`provider payment ${row.attempt_id} kept changing while its next question was planned`)
}

async function whenNext(ctx: Context, row: Followed, known: Followed, asked_at: Date): Promise<Date | null> {
  const jitter = Math.random() * 2 - 1
  const planned = nextPoll({ ...known, appeal_open: false }, asked_at, jitter)
  const isFar = planned === null || planned.getTime() - asked_at.getTime() > appealMatters_ms
  const appeal_open = isFar && ((await findSettlement(ctx.sql, row))?.appeal_open ?? false)
  const next = appeal_open ? nextPoll({ ...known, appeal_open }, asked_at, jitter) : planned
  // Somebody wants to know sooner, or not at all any more.
  if (known.poll_at?.getTime() === row.poll_at?.getTime()) return next
  if (known.poll_at === null || next === null) return known.poll_at
  return known.poll_at < next ? known.poll_at : next
}
