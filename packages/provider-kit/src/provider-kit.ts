/**
 * A provider's side of the Cascade API: hand in six functions, mount the handler in any server.
 * Source: Cascade API contract, section 18.
 */
import { type IdempotencyStore, memoryStore } from './answer-store.ts'
import { createKeyCheck } from './api-key.ts'
import {
  type CreateAppealInput,
  type CreatePaymentInput,
  type EventData,
  type EventName,
  eventNameOf,
  type IssuedPayment,
  type PaymentReference,
  type PaymentStatus,
} from './events.ts'
import { errorAnswer, type HttpAnswer, type HttpRequest, jsonAnswer, readBody } from './http.ts'
import { checkAppeal, checkIssued, checkStatus, HandlerMistake } from './issued-payment.ts'
import { readJsonObject } from './json.ts'
import { masked } from './mask.ts'
import { readData } from './read-data.ts'
import { Conflict, NotFound, Refusal } from './refusal.ts'
import { forgetAppeal, hashOf, once, openAppealOnce, type Repeat } from './repeat.ts'

export {
  type IdempotencyStore,
  memoryStore,
  postgresStore,
  postgresStoreTable,
  type Queryable,
  type StoredAnswer,
} from './answer-store.ts'
export { fromMinor, toMinor } from './decimal.ts'
export type * from './events.ts'
export type { HttpAnswer, HttpRequest, RequestBody } from './http.ts'
export { Conflict, NotFound, Refusal } from './refusal.ts'
export { toFastifyPlugin, toFetchHandler, toNodeListener } from './servers.ts'
export { memoryWindows, WindowOpen, windowGuard } from './window-guard.ts'

/** What a handler may know of the call besides its data. */
export type Ctx = { readonly requestId?: string; readonly idempotencyKey?: string; readonly receivedAt: Date }

/** Throw `Refusal`, `NotFound` or `Conflict` to say no; anything else thrown is a 500 that tells no detail. */
export type CascadeHandlers = {
  createPayment(data: CreatePaymentInput, ctx: Ctx): Promise<IssuedPayment>
  getPayment(data: PaymentReference, ctx: Ctx): Promise<{ status: PaymentStatus }>
  cancelPayment(data: PaymentReference, ctx: Ctx): Promise<void>
  // biome-ignore lint/suspicious/noConfusingVoidType: a handler without an appeal id returns nothing at all
  createAppeal(data: CreateAppealInput, ctx: Ctx): Promise<{ appealId?: string } | void>
  cancelAppeal(data: { id: string }, ctx: Ctx): Promise<void>
  confirmAppeal(data: { id: string }, ctx: Ctx): Promise<void>
}

/** Such as pino's. Personal data in the fields is masked, keys never appear. */
export type Logger = {
  info(fields: object, text: string): void
  error(fields: object, text: string): void
}

export type CascadeHandler = (request: HttpRequest) => Promise<HttpAnswer>

export type CascadeOptions = {
  /** The key of the dashboard; several while it is being changed. */
  readonly apiKey: string | readonly string[]
  readonly handlers: CascadeHandlers
  /** Left out = in memory, see `memoryStore`. */
  readonly store?: IdempotencyStore
  /** Default 65,536. */
  readonly maxBodyBytes?: number
  readonly logger?: Logger
  readonly now?: () => Date
}

type Kit = Required<Pick<CascadeOptions, 'handlers' | 'store' | 'maxBodyBytes' | 'now'>> & {
  readonly logger: Logger | null
  readonly isKey: (given: string | undefined) => boolean
}
/** What the log says of a call. */
type Heard = { event: EventName | null; data: object | null; failure: { readonly error: unknown } | null }

/**
 * The handler of the one POST endpoint. It answers every request and never throws. Throws TypeError at once when a key is
 * not 16–256 visible ASCII characters.
 */
export function createCascadeHandler(options: CascadeOptions): CascadeHandler {
  const kit: Kit = {
    handlers: options.handlers,
    store: options.store ?? memoryStore(),
    maxBodyBytes: options.maxBodyBytes ?? 65_536,
    now: options.now ?? (() => new Date()),
    logger: options.logger ?? null,
    isKey: createKeyCheck(options.apiKey),
  }
  return async (request) => {
    const begun_ms = performance.now()
    const heard: Heard = { event: null, data: null, failure: null }
    const answer = await answerTo(kit, request, heard).catch((error) => answerOfError(error, heard))
    log(kit.logger, request, heard, answer, performance.now() - begun_ms)
    return answer
  }
}

