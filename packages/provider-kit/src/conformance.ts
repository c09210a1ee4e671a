/** Tries a provider's endpoint as the platform will use it. Source: Cascade API contract, section 18.4. */
import { toMinor } from './decimal.ts'
import {
  type CreatePaymentInput,
  type Decimal,
  type EventData,
  type EventName,
  type Method,
  paymentStatuses,
} from './events.ts'
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
}

export type Check = { readonly id: string; readonly title: string; readonly passed: boolean; readonly note: string }
export type ConformanceReport = {
  readonly checks: readonly Check[]
  /** All checks passed but those that only tell what the provider can. */
  readonly passed: boolean
  readonly eventForm: EventForm
  readonly supportsIdempotencyKey: boolean
}

type Reply = { readonly status: number; readonly text: string }
type Run = ConformanceOptions & { form: EventForm; created: string[]; answer_missing: boolean }
type Sent = { readonly key?: string; readonly apiKey?: string }

const body_max = 65_536
const optional = ['K3', 'K10']

/**
 * Runs K1–K12 against the endpoint, a handful of payments each cancelled at the end. Use the test endpoint. Never throws for
 * what the provider does: a call without an answer counts as status 0.
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const run: Run = { ...options, form: 'prefixed', created: [], answer_missing: false }
  const checks: Check[] = []
  for (const [id, title, check] of list) {
    const note = await check(run).catch((error) => (error instanceof Error ? error.message : String(error)))
    checks.push({ id, title, passed: note === null, note: note ?? '' })
  }
  for (const id of run.created) await call(run, 'CANCEL_PAYMENT', { id })
  return {
    checks,
    passed: checks.every((check) => check.passed || optional.includes(check.id)),
    eventForm: run.form,
    supportsIdempotencyKey: checks.some(({ id, passed }) => id === 'K10' && passed),
  }
}

/** `null` = passed, else why not. */
type Try = (run: Run) => Promise<string | null>

const list: readonly (readonly [id: string, title: string, check: Try])[] = [
  // First, because all others use the spelling it finds.
  ['K3', 'both spellings of the event are known', bothForms],
  ['K1', 'a wrong key is refused', wrongKey],
  ['K2', 'every method gives requisites', everyMethod],
  ['K4', 'a new payment is pending', newIsPending],
  ['K5', 'an unknown payment is a 4xx', async (run) => refused(await call(run, 'GET_PAYMENT', { id: 'never-issued' }))],
  ['K6', 'what cannot be created is a 4xx with a description', cannotCreate],
  ['K7', 'a payment can be cancelled, twice', cancelTwice],
  ['K8', 'an unknown event is a 4xx', async (run) => refused(await post(run, '{"event":"NO_SUCH_EVENT","data":{}}'))],
  ['K9', '3900, 3900.0 and 3900.00 are one amount', sameAmounts],
  ['K10', 'a repeat under one idempotency key is one payment', sameKey],
  ['K11', 'ten at once are ten payments or refusals', tenAtOnce],
  ['K12', 'every answer comes in time', async (run) => (run.answer_missing ? 'an answer did not come in time' : null)],
]

async function wrongKey(run: Run): Promise<string | null> {
  const { status } = await call(run, 'GET_PAYMENT', { id: 'never-issued' }, { apiKey: `${run.apiKey}-wrong` })
  return status === 401 || status === 403 ? null : `a wrong key was answered with ${status}, not 401 or 403`
}

/** The one that is known is used from here on. */
async function bothForms(run: Run): Promise<string | null> {
  const known: EventForm[] = []
  for (const form of ['prefixed', 'bare'] as const) {
    run.form = form
    if (
      await create(run, run.methods[0] as Method).then(
        () => true,
        () => false,
      )
    )
      known.push(form)
  }
  run.form = known[0] ?? 'prefixed'
  return known.length === 2 ? null : known.length === 1 ? `only the ${known[0]} spelling is known` : 'neither is known'
}

async function everyMethod(run: Run): Promise<string | null> {
  for (const method of run.methods) await create(run, method)
  return new Set(run.created).size === run.created.length ? null : 'an id came twice'
}

async function newIsPending(run: Run): Promise<string | null> {
  const { id } = await create(run, run.methods[0] as Method)
  const reply = await call(run, 'GET_PAYMENT', { id })
  const { status } = readObject(reply.text)
  if (!isSuccess(reply)) return `GET_PAYMENT was answered with ${reply.status}`
  if (!(paymentStatuses as readonly unknown[]).includes(status)) return `status ${JSON.stringify(status)} is not known`
  return status === 'pending' ? null : `a new payment is ${status}`
}

