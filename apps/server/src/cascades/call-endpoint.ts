/** One call of an endpoint for its own people: limited, guarded, masked, and noted in the log of calls as a test. */
import type { Send } from '@cascad/connector'
import type { ProbeRequest, Reading, Trials } from '@cascad/connector/trials'
import type { Context } from '../context.ts'
import { newUid } from '../ids.ts'
import { credentialsWith, type Endpoint, endpointOf, readPending } from './endpoint.ts'
import { maskBody } from './mask-body.ts'
import type { OwnConnection } from './read-connection.ts'
import { recordCall } from './record-call.ts'
import { eventIn } from './rules/event-in.ts'

/** As it may be shown: no key, no number or owner in full. */
export type EndpointCall = {
  readonly event: string
  readonly at: Date
  readonly ms: number
  /** `null` = no answer. */
  readonly http_status: number | null
  readonly request: {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
  /** Those that matter. */
  readonly answer_headers: Readonly<Record<string, string>>
  /** `null` = no answer. */
  readonly answer: string | null
  readonly reading: Reading
}

/** The endpoint in use, or the one that waits for its test. */
export type Which = 'current' | 'pending'

/** What a trial needs; `null` = nothing of the kind is there. */
export type Trial = {
  readonly own: OwnConnection
  readonly which: Which
  readonly endpoint: Endpoint
  readonly credentials: unknown
  readonly trials: Trials
}

/** `null` = the endpoint has no address or key yet, nothing waits, or the connector cannot be tried. */
export function trialOf(ctx: Pick<Context, 'secrets'>, own: OwnConnection, which: Which): Trial | null {
  const { trials } = own.requisites
  const endpoint = which === 'pending' ? readPending(ctx, own.row) : endpointOf(own.gateway.credentials)
  if (!trials || !endpoint || endpoint.endpoint_url === null || endpoint.api_key === null) return null
  return { own, which, endpoint, credentials: credentialsWith(own.gateway.credentials, endpoint), trials }
}

const connect_timeout_ms = 3_000
const usual_limit_ms = 15_000
const answer_bytes_max = 64 * 1024

/** The address was chosen by a provider: it must be public, unless this installation allows others. */
export function endpointSend(ctx: Pick<Context, 'sender'>): Send {
  return ({ listen_ms: _nobody_waits, ...request }) => {
    const limit_ms = request.answer_timeout_ms ?? usual_limit_ms
    return ctx.sender.send({
      ...request,
      connect_timeout_ms,
      read_timeout_ms: limit_ms,
      total_timeout_ms: connect_timeout_ms + limit_ms,
      response_bytes_max: answer_bytes_max,
      guard: 'public',
    })
  }
}

/** The same, with every call in the log of calls as a test. */
export function recordingSend(ctx: Pick<Context, 'sql' | 'now' | 'events' | 'sender'>, trial: Trial): Send {
  const send = endpointSend(ctx)
  const { provider_id, gateway_id } = trial.own.row
  return async (request) => {
    const at = ctx.now()
    const began_ms = performance.now()
    const result = await send(request)
    const answer = result.type === 'response' ? result : null
    recordCall(ctx, {
      provider_id,
      gateway_id,
      attempt_id: null,
      event: eventIn(request.body ?? ''),
      at,
      ms: performance.now() - began_ms,
      http_status: answer?.status ?? null,
      request: request.body ?? '',
      answer: answer?.body ?? null,
      reading: result.type === 'response' ? 'conformance' : `conformance: ${result.detail}`,
      secrets: [trial.endpoint.api_key ?? ''],
    })
    return result
  }
}

export type Tried =
  | { readonly type: 'tried'; readonly call: EndpointCall }
  | { readonly type: 'invalid'; readonly fields: Readonly<Record<string, string>> }

export async function callEndpoint(
  ctx: Pick<Context, 'sql' | 'now' | 'events' | 'sender'>,
  trial: Trial,
  { event, data }: Pick<ProbeRequest, 'event' | 'data'>,
): Promise<Tried> {
  const at = ctx.now()
  const began_ms = performance.now()
  const { credentials } = trial
  const probe_id = `probe:${newUid(at)}`
  const probe = await trial.trials.probe({ credentials, event, data, probe_id }, endpointSend(ctx))
  if (probe.type === 'invalid') return probe
  const { sent, answer, reading } = probe
  const secrets = [trial.endpoint.api_key ?? '']
  const isAnswered = answer.type === 'response'
  const body = isAnswered ? answer.body : null
  const call: EndpointCall = {
    event,
    at,
    ms: Math.round(performance.now() - began_ms),
    http_status: isAnswered ? answer.status : null,
    request: sent,
    answer_headers: isAnswered ? answer.headers : {},
    answer: body === null ? null : maskBody(body, secrets),
    reading,
  }
  const { provider_id, gateway_id } = trial.own.row
  recordCall(ctx, {
    provider_id,
    gateway_id,
    attempt_id: null,
    event,
    at,
    ms: call.ms,
    http_status: call.http_status,
    request: sent.body,
    answer: body,
    reading: wordsOf(reading),
    secrets,
  })
  return { type: 'tried', call }
}

/** What was understood, in one line. */
export function wordsOf({ result, reason, text }: Reading): string {
  const why = [reason, text].filter((part) => part !== null).join(': ')
  return why === '' ? result : `${result} (${why})`
}
