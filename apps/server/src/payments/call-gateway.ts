/** Calls of a gateway: the request a connector gets, the limits of the network, and never an exception instead of an outcome. */
import type { Card, ChargeRequest, Connector, Outcome, Send } from '@cascad/connector'
import type { IssueResult } from '@cascad/connector/requisites'
import type { ConnectionNow } from '../cascades/load-connections.ts'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import type { Gateway } from '../routing/gateway.ts'
import { type SavedCard, wantsToken } from './card-token.ts'
import { issueReading, loggingCalls, outcomeReading } from './log-provider-calls.ts'
import type { Attempt, Operation, Payment } from './payment.ts'

/** Cascading rules 8: connecting 3 s, reading 15 s (3 s at test gateways). */
export const connectTimeout_ms = 3_000
export const readTimeout_ms = { live: 15_000, test: 3_000 } as const

/** A call is over after this time in any case; a sent attempt older than this belongs to a process that died. */
export function callTimeout_ms(test_mode: boolean): number {
  return connectTimeout_ms + (test_mode ? readTimeout_ms.test : readTimeout_ms.live) + 2_000
}

/** The longest call that begins an attempt at this gateway. */
export function longestCall_ms(ctx: Context, gateway: Gateway): number {
  const { requisites } = ctx.connectors.get(gateway.connector) ?? {}
  if (!requisites || gateway.credentials === null) return callTimeout_ms(gateway.test_mode)
  return connectTimeout_ms + requisites.answerLimit_ms(gateway.credentials)
}

/** What only the running operation knows of the payer. Never stored, never logged. */
export type PayerInput = {
  readonly card: Card | null
  /** A saved card instead of `card`. */
  readonly saved: SavedCard | null
  /** The security code, where only that was asked for. */
  readonly cvv: string | null
  readonly browser: Readonly<Record<string, string>>
  readonly client_ip: string | null
  /** Where the provider sends the payer's browser after a confirmation at the bank. */
  readonly return_url: string
  /** What the face the payment came in by asks of the gateway besides. */
  readonly wishes?: ChargeWishes
}

export type ChargeWishes = Pick<
  ChargeRequest,
  'three_ds' | 'initiator' | 'recurring' | 'descriptor' | 'billing_address' | 'simulation'
>

/** The page of the checkout that takes the payer back; `from_shop`: the card was typed into a page of the merchant. */
export function checkoutReturn(ctx: Context, payment: Payment, { from_shop }: { readonly from_shop: boolean }): string {
  return `${ctx.config.public_url}/hpp/return/${payment.id}${from_shop ? '?from=shop' : ''}`
}

/** A connector may set its own limit for an answer; it holds for test gateways too. */
function limitsOf(answer_timeout_ms: number | undefined, test_mode: boolean) {
  if (answer_timeout_ms === undefined) {
    return {
      read_timeout_ms: test_mode ? readTimeout_ms.test : readTimeout_ms.live,
      total_timeout_ms: callTimeout_ms(test_mode),
    }
  }
  return { read_timeout_ms: answer_timeout_ms, total_timeout_ms: connectTimeout_ms + answer_timeout_ms }
}

/** `heeds_body` `false`: the status is the answer, however long or broken the rest of it. */
function sendFor(ctx: Context, gateway: Gateway, heeds_body = true): Send {
  // Where requisites come from is an address that the provider chose by itself: it must be public.
  const guard = ctx.connectors.get(gateway.connector)?.requisites ? 'public' : 'none'
  return (request) =>
    ctx.sender.send({
      ...request,
      connect_timeout_ms: connectTimeout_ms,
      ...limitsOf(request.answer_timeout_ms, gateway.test_mode),
      response_bytes_max: 256 * 1024,
      guard,
      ...(heeds_body ? {} : { head_of_body: true }),
    })
}

type Call = (connector: Connector, credentials: unknown, send: Send) => Promise<Outcome> | undefined

