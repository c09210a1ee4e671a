/** What a provider's people try at their endpoint: the same calls, read in the same way, and shown without the key. */
import type { Send, SendRequest, SendResult } from '@cascad/connector'
import type {
  ConformanceReport,
  ConformanceWish,
  InvalidProbe,
  IssueWish,
  Probe,
  ProbeRequest,
  Trials,
} from '@cascad/connector/trials'
import { runConformance, type SendCall } from '@cascad/provider-kit/conformance'
import { type EventData, type EventName, eventNameOf, eventNames } from '@cascad/provider-kit/events'
import { readTypedData } from '@cascad/provider-kit/read-data'
import { call } from './call.ts'
import type { Credentials } from './credentials.ts'
import { hideKey } from './hide-key.ts'
import { answerLimit_ms, usual } from './issue.ts'
import { readingOf } from './reading.ts'
import { wordsOf } from './words.ts'

const question_limit_ms = 10_000
const appeal_limit_ms = 15_000
const shown_headers = ['content-type', 'location', 'retry-after', 'server'] as const

export const trials: Trials<Credentials> = {
  events: eventNames,
  probe,
  issue: (wish, credentials) => ({ event: 'CREATE_PAYMENT', data: dataOf(wish, credentials) }),
  cancel: (id) => ({ event: 'CANCEL_PAYMENT', data: { id } }),
  conformance,
}

function dataOf({ amount, method, currency, currency_rate }: IssueWish, { window_minutes }: Credentials) {
  const transactionWindowInMin = window_minutes ?? usual.window_minutes
  return { amount, method, currencyRate: currency_rate, currency, transactionWindowInMin }
}

async function probe(request: ProbeRequest<Credentials>, send: Send): Promise<Probe | InvalidProbe> {
  const event = eventNameOf(request.event)
  if (event === null) return { type: 'invalid', fields: { event: `must be one of ${eventNames.join(', ')}` } }
  const read = readTypedData(event, request.data)
  if ('errors' in read) return { type: 'invalid', fields: read.errors }
  return await fire(event, read.data, request, send)
}

async function fire<E extends EventName>(
  event: E,
  data: EventData[E],
  { credentials, probe_id }: ProbeRequest<Credentials>,
  send: Send,
): Promise<Probe> {
  let sent: SendRequest | null = null
  const result = await call(
    (request) => {
      sent = request
      return send(request)
    },
    { credentials, event, data, idempotency_key: probe_id, answer_timeout_ms: limitOf(event, credentials) },
  )
  return {
    type: 'tried',
    sent: shownRequest(sent ?? { method: 'POST', url: credentials.endpoint_url }, credentials.api_key),
    answer: shownAnswer(result),
    reading: readingOf(event, result, data, credentials.require_luhn ?? false),
  }
}

function limitOf(event: EventName, credentials: Credentials): number {
  if (event === 'CREATE_PAYMENT') return answerLimit_ms(credentials)
  return event.endsWith('APPEAL') ? appeal_limit_ms : question_limit_ms
}

function shownRequest({ url, headers = {}, body = '' }: SendRequest, api_key: string): Probe['sent'] {
  const shown = Object.entries({ ...headers, 'x-api-key': '***' }).map(([name, value]) => [
    name,
    hideKey(value, api_key),
  ])
  return { url: hideKey(url, api_key), headers: Object.fromEntries(shown), body: hideKey(body, api_key) }
}

/** `result` has no key in it any more, see `call.ts`. */
function shownAnswer(result: SendResult): Probe['answer'] {
  if (result.type !== 'response') return { type: result.type, detail: result.detail }
  const headers = shown_headers.flatMap((name) => {
    const value = wordsOf(result.headers[name])
    return value === null ? [] : [[name, value] as const]
  })
  return { type: 'response', status: result.status, headers: Object.fromEntries(headers), body: result.body }
}

async function conformance(wish: ConformanceWish<Credentials>, send: Send): Promise<ConformanceReport> {
  const { credentials, methods, currency, amount, amount_above_max, currency_rate, total_timeout_ms } = wish
  const { checks, passed, eventForm, supportsIdempotencyKey } = await runConformance({
    url: credentials.endpoint_url,
    apiKey: credentials.api_key,
    methods,
    currency,
    amount,
    amountAboveMax: amount_above_max,
    currencyRate: currency_rate,
    timeoutMs: answerLimit_ms(credentials),
    totalTimeoutMs: total_timeout_ms,
    send: sendCallBy(send),
  })
  const resultOf = (id: string) => checks.find((check) => check.id === id)?.result ?? 'skip'
  return {
    passed,
    checks: checks.map(({ id, title, result, optional, note, remedy }) => ({
      id,
      title,
      result,
      optional,
      note: wordsOf(hideKey(note, credentials.api_key)),
      remedy: remedy === '' ? null : remedy,
    })),
    event_form: resultOf('K3') === 'fail' && resultOf('K2') === 'pass' ? eventForm : null,
    idempotency_key: resultOf('K10') === 'skip' ? null : supportsIdempotencyKey,
  }
}

function sendCallBy(send: Send): SendCall {
  return async ({ url, headers, body, timeoutMs }) => {
    const result = await send({
      method: 'POST',
      url,
      headers: { ...headers, 'user-agent': 'Cascad-Cascade/1' },
      body,
      answer_timeout_ms: timeoutMs,
    })
    return result.type === 'response' ? { status: result.status, text: result.body } : { status: 0, text: '' }
  }
}
