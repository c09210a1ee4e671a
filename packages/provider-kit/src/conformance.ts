/** Tries a provider's endpoint as the platform will use it. Source: Cascade API contract, section 18.4. */
import {
  bothForms,
  cancelTwice,
  cannotCreate,
  everyMethod,
  newIsPending,
  sameAmounts,
  sameKey,
  type Try,
  tenAtOnce,
  wrongKey,
} from './conformance-checks.ts'
import { type ConformanceOptions, call, isOver, post, type Run, refused, Skipped } from './conformance-run.ts'
import type { EventForm } from './write-event.ts'

export type { ConformanceCall, ConformanceOptions, ConformanceReply, SendCall } from './conformance-run.ts'

const created_max = 200
/** They tell what the provider can, and what the platform then does. */
const optionals = ['K3', 'K10']

export type Check = {
  readonly id: string
  readonly title: string
  readonly passed: boolean
  /** `skip` = it could not be tried: nothing is said about it. */
  readonly result: 'pass' | 'fail' | 'skip'
  /** A failure only tells what the provider cannot do. */
  readonly optional: boolean
  readonly note: string
  /** What to do about it; empty when it passed. */
  readonly remedy: string
}
export type ConformanceReport = {
  readonly checks: readonly Check[]
  /** All checks passed but those that only tell what the provider can. */
  readonly passed: boolean
  readonly eventForm: EventForm
  readonly supportsIdempotencyKey: boolean
}

/**
 * Runs K1–K12 against the endpoint, a handful of payments each cancelled at the end. Use the test endpoint. Never throws for
 * what the provider does: a call without an answer counts as status 0.
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const ends_at_ms = performance.now() + (options.totalTimeoutMs ?? 300_000)
  const run: Run = { ...options, ends_at_ms, form: 'prefixed', created: [], can_create: false, answer_missing: false }
  const checks: Check[] = []
  for (const one of list) checks.push(await tryOne(run, one))
  for (const id of new Set(run.created.slice(0, created_max))) await call(run, 'CANCEL_PAYMENT', { id })
  return {
    checks,
    passed: checks.every((check) => check.passed || check.optional),
    eventForm: run.form,
    supportsIdempotencyKey: checks.some(({ id, passed }) => id === 'K10' && passed),
  }
}

async function tryOne(run: Run, { id, title, remedy, check }: Listed): Promise<Check> {
  const optional = optionals.includes(id)
  const found = await (isOver(run) ? Promise.reject(new Skipped('the run took too long')) : check(run)).catch(
    (error: unknown) => (error instanceof Skipped ? error : error instanceof Error ? error.message : String(error)),
  )
  if (found === null) return { id, title, optional, passed: true, result: 'pass', note: '', remedy: '' }
  if (!(found instanceof Skipped)) return { id, title, optional, passed: false, result: 'fail', note: found, remedy }
  return { id, title, optional, passed: false, result: 'skip', note: found.message, remedy: '' }
}

type Listed = {
  readonly id: string
  readonly title: string
  readonly remedy: string
  readonly check: Try
}

const list: readonly Listed[] = [
  // First, because all others use the spelling it finds.
  {
    id: 'K3',
    title: 'both spellings of the event are known',
    remedy: 'Accept CascadeEvents.CREATE_PAYMENT and CREATE_PAYMENT alike, or say in the settings which one you take.',
    check: bothForms,
  },
  {
    id: 'K1',
    title: 'a wrong key is refused',
    remedy: 'Compare x-api-key of every request with your key before anything else, and answer 401 when it differs.',
    check: wrongKey,
  },
  {
    id: 'K2',
    title: 'every method gives requisites',
    remedy:
      'Answer CREATE_PAYMENT with 200 or 201 and id, status "pending", bank, owner and the number of the method; a new id each time.',
    check: everyMethod,
  },
  {
    id: 'K4',
    title: 'a new payment is pending',
    remedy: 'Answer GET_PAYMENT with {"status":"pending"} until the money has arrived.',
    check: newIsPending,
  },
  {
    id: 'K5',
    title: 'an unknown payment is a 4xx',
    remedy: 'Answer GET_PAYMENT of an id you never gave with 404.',
    check: async (run) => refused(await call(run, 'GET_PAYMENT', { id: 'never-issued' })),
  },
  {
    id: 'K6',
    title: 'what cannot be created is a 4xx with a description',
    remedy: 'Check method and amount first; answer 422 with {"code":…,"message":…} for what you do not take.',
    check: cannotCreate,
  },
  {
    id: 'K7',
    title: 'a payment can be cancelled, twice',
    remedy: 'Answer the first CANCEL_PAYMENT with 200; a repeated one with 200, or with 409.',
    check: cancelTwice,
  },
  {
    id: 'K8',
    title: 'an unknown event is a 4xx',
    remedy: 'Answer events you do not know with 400.',
    check: async (run) => refused(await post(run, '{"event":"NO_SUCH_EVENT","data":{}}')),
  },
  {
    id: 'K9',
    title: '3900, 3900.0 and 3900.00 are one amount',
    remedy: 'Read the amount as a number, not as text.',
    check: sameAmounts,
  },
  {
    id: 'K10',
    title: 'a repeat under one idempotency key is one payment',
    remedy: 'Keep the answer of a request under its idempotency-key for 24 hours, and give it again for the same key.',
    check: sameKey,
  },
  {
    id: 'K11',
    title: 'ten at once are ten payments or refusals',
    remedy: 'Give every payment an id of its own, also when requests overlap; refuse with a 4xx what you cannot take.',
    check: tenAtOnce,
  },
  {
    id: 'K12',
    title: 'every answer comes in time',
    remedy: 'Answer within the time limit of your connection, or refuse early.',
    check: async (run) => (run.answer_missing ? 'an answer did not come in time' : null),
  },
]
