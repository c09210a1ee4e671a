/** Calls of a provider's endpoint about an appeal: limited, noted in the log of calls, and never an exception instead of an answer. */
import type { Send, SendRequest, SendResult } from '@cascad/connector'
import type { AppealResult, CloseAppealResult, RequisitesOperations } from '@cascad/connector/requisites'
import { secretsIn } from '../cascades/endpoint.ts'
import { recordCall } from '../cascades/record-call.ts'
import type { Context } from '../context.ts'
import { getExponent } from '../directory/currencies.ts'
import { getGateway } from '../routing/load-routing.ts'
import type { Appeal } from './appeal.ts'

/** Cascade API, section 5. */
const connect_timeout_ms = 3_000
const answer_timeout_ms = 15_000
const answer_bytes_max = 64 * 1024
/** Longer than a call: whoever holds an appeal this long has died. */
export const lease_ms = 60_000

type Undelivered = { readonly type: 'undelivered'; readonly detail: string }

/** CREATE_APPEAL, with a fresh address of the receipt. */
export async function sendCreate(ctx: Context, appeal: Appeal, receipt_url: string): Promise<AppealResult> {
  const exponent = await getExponent(ctx, appeal.currency)
  const { id: appeal_id, payment_reference, amount_minor } = appeal
  return call(ctx, appeal, 'CREATE_APPEAL', (operations, credentials, send) =>
    operations.createAppeal({ credentials, appeal_id, payment_reference, amount_minor, exponent, receipt_url }, send),
  )
}

/** CONFIRM_APPEAL or CANCEL_APPEAL: what was decided, whatever the answer. */
export async function sendClose(
  ctx: Context,
  appeal: Appeal,
  verdict: 'confirm' | 'cancel',
): Promise<CloseAppealResult> {
  const { id: appeal_id, payment_reference, appeal_reference } = appeal
  const event = verdict === 'confirm' ? 'CONFIRM_APPEAL' : 'CANCEL_APPEAL'
  return call(ctx, appeal, event, (operations, credentials, send) =>
    operations.closeAppeal({ credentials, appeal_id, verdict, payment_reference, appeal_reference }, send),
  )
}

type Run<Answer> = (operations: RequisitesOperations, credentials: unknown, send: Send) => Promise<Answer>

async function call<Answer extends { readonly type: string }>(
  ctx: Context,
  appeal: Appeal,
  event: string,
  run: Run<Answer>,
): Promise<Answer | Undelivered> {
  const gateway = await getGateway(ctx, appeal.gateway_id)
  const operations = gateway && ctx.connectors.get(gateway.connector)?.requisites
  if (!operations || gateway.credentials === null)
    return { type: 'undelivered', detail: `gateway ${appeal.gateway_id} cannot be called` }
  const heard = listening(ctx)
  const at = ctx.now()
  const began_ms = performance.now()
  try {
    const answer = await run(operations as RequisitesOperations, gateway.credentials, heard.send)
    const secrets = secretsIn(gateway.credentials)
    const ms = performance.now() - began_ms
    note(ctx, appeal, { event, at, ms, ...heard.last(), reading: readingOf(answer), secrets })
    return answer
  } catch (error) {
    ctx.events.fault(`connector ${gateway.connector} ${event}`, error, { gateway_id: gateway.gateway_id })
    return { type: 'undelivered', detail: `the connector failed in ${event}` }
  }
}

type Heard = { readonly request: SendRequest | null; readonly result: SendResult | null }

/** The way out, and what went over it. The address was chosen by the provider: it must be public, unless this installation allows others. */
function listening(ctx: Context): { readonly send: Send; readonly last: () => Heard } {
  let heard: Heard = { request: null, result: null }
  return {
    last: () => heard,
    async send({ listen_ms: _nobody_waits, ...request }) {
      const limit_ms = request.answer_timeout_ms ?? answer_timeout_ms
      const answer = await ctx.sender.send({
        ...request,
        connect_timeout_ms,
        read_timeout_ms: limit_ms,
        total_timeout_ms: connect_timeout_ms + limit_ms,
        response_bytes_max: answer_bytes_max,
        guard: 'public',
        // The status is the answer; of the body only an id, where there is one.
        head_of_body: true,
      })
      // Endpoints say back what they were sent.
      const result = answer.type === 'response' ? { ...answer, body: withoutSignature(answer.body) } : answer
      heard = { request, result }
      return result
    },
  }
}

type Noted = Heard & {
  readonly event: string
  readonly at: Date
  readonly ms: number
  readonly reading: string
  readonly secrets: readonly string[]
}

function note(ctx: Context, appeal: Appeal, { request, result, event, at, ms, reading, secrets }: Noted): void {
  const isAnswered = result?.type === 'response'
  recordCall(ctx, {
    provider_id: appeal.provider_id,
    gateway_id: appeal.gateway_id,
    attempt_id: appeal.attempt_id,
    event,
    at,
    ms,
    http_status: isAnswered ? result.status : null,
    request: withoutSignature(typeof request?.body === 'string' ? request.body : ''),
    answer: isAnswered ? result.body : null,
    reading,
    secrets,
  })
}

/** Whoever reads the log may not read the receipt with it. */
function withoutSignature(body: string): string {
  return body.replace(/(sig(?:=|%3D|\\u003d))[A-Za-z0-9_-]{16,}/gi, '$1***')
}

function readingOf(answer: { readonly type: string; readonly detail?: unknown; readonly text?: unknown }): string {
  const why = answer.detail ?? answer.text
  return typeof why === 'string' ? `${answer.type} (${why})` : answer.type
}
