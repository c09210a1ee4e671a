/** One question for requisites within a search, and what its answer says of the connection. Cascade API, 4.1 and 5. */
import type { IssueResult } from '@cascad/connector/requisites'
import { isKnownReference } from '../cascades/find-provider-payment.ts'
import type { ConnectionNow } from '../cascades/load-connections.ts'
import { markMisconfigured } from '../cascades/mark-misconfigured.ts'
import { noteLateOrder } from '../cascades/note-late-order.ts'
import { pauseConnection } from '../cascades/pause-connection.ts'
import type { Context } from '../context.ts'
import { getGateway } from '../routing/load-routing.ts'
import { issueRequisites } from './call-gateway.ts'
import type { State } from './find-payment.ts'
import type { Live } from './live-cascade.ts'
import type { Attempt } from './payment.ts'

/** The answer of a provider, with what was asked of it. */
export type IssueNews = {
  readonly result: IssueResult
  readonly at: ConnectionNow
  readonly answer_ms: number
  /** The provider gave the id of another payment of its. */
  readonly duplicate: boolean
  /** Ids of orders that may come to light after their time. */
  readonly late: readonly Promise<string | null>[]
}

/** A question begins only with so much of the search's time left. Cascade API, 5. */
const leastLeft_ms = 3_000

/** Asks the attempt's provider; `null` = its gateway gives no requisites. */
export async function askForRequisites(
  ctx: Context,
  state: State,
  attempt: Attempt,
  live: Live,
): Promise<IssueNews | null> {
  const at = live.connections?.now.get(attempt.gateway_id)
  const gateway = at ? await getGateway(ctx, attempt.gateway_id) : null
  if (!at || !gateway) return null
  const started = performance.now()
  const ask = (): Promise<IssueResult> => issueRequisites(ctx, gateway, state.payment, attempt, at)
  let result = await ask()
  const late = result.late ? [result.late] : []
  const left_ms = live.budget_ends_at.getTime() - ctx.now().getTime()
  if (result.state === 'unknown' && at.connection.supports_idempotency_key && left_ms >= leastLeft_ms) {
    result = await ask()
    if (result.late) late.push(result.late)
  }
  const answer_ms = Math.round(performance.now() - started)
  await noteForOthers(ctx, attempt, at, result)
  const issue = { result, at, answer_ms, duplicate: false, late }
  return (await isDuplicate(ctx, attempt, at, result)) ? asDuplicate(issue) : issue
}

/**
 * An order that comes to light after its time is cancelled; its requisites are never shown. To be called when the end of the attempt
 * is written: before that there is nothing to cancel.
 */
export function listenForLate(ctx: Context, attempt: Attempt, { late }: IssueNews): void {
  for (const told of late) {
    told
      .then((reference) => (reference === null ? undefined : noteLateOrder(ctx, attempt, reference)))
      .catch((error: unknown) => ctx.events.fault('late order', error, { attempt_id: attempt.id }))
  }
}

async function noteForOthers(
  ctx: Context,
  { amount_minor, currency, gateway_id }: Attempt,
  { method }: ConnectionNow,
  { skip, misconfigured, outcome }: IssueResult,
): Promise<void> {
  const now = ctx.now()
  if (skip) await pauseConnection(ctx.sql, { gateway_id, method, skip }, { amount_minor, currency, now })
  if (!misconfigured) return
  const text = outcome.type === 'declined' ? outcome.signals.provider_text : null
  const reason = text ?? 'the endpoint refused our key or is not where it should be'
  if (await markMisconfigured(ctx.sql, gateway_id, reason, now))
    ctx.events.alarm('connection misconfigured', { gateway_id, reason })
}

async function isDuplicate(
  ctx: Context,
  { test_mode }: Attempt,
  { connection }: ConnectionNow,
  { outcome, orphan }: IssueResult,
): Promise<boolean> {
  const provider_reference = outcome.type === 'action_required' ? outcome.provider_reference : orphan
  if (provider_reference === null) return false
  return isKnownReference(ctx.sql, { provider_id: connection.provider.id, test_mode, provider_reference })
}

/** An id that belongs to another payment: nothing of the answer is shown, and nothing is cancelled under that id. */
export function asDuplicate(issue: IssueNews): IssueNews {
  const signals = {
    resolution: 'provider_fatal_error',
    unified_code: null,
    network_code: null,
    advice_code: null,
    provider_code: 'contract_breach',
    provider_text: 'the id belongs to another payment',
  }
  const outcome = { type: 'declined', provider_reference: null, signals, class: 'gateway_rejected' } as const
  const result: IssueResult = { ...issue.result, state: 'violation', outcome, health: 'failure', orphan: null }
  return { ...issue, result, duplicate: true }
}
