/** Tells routing what news about an attempt says of its gateway: is it healthy, and how often does it approve? */
import type { IssueResult } from '@cascad/connector/requisites'
import type { Context } from '../context.ts'
import { countResult } from '../routing/count-result.ts'
import { type GatewayResult, gatewayResult } from '../routing/rules/gateway-result.ts'
import { routeCount } from '../routing/rules/route-count.ts'
import { countRoute } from '../routing/statistics.ts'
import type { State } from './find-payment.ts'
import type { News } from './rules/news.ts'

const healthResults: Readonly<Record<IssueResult['health'], GatewayResult>> = {
  healthy: 'healthy',
  failure: 'failure',
  not_counted: 'none',
}

export type AttemptNews = {
  readonly outcome: News['outcome']
  readonly set_up_wrong: boolean
  /** The cascade that made the call applies its answer. */
  readonly running: boolean
  /** What the answer itself says of the gateway's health; left out or `null` = what the attempt has become says it. */
  readonly health?: IssueResult['health'] | null
}

/** `before` and `after` are the payment around the news about attempt `number`. Never throws: the news is committed. */
export async function countAttempt(
  ctx: Context,
  before: State,
  after: State,
  number: number,
  news: AttemptNews,
): Promise<void> {
  const old = before.attempts.find((one) => one.number === number)
  const attempt = after.attempts.find((one) => one.number === number)
  if (!old || !attempt) return
  const { gateway_id, payment_id, test_mode, currency } = attempt
  const method = after.payment.service_method ?? ''
  const change = routeCount(old.status, attempt.status, attempt.class)
  if (change) {
    const card = after.payment.payload?.payment_card
    const [brand, issuer_country] = [card?.brand ?? '', card?.issuer_country ?? '']
    countRoute(ctx, { gateway_id, method, currency, brand, issuer_country }, change)
  }
  // What a test of the Card API makes its gateway do is told by card and scenario: it says nothing about the gateway.
  if (after.payment.source === 'card_api' && test_mode) return
  const result = news.health
    ? healthResults[news.health]
    : gatewayResult({
        from: old.status,
        to: attempt.status,
        class: attempt.class,
        set_up_wrong: news.set_up_wrong,
        test_mode,
        running: news.running,
        lookup_failed: news.outcome.type === 'unknown' && ctx.connectors.get(attempt.connector)?.status !== undefined,
      })
  await countResult(ctx, { gateway_id, method, payment_id, result }).catch((error: unknown) =>
    ctx.events.fault('gateway health', error, { payment_id, gateway_id }),
  )
}