async function answerTo(kit: Kit, request: HttpRequest, heard: Heard): Promise<HttpAnswer> {
  if (!kit.isKey(request.headers['x-api-key']))
    return errorAnswer(401, 'UNAUTHORIZED', 'the API key is missing or wrong')
  if (request.method !== 'POST') {
    return errorAnswer(405, 'METHOD_NOT_ALLOWED', 'events are sent by POST', { headers: { allow: 'POST' } })
  }
  const text = await readBody(request.body, kit.maxBodyBytes)
  if (text === 'too_large') {
    const message = `the body is larger than ${kit.maxBodyBytes} bytes`
    return errorAnswer(413, 'BODY_TOO_LARGE', message, { headers: { connection: 'close' } })
  }
  const body = readJsonObject(text)
  if (body === null) return errorAnswer(400, 'BAD_JSON', 'the body is no JSON object')
  const event = eventNameOf(body.get('event'))
  if (event === null) return errorAnswer(400, 'UNKNOWN_EVENT', 'the event is missing or not known')
  heard.event = event
  const read = readData(event, body.get('data'))
  if ('errors' in read) return errorAnswer(422, 'INVALID_DATA', 'the data of the event is invalid', read)
  heard.data = read.data
  return await answerOnce(kit, event, read.data, request)
}

async function answerOnce<E extends EventName>(kit: Kit, event: E, data: EventData[E], request: HttpRequest) {
  const key = request.headers['idempotency-key']
  const request_id = request.headers['x-request-id']
  const ctx: Ctx = {
    receivedAt: kit.now(),
    ...(request_id && { requestId: request_id }),
    ...(key && { idempotencyKey: key }),
  }
  // A refusal becomes an answer here, so that a repeat under the same key gets the same refusal.
  const work = () => perform(kit, event, data, ctx).catch(answerOfRefusal)
  const result = key ? await once(kit.store, `${event}:${hashOf([key])}`, hashOf(data), work) : await work()
  return typeof result === 'string' ? answerOfRepeat(result) : result
}

async function perform<E extends EventName>(kit: Kit, event: E, data: EventData[E], ctx: Ctx): Promise<HttpAnswer> {
  const actions: { readonly [N in EventName]: (data: EventData[N]) => Promise<HttpAnswer> } = {
    CREATE_PAYMENT: async (input) => {
      const issued = checkIssued(await kit.handlers.createPayment(input, ctx), input.method)
      if (issued.status === 'failed') throw new Refusal('OTHER', 'the payment was not created')
      return jsonAnswer(201, issued)
    },
    GET_PAYMENT: async (input) => {
      const result = (await kit.handlers.getPayment(input, ctx)) as { status?: unknown } | undefined
      return jsonAnswer(200, { status: checkStatus(result?.status) })
    },
    CANCEL_PAYMENT: async (input) => done(await kit.handlers.cancelPayment(input, ctx)),
    CREATE_APPEAL: async (input) => {
      const open = async () => jsonAnswer(200, checkAppeal(await kit.handlers.createAppeal(input, ctx)))
      const result = await openAppealOnce(kit.store, input, open)
      return typeof result === 'string' ? answerOfRepeat(result) : result
    },
    CANCEL_APPEAL: async (input) => await close(kit, input.id, async () => await kit.handlers.cancelAppeal(input, ctx)),
    CONFIRM_APPEAL: async (input) =>
      await close(kit, input.id, async () => await kit.handlers.confirmAppeal(input, ctx)),
  }
  return await actions[event](data)
}

async function close(kit: Kit, id: string, work: () => Promise<void>): Promise<HttpAnswer> {
  const answer = await work().then(done, answerOfRefusal)
  await forgetAppeal(kit.store, id)
  return answer
}

const done = (_: unknown): HttpAnswer => jsonAnswer(200, {})

function answerOfRefusal(error: unknown): HttpAnswer {
  if (error instanceof Refusal) {
    const { retryAfterSeconds } = error
    const headers = retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) }
    return errorAnswer(error.status, error.code, error.message, { headers })
  }
  if (error instanceof NotFound) return errorAnswer(404, 'NOT_FOUND', error.message)
  if (error instanceof Conflict) return errorAnswer(409, 'CONFLICT', error.message)
  throw error
}

function answerOfRepeat(repeat: Repeat): HttpAnswer {
  return repeat === 'different'
    ? errorAnswer(409, 'CONFLICT', 'the idempotency key was used for another request')
    : errorAnswer(500, 'INTERNAL', 'the first request under this idempotency key is still running')
}

function answerOfError(error: unknown, heard: Heard): HttpAnswer {
  heard.failure = { error }
  return errorAnswer(500, 'INTERNAL', 'internal error')
}

function log(logger: Logger | null, request: HttpRequest, heard: Heard, answer: HttpAnswer, ms: number): void {
  if (!logger) return
  const { event, data, failure } = heard
  try {
    const fields = {
      event,
      status: answer.status,
      ms: Math.round(ms),
      request_id: request.headers['x-request-id'] ?? null,
      data: data && masked(data),
      answer: masked(JSON.parse(answer.body)),
    }
    if (failure === null) logger.info(fields, 'cascade event answered')
    else logger.error({ ...fields, error: textOf(failure.error) }, 'cascade event failed')
  } catch {
    // What is wrong with a logger, or with an answer out of a store, must not cost a payment its answer.
  }
}

/** Our own words about a handler's result are safe; the message of any other error may hold personal data. */
function textOf(error: unknown): string {
  if (error instanceof HandlerMistake) return error.message
  return error instanceof Error ? `${error.name} ${error.stack?.split('\n').slice(1, 6).join(' ') ?? ''}` : typeof error
}
