/** A charge arrives at a provider: repeat, misbehaviour, books, answer, notification. */
import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { noteArrival } from '../terminals/last-minute.ts'
import { type Draw, drawWeighted } from '../terminals/random.ts'
import type { Answer } from '../terminals/script.ts'
import { scriptOf, type Terminal } from '../terminals/terminal.ts'
import { type FaceAnswer, refuse as refuseAs, type World } from '../world.ts'
import { type Delivery, deliver } from './deliver.ts'
import { notify } from './notify.ts'
import type { Authentication, Operation, Result } from './operation.ts'
import { applyResult, settleByTime } from './settle.ts'

/** What the request asks for; the card is already cut. */
export type NewCharge = Pick<
  Operation,
  | 'reference'
  | 'key'
  | 'operation'
  | 'test'
  | 'method'
  | 'asked'
  | 'currency'
  | 'exponent'
  | 'description'
  | 'tokenize'
  | 'card'
  | 'return_url'
  | 'notification_url'
> &
  Partial<Pick<Operation, 'simulated' | 'descriptor' | 'avs_result' | 'cvc_result'>> & {
    readonly plan: (answer: Answer, draw: Draw) => Plan
    /** What the request itself wants of us, where the terminal's script is ordinary; asked once, when it arrives. */
    readonly treatment?: () => Treatment
  }

/** `ask_payer` = the payer must first agree on a page of ours. */
export type Plan = {
  readonly ask_payer: boolean
  readonly result: Result
  readonly taken: string
  readonly authentication?: Authentication | null
}

/** A misbehaviour that a request asks for. Nothing is told besides what a look-up finds. */
export type Treatment = { readonly answer: Answer; readonly delay_ms: number; readonly lookup_delay_ms: number }

const untreated: Treatment = { answer: 'ordinary', delay_ms: 0, lookup_delay_ms: 0 }

const withheld: Partial<Record<Answer, Delivery>> = {
  timeout_before: 'timeout',
  timeout_after: 'timeout',
  error_before: 'error',
  error_after: 'error',
  reset_before: 'reset',
  reset_after: 'reset',
  broken_json: 'broken_json',
  down: 'reset',
}

export async function receiveCharge(
  world: World,
  reply: FastifyReply,
  terminal: Terminal,
  charge: NewCharge,
): Promise<FastifyReply> {
  const { book } = world
  const script = scriptOf(terminal, charge)
  terminal.received += 1
  const arrival = noteArrival(terminal.arrivals, world.now())
  const treatment = (script.answer === 'ordinary' && !script.mix && charge.treatment?.()) || untreated
  const delay_ms = script.delay_ms + treatment.delay_ms
  if (delay_ms > 0) await pause(delay_ms, undefined, { ref: false })
  const fingerprint = fingerprintOf(charge)
  const refuse = (status: number, code: string, text: string) => {
    arrival.refused = true
    return refuseAs(world, reply, terminal.provider, status, code, text)
  }

  const drawn = script.mix ? drawWeighted<Answer>(script.mix, terminal.draw, 'ordinary') : script.answer
  const answer = treatment.answer === 'ordinary' ? drawn : treatment.answer
  const delivery = withheld[answer] ?? 'answer'
  if (answer === 'down') {
    arrival.unanswered = true
    return deliver(world, reply, delivery, 503, {})
  }
  const earlier = charge.key === null ? null : book.byKey(terminal.provider, terminal.name, charge.key)
  if (earlier) {
    if (earlier.fingerprint !== fingerprint)
      return refuse(409, 'idempotency_conflict', 'The key was used for another request.')
    arrival.operation = earlier
    const { status, document, headers } = answerOf(world, earlier, true)
    return reply
      .code(status)
      .headers({ ...headers })
      .send(document)
  }
  if (book.byReference(terminal.provider, terminal.name, charge.reference)) {
    return refuse(422, 'duplicate_reference', 'The reference was used before.')
  }
  if (book.isClosed(terminal.provider, terminal.name, charge.reference)) {
    return refuse(422, 'reference_closed', 'The reference was voided.')
  }
  if (answer === 'unauthorized') return refuse(401, 'unauthorized', 'The key is not known.')
  if (answer === 'throttled') return refuse(429, 'too_many_requests', 'Slow down.')
  arrival.unanswered = delivery !== 'answer'
  if (answer.endsWith('_before')) return deliver(world, reply, delivery, 500, {})

  const plan = charge.plan(answer, terminal.draw)
  const operation = openOperation(world, terminal, charge, fingerprint, plan, treatment.lookup_delay_ms)
  if (plan.ask_payer) operation.status = 'action_required'
  else applyResult(operation, plan.result, plan.taken)
  book.add(operation)
  arrival.operation = operation
  settleByTime(world, operation)
  if (operation.status === 'approved' || operation.status === 'declined')
    notify(world, terminal, operation, delivery === 'answer' || treatment.answer !== 'ordinary')
  const { status, document } = answerOf(world, operation, false)
  const told = answer === 'wrong_reference' ? { ...document, reference: `${operation.reference}-other` } : document
  return deliver(world, reply, delivery, status, told)
}

function answerOf(world: World, operation: Operation, repeated: boolean): FaceAnswer {
  const face = world.faces[operation.provider]
  const url = world.public_url()
  return face.answer?.(operation, url, repeated) ?? { status: 200, document: face.document(operation, url) }
}

/** Of nothing but what is kept anyway: a hash of the card's number could be guessed back into the number. */
function fingerprintOf({ reference, operation, test, method, asked, currency, card }: NewCharge): string {
  return createHash('sha256')
    .update(JSON.stringify([reference, operation, test, method, asked, currency, card]))
    .digest('base64')
}

const id_prefixes = { acquirer: 'acq_', test: 'tst_', redirect: 'ord_', stripe: 'pi_' } as const

function openOperation(
  world: World,
  terminal: Terminal,
  charge: NewCharge,
  fingerprint: string,
  plan: Plan,
  more_lookup_delay_ms: number,
): Operation {
  const { plan: _plan, treatment: _treatment, ...wanted } = charge
  const now = world.now()
  const lookup_delay_ms = scriptOf(terminal, charge).lookup_delay_ms + more_lookup_delay_ms
  return {
    simulated: false,
    descriptor: null,
    avs_result: null,
    cvc_result: null,
    ...wanted,
    provider: terminal.provider,
    terminal: terminal.name,
    id: id_prefixes[terminal.provider] + randomBytes(9).toString('base64url'),
    fingerprint,
    held: '0',
    taken: '0',
    status: 'pending',
    code: null,
    advice_code: null,
    reason: null,
    text: null,
    wished_code: null,
    rrn: null,
    approval_code: null,
    card_token: null,
    authentication: plan.authentication ?? null,
    planned: plan.ask_payer ? { result: plan.result, taken: plan.taken } : null,
    challenge: randomBytes(18).toString('base64url'),
    created_at: now.toISOString(),
    visible_at: new Date(now.getTime() + lookup_delay_ms).toISOString(),
    refunds: [],
    captures: [],
    cancels: [],
  }
}