async function cannotCreate(run: Run): Promise<string | null> {
  const tries: [string, Reply][] = [
    ['an unknown method', await post(run, body(run, {}).replace(`"${run.methods[0]}"`, '"no-such-method"'))],
    ['amount 0.01', await post(run, body(run, { amount: '0.01' }))],
    ['an amount above the maximum', await post(run, body(run, { amount: run.amountAboveMax }))],
  ]
  for (const [what, reply] of tries) {
    const wrong = refused(reply) ?? (reply.text.trim() === '' ? 'the refusal has no description' : null)
    if (wrong !== null) return `${what}: ${wrong}`
  }
  return null
}

async function cancelTwice(run: Run): Promise<string | null> {
  const { id } = await create(run, run.methods[0] as Method)
  const first = await call(run, 'CANCEL_PAYMENT', { id })
  if (first.status !== 200 && first.status !== 201) return `CANCEL_PAYMENT was answered with ${first.status}`
  const second = await call(run, 'CANCEL_PAYMENT', { id })
  return isSuccess(second) ? null : refused(second)
}

async function sameAmounts(run: Run): Promise<string | null> {
  const plain = body(run, {})
  const spelled = ['', '.0', '.00'].map((zeros) => plain.replace(/"amount":\d+/, (found) => found + zeros))
  if (toMinor(run.amount, 18) % 10n ** 18n !== 0n) return 'give a whole amount to try this'
  const statuses: number[] = []
  for (const text of spelled) {
    const reply = await post(run, text)
    statuses.push(reply.status)
    remember(run, reply)
  }
  return new Set(statuses).size === 1 && statuses.every((status) => status >= 200 && status < 300)
    ? null
    : `the answers were ${statuses.join(', ')}`
}

async function sameKey(run: Run): Promise<string | null> {
  const key = `conformance-${crypto.randomUUID()}`
  const first = await create(run, run.methods[0] as Method, { key })
  const second = await create(run, run.methods[0] as Method, { key })
  return first.id === second.id ? null : 'the repeat made a second payment'
}

async function tenAtOnce(run: Run): Promise<string | null> {
  const replies = await Promise.all(Array.from({ length: 10 }, () => post(run, body(run, {}))))
  const ids = replies.filter(isSuccess).map((reply) => remember(run, reply))
  const strange = replies.find((reply) => !isSuccess(reply) && refused(reply) !== null)
  if (strange) return `one was answered with ${strange.status}`
  return new Set(ids).size === ids.length ? null : 'two of them have one id'
}

async function create(run: Run, method: Method, sent: Sent = {}) {
  const reply = await post(run, body(run, { method }), sent)
  if (!isSuccess(reply)) throw new Error(`CREATE_PAYMENT by ${method} was answered with ${reply.status}`)
  remember(run, reply)
  const issued = checkIssued(readObject(reply.text), method)
  if (issued.status !== 'pending') throw new Error(`a new payment is ${issued.status}, not pending`)
  return issued
}

function remember(run: Run, reply: Reply): unknown {
  const { id } = readObject(reply.text)
  if (isSuccess(reply) && typeof id === 'string' && id !== '') run.created.push(id)
  return id
}

function body(run: Run, change: Partial<CreatePaymentInput>): string {
  const { amount, currency, currencyRate = '1', methods } = run
  const data = { amount, method: methods[0] as Method, currencyRate, currency, transactionWindowInMin: 30, ...change }
  return writeEvent('CREATE_PAYMENT', data, run.form)
}

const call = <E extends EventName>(run: Run, event: E, data: EventData[E], sent: Sent = {}): Promise<Reply> =>
  post(run, writeEvent(event, data, run.form), sent)

async function post(run: Run, text: string, sent: Sent = {}): Promise<Reply> {
  try {
    const response = await fetch(run.url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(run.timeoutMs ?? 10_000),
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'x-api-key': sent.apiKey ?? run.apiKey,
        'x-request-id': crypto.randomUUID(),
        ...(sent.key && { 'idempotency-key': sent.key }),
      },
      body: text,
    })
    return { status: response.status, text: (await response.text()).slice(0, body_max) }
  } catch {
    run.answer_missing = true
    return { status: 0, text: '' }
  }
}

function isSuccess({ status }: Reply): boolean {
  return status >= 200 && status < 300
}

function refused({ status }: Reply): string | null {
  return status >= 400 && status < 500 ? null : `the answer was ${status === 0 ? 'missing' : status}, not a 4xx`
}

function readObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