/** A connector that throws has been sent to, for all we know. One without the operation is `unsupported`. */
async function call(ctx: Context, gateway: Gateway, what: string, run: Call): Promise<Outcome> {
  const connector = ctx.connectors.get(gateway.connector)
  if (!connector) return { type: 'not_sent', detail: `there is no connector ${gateway.connector}` }
  try {
    const answer = run(connector, gateway.credentials, sendFor(ctx, gateway))
    return answer === undefined ? { type: 'not_sent', detail: `${gateway.connector} has no ${what}` } : await answer
  } catch (error) {
    ctx.events.fault(`connector ${gateway.connector} ${what}`, error, { gateway_id: gateway.gateway_id })
    return { type: 'unknown', detail: `the connector failed in ${what}` }
  }
}

/** Charges or verifies. The attempt is committed as sent before this is called. */
export async function charge(
  ctx: Context,
  gateway: Gateway,
  payment: Payment,
  attempt: Attempt,
  payer: PayerInput,
): Promise<Outcome> {
  const exponent = (await currencies(ctx)).get(attempt.currency)?.exponent ?? 2
  return call(ctx, gateway, 'charge', (connector, credentials, send) =>
    connector.charge(
      {
        credentials,
        attempt_id: attempt.id,
        reference: attempt.reference,
        operation: payment.payment_flow,
        test_mode: payment.test_mode,
        method: payment.service_method ?? '',
        amount_minor: attempt.amount_minor,
        currency: attempt.currency,
        exponent,
        description: payment.description,
        service_fields: payment.service_fields,
        card: payer.card,
        card_token: payer.saved?.provider_token ?? null,
        cvv: payer.cvv,
        want_card_token: wantsToken(payment),
        customer: {
          email: payment.customer?.email ?? null,
          name: payment.customer?.name ?? null,
          phone: payment.customer?.phone ?? null,
        },
        client_ip: payer.client_ip,
        browser: payer.browser,
        return_url: payer.return_url,
        notification_url: `${ctx.config.public_url}/provider-events/${gateway.gateway_id}`,
        gateway_id: gateway.gateway_id,
        ...payer.wishes,
      },
      send,
    ),
  )
}

const nothingSent = (detail: string): IssueResult => ({
  state: 'not_sent',
  outcome: { type: 'not_sent', detail },
  reason: null,
  health: 'not_counted',
  skip: null,
  misconfigured: false,
  orphan: null,
})

/** Asks a provider where the payer is to transfer. The attempt and the hold are committed before this is called. */
export async function issueRequisites(
  ctx: Context,
  gateway: Gateway,
  payment: Payment,
  attempt: Attempt,
  { method, rate }: Pick<ConnectionNow, 'method' | 'rate'>,
): Promise<IssueResult> {
  const operations = ctx.connectors.get(gateway.connector)?.requisites
  if (!operations) return nothingSent(`${gateway.connector} gives no requisites`)
  if (gateway.credentials === null) return nothingSent(gateway.misconfigured ?? 'the gateway has no credentials')
  const exponent = (await currencies(ctx)).get(attempt.currency)?.exponent ?? 2
  const ask = (send: Send): Promise<IssueResult> =>
    operations.issue(
      {
        credentials: gateway.credentials,
        attempt_id: attempt.id,
        test_mode: payment.test_mode,
        method,
        amount_minor: attempt.amount_minor,
        currency: attempt.currency,
        exponent,
        currency_rate: rate ?? '',
        requested_at: attempt.sent_at,
        closes_at: payment.expires_at,
      },
      send,
    )
  try {
    const of = { gateway, attempt_id: attempt.id }
    return await loggingCalls(ctx, of, sendFor(ctx, gateway), ask, issueReading)
  } catch (error) {
    ctx.events.fault(`connector ${gateway.connector} issue`, error, { gateway_id: gateway.gateway_id })
    const detail = 'the connector failed in issue'
    return { ...nothingSent(detail), state: 'unknown', outcome: { type: 'unknown', detail }, health: 'failure' }
  }
}

