/** The calls of a conformance run, and what it remembers between them. */
import type { CreatePaymentInput, Decimal, EventData, EventName, Method } from './events.ts'
import { checkIssued } from './issued-payment.ts'
import { type EventForm, writeEvent } from './write-event.ts'

export type ConformanceOptions = {
  readonly url: string
  readonly apiKey: string
  readonly methods: readonly Method[]
  readonly currency: string
  /** An amount the provider takes by every method, major units. */
  readonly amount: Decimal
  /** More than the provider takes. */
  readonly amountAboveMax: Decimal
  readonly currencyRate?: Decimal
  /** Longest answer, default 10,000. */
  readonly timeoutMs?: number
  /** Longest run, default 300,000: what has not been tried by then is skipped. */
  readonly totalTimeoutMs?: number
  /** How a call leaves, default `fetch`. Never rejects; status 0 = there was no answer. */
  readonly send?: SendCall
}

export type SendCall = (call: ConformanceCall) => Promise<ConformanceReply>
export type ConformanceCall = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly timeoutMs: number
}
export type ConformanceReply = { readonly status: number; readonly text: string }

export type Reply = ConformanceReply
export type Run = ConformanceOptions & {
  readonly ends_at_ms: number
  form: EventForm
  created: string[]
  can_create: boolean
  answer_missing: boolean
}
type Sent = { readonly key?: string; readonly apiKey?: string }

const body_max = 65_536

/** What cannot be tried because something before it has failed. */
export class Skipped extends Error {}

export const isOver = (run: Run): boolean => performance.now() >= run.ends_at_ms

/** For checks that need a payment to look at: one that cannot be created is K2's business. */
export async function create(run: Run, method: Method, sent: Sent = {}) {
  mustCreate(run)
  return created(run, method, sent)
}

export function mustCreate(run: Run): void {
  if (!run.can_create) throw new Skipped('no payment could be created')
}

export async function created(run: Run, method: Method, sent: Sent = {}) {
  const reply = await post(run, body(run, { method }), sent)
  if (!isSuccess(reply)) throw new Error(`CREATE_PAYMENT by ${method} was answered with ${reply.status}`)
  remember(run, reply)
  const issued = checkIssued(readObject(reply.text), method)
  if (issued.status !== 'pending') throw new Error(`a new payment is ${issued.status}, not pending`)
  return issued
}

export function remember(run: Run, reply: Reply): unknown {
  const { id } = readObject(reply.text)
  if (isSuccess(reply) && typeof id === 'string' && id !== '') run.created.push(id)
  return id
}

export function body(run: Run, change: Partial<CreatePaymentInput>): string {
  const { amount, currency, currencyRate = '1', methods } = run
  const data = { amount, method: methods[0] as Method, currencyRate, currency, transactionWindowInMin: 30, ...change }
  return writeEvent('CREATE_PAYMENT', data, run.form)
}

export const call = <E extends EventName>(run: Run, event: E, data: EventData[E], sent: Sent = {}): Promise<Reply> =>
  post(run, writeEvent(event, data, run.form), sent)

export async function post(run: Run, body: string, sent: Sent = {}): Promise<Reply> {
  const timeoutMs = Math.min(run.timeoutMs ?? 10_000, Math.max(run.ends_at_ms - performance.now(), least_ms))
  const reply = await (run.send ?? sendByFetch)({
    url: run.url,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'x-api-key': sent.apiKey ?? run.apiKey,
      'x-request-id': crypto.randomUUID(),
      ...(sent.key && { 'idempotency-key': sent.key }),
    },
    body,
    timeoutMs,
  })
  if (reply.status === 0 && !isOver(run)) run.answer_missing = true
  return reply
}

/** Enough for a call that begins at the end of the run, such as a cancellation. */
const least_ms = 1_000

async function sendByFetch({ url, headers, body, timeoutMs }: ConformanceCall): Promise<Reply> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { method: 'POST', redirect: 'manual', signal, headers, body })
    return { status: response.status, text: await textOf(response) }
  } catch {
    return { status: 0, text: '' }
  }
}

/** An answer over 64 KiB is none: it is not read to its end. */
async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > body_max) return ''
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

export function isSuccess({ status }: Reply): boolean {
  return status >= 200 && status < 300
}

export function refused({ status }: Reply): string | null {
  return status >= 400 && status < 500 ? null : `the answer was ${status === 0 ? 'missing' : status}, not a 4xx`
}

export function readObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
