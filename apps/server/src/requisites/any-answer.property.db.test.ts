/**
 * Whatever a provider answers, through the whole engine: the payment is in a known state at every step, ends, its merchant is told
 * once, and the balance is right to the last digit. Cascade API, 4, 7, 9.2 (I1 to I5).
 */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { after, before, test } from 'node:test'
import type { SendResult } from '@cascad/connector'
import { anyResponse } from '@cascad/connector/contract-suite'
import * as fc from 'fast-check'
import { brokenProviders } from '../../../../tests/product/provider-rules.ts'
import { demoProviders } from '../../demo/providers.ts'
import { verifyLedger } from '../ledger/verify.ts'
import type { State } from '../payments/find-payment.ts'
import { forgetRouting } from '../routing/load-routing.ts'
import { readRequisitesView } from './read-requisites-view.ts'
import { type Desks, hour, minute, openDesks } from './sample-desks.ts'

/** How an answer is brought: as it is, cut off after so many bytes, or not at all. */
type Answer = { readonly answer: SendResult; readonly pause: string | null; readonly cut: number | null }
type Provider = {
  readonly url: string
  readonly events: string[]
  answers: Readonly<Record<string, Answer>>
  readonly close: () => Promise<void>
}

let world: Desks
let provider: Provider
before(async () => {
  world = await openDesks()
  provider = await openProvider()
  for (const { test_gateway_id } of demoProviders) await plug(test_gateway_id, provider.url)
})
after(async () => {
  await provider?.close()
  await world?.close()
})

async function plug(gateway_id: number, endpoint_url: string): Promise<void> {
  const credentials = JSON.stringify({ endpoint_url, api_key: 'sim_cascade_key_anybody' })
  const encrypted = world.ctx.secrets.encrypt(credentials, `gateway:${gateway_id}`)
  await world.ctx.sql`update gateways set credentials_encrypted = ${encrypted} where gateway_id = ${gateway_id}`
  forgetRouting(world.ctx)
}