/** Asks about an attempt. An unanswered question is `unknown`, whatever the reason: it proves nothing about the attempt. */
export async function askStatus(ctx: Context, gateway: Gateway, attempt: Attempt): Promise<Outcome> {
  const { reference, provider_reference, test_mode, id } = attempt
  const outcome = await call(ctx, gateway, 'status', (connector, credentials, send) => {
    const ask = (way: Send) => connector.status?.({ credentials, reference, provider_reference, test_mode }, way)
    return logged(ctx, gateway, id, 'status', send, ask)
  })
  return outcome.type === 'not_sent' ? { type: 'unknown', detail: outcome.detail } : outcome
}

const calls = {
  refund: ['refund', 'refundStatus'],
  capture: ['capture', 'captureStatus'],
  void: ['cancel', 'cancelStatus'],
} as const

/** Orders an operation, or asks what became of an earlier order. Its id is the idempotency key. `capture`: the one that is refunded. */
export async function sendOperation(
  ctx: Context,
  gateway: Gateway,
  attempt: Attempt,
  {
    operation,
    capture,
    ask,
  }: { readonly operation: Operation; readonly capture: Operation | null; readonly ask: boolean },
): Promise<Outcome> {
  const exponent = (await currencies(ctx)).get(operation.provider_currency)?.exponent ?? 2
  const what = calls[operation.kind][ask ? 1 : 0]
  const outcome = await call(ctx, gateway, what, (connector, credentials, send) =>
    connector[what]?.(
      {
        credentials,
        operation_id: operation.id,
        reference: operation.id,
        payment_reference: attempt.provider_reference ?? attempt.reference,
        capture_reference: capture?.provider_reference ?? null,
        final: operation.final,
        provider_reference: operation.provider_reference,
        amount_minor: operation.provider_amount_minor,
        currency: operation.provider_currency,
        exponent,
        test_mode: attempt.test_mode,
      },
      send,
    ),
  )
  return ask && outcome.type === 'not_sent' ? { type: 'unknown', detail: outcome.detail } : outcome
}

/** Takes an approval back by its reference. `void_id` is the idempotency key. */
export async function sendVoid(ctx: Context, gateway: Gateway, attempt: Attempt, void_id: string): Promise<Outcome> {
  const { id: attempt_id, reference, provider_reference, test_mode } = attempt
  const request = { reference, provider_reference, test_mode, void_id, attempt_id }
  return call(ctx, gateway, 'void', (connector, credentials, send) => {
    // Whoever gives requisites says by the status alone that he was told. Cascade API, 3.3.
    const way = connector.requisites ? sendFor(ctx, gateway, false) : send
    return logged(ctx, gateway, attempt_id, 'void', way, (on) => connector.void?.({ credentials, ...request }, on))
  })
}

/** Calls of those who give requisites are logged for them; cards are not their business. */
function logged(
  ctx: Context,
  gateway: Gateway,
  attempt_id: string,
  what: 'status' | 'void',
  send: Send,
  run: (send: Send) => Promise<Outcome> | undefined,
): Promise<Outcome> | undefined {
  const connector = ctx.connectors.get(gateway.connector)
  if (!connector?.requisites || !connector[what]) return run(send)
  const step = async (way: Send): Promise<Outcome> => (await run(way)) ?? { type: 'unknown', detail: `no ${what}` }
  return loggingCalls(ctx, { gateway, attempt_id }, send, step, (outcome) => outcomeReading(what, outcome))
}

/** Test mode: plays the payer's part of a pending attempt. */
export async function sendSimulation(
  ctx: Context,
  gateway: Gateway,
  attempt: Attempt,
  result: 'paid' | 'fail',
): Promise<Outcome> {
  const { reference, provider_reference, test_mode } = attempt
  const outcome = await call(ctx, gateway, 'simulation', (connector, credentials, send) =>
    connector.simulatePayer?.({ credentials, reference, provider_reference, test_mode, result }, send),
  )
  return outcome.type === 'not_sent' ? { type: 'unknown', detail: outcome.detail } : outcome
}