/** A provider that writes bytes to a socket, so that nothing about its answers is put right on the way. */
async function openProvider(): Promise<Provider> {
  const sockets = new Set<Socket>()
  const events: string[] = []
  const opened: { answers: Provider['answers'] } = { answers: {} }
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    let got = ''
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1')
      const [head = '', body] = got.split('\r\n\r\n')
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1])
      if (body === undefined || body.length < length) return
      got = ''
      const event = /[A-Z]+_(PAYMENT|APPEAL)/.exec(body)?.[0] ?? ''
      events.push(event)
      write(socket, opened.answers[event])
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(opened, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/cascade`,
    events,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

function write(socket: Socket, given: Answer | undefined): void {
  if (given?.answer.type !== 'response') return void socket.resetAndDestroy()
  const { answer, pause, cut } = given
  const body = Buffer.from(answer.body)
  const head = [
    `HTTP/1.1 ${answer.status} Answer`,
    'content-type: application/json',
    `content-length: ${body.length}`,
    ...(pause === null ? [] : [`retry-after: ${pause}`]),
    'connection: close',
  ].join('\r\n')
  const whole = Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), body])
  if (cut === null) return void socket.end(whole)
  socket.write(whole.subarray(0, cut % whole.length), () => socket.destroy())
}

const right = {
  id: 'order-0001',
  status: 'pending',
  bank: 'Example Bank',
  owner: 'Ivan Ivanov',
  cardNumber: '5363 5423 1029 7979',
}
const created = [right, right, right, { ...right, status: 'success' }, { status: 'failed' }, { code: 'NO_REQUISITES' }]
const statusAnswers = ['pending', 'success', 'failed', 'appeal', 'processing'].map((status) => ({ status }))
const pause = fc.option(fc.constantFrom('0', '1', '30', '99999', '-1', 'soon', 'Wed, 21 Oct 2026 07:28:00 GMT'))
const cut = fc.oneof({ arbitrary: fc.constant(null), weight: 9 }, { arbitrary: fc.nat(2_000), weight: 1 })

/** One of the recorded answers as it should be, or one of any kind, as often as not with the status that goes with it. */
function anyAnswer(recorded: readonly object[]): fc.Arbitrary<Answer> {
  const bodies = recorded.map((document) => JSON.stringify(document))
  const fine = fc.constantFrom(...bodies).map((body) => ({ type: 'response', status: 200, headers: {}, body }) as const)
  const odd = fc
    .tuple(anyResponse(bodies), fc.boolean())
    .map(([any, is200]) => (any.type === 'response' && is200 ? { ...any, status: 200 } : any))
  return fc.oneof(
    fc.record({ answer: fine, pause: fc.constant(null), cut: fc.constant(null) }),
    fc.record({ answer: odd, pause, cut }),
  )
}

const statuses = {
  created: ['incomplete', 'declined', 'not_sent', 'orphaned'],
  ended: ['approved', 'declined', 'not_sent', 'orphaned', 'expired', 'cancelled', 'reversed'],
} as const

/** As JSON: ids are the provider's, also as numbers, and given once unless the draw says otherwise. */
const withId = (given: Answer, id: string): Answer =>
  given.answer.type === 'response'
    ? { ...given, answer: { ...given.answer, body: given.answer.body.replaceAll('"order-0001"', id) } }
    : given

async function assertSound(state: State, known: readonly string[]): Promise<State> {
  const now = await world.load(state)
  for (const { number, gateway_id, status } of now.attempts) {
    if (gateway_id !== 420) assert.ok(known.includes(status), `attempt ${number} is ${status}`)
  }
  assert.deepEqual(await brokenProviders({ ctx: world.ctx, simulators: { desks: world.desks } }), [])
  await readRequisitesView(world.ctx, world.account, now)
  return now
}

test('any answers of a provider lead to a known state, an end, and a right balance', async () => {
  let serial = 0
  const ids = (draw: number): string => ['"always-the-same"', `${serial}`][draw] ?? `"order-${serial}"`
  await fc.assert(
    fc.asyncProperty(
      anyAnswer(created),
      fc.tuple(anyAnswer(statusAnswers), anyAnswer(statusAnswers), anyAnswer(statusAnswers)),
      anyAnswer([{}]),
      fc.nat(9),
      async (create, [first, later, last], cancel, id) => {
        await world.reset()
        await world.ctx.sql`delete from connection_pauses`
        await world.ctx.sql`update provider_connections set misconfigured_at = null, misconfigured_reason = null`
        serial += 1
        provider.answers = {
          CREATE_PAYMENT: withId(create, ids(id)),
          GET_PAYMENT: first,
          CANCEL_PAYMENT: cancel,
        }
        const state = await world.search('issue')
        await assertSound(state, statuses.created)
        await world.pass(minute)
        await assertSound(state, [...statuses.created, ...statuses.ended])
        provider.answers = { ...provider.answers, GET_PAYMENT: later }
        // Nobody worked for a while: the last question is asked, and what is over is cancelled.
        world.sleep(2 * hour)
        await world.work()
        provider.answers = { ...provider.answers, GET_PAYMENT: last }
        world.sleep(80 * hour)
        await world.work()
        const { payment } = await assertSound(state, statuses.ended)
        assert.ok(['processed', 'process_failed'].includes(payment.status), payment.status)
        const told = (await world.told(state)).filter((status) => status !== 'process_pending')
        assert.deepEqual([told.at(-1), new Set(told).size], [payment.status, told.length], told.join())
        for (const desk of ['volga', 'neva'] as const) assert.equal((await world.figures(desk)).held_minor, 0n)
      },
    ),
    { numRuns: 60 },
  )
  assert.deepEqual(await verifyLedger(world.ctx.sql).then((all) => all.flatMap(({ culprits }) => culprits)), [])
})
