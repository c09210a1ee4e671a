/** Holds at the acquirer beyond what every connector proves: settlement, refusals in its words, races with answers lost. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { ChargeRequest, OperationRequest, Outcome } from '@cascad/connector'
import {
  createPlainSend,
  sampleCard,
  sampleCharge,
  sampleOperation,
  sampleVoid,
} from '@cascad/connector/contract-suite'
import * as fc from 'fast-check'
import { createSimulators, type Simulators } from '../../apps/simulators/src/simulators.ts'
import type { Credentials } from './credentials.ts'
import connector from './index.ts'

let simulators: Simulators
before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
})
beforeEach(() => simulators.control.reset())
after(() => simulators.close())

const send = createPlainSend({ read_timeout_ms: 2000 })
type Kind = 'capture' | 'cancel' | 'refund'

async function open(operation: 'authorize' | 'charge') {
  const request: ChargeRequest<Credentials> = sampleCharge(simulators.control.credentials('second') as Credentials, {
    card: sampleCard,
    operation,
  })
  const outcome = await connector.charge(request, send)
  assert.ok(outcome.type === 'approved' && outcome.provider_reference !== null)
  const id = outcome.provider_reference
  return {
    request,
    order: (kind: Kind, amount: bigint, more: Partial<OperationRequest<Credentials>> = {}) =>
      connector[kind]?.(sampleOperation(request, id, amount, more), send) as Promise<Outcome>,
  }
}

function reasonOf(outcome: Outcome): string {
  assert.ok(outcome.type === 'declined')
  return `${outcome.signals.provider_code} ${outcome.signals.unified_code}`
}

test('refusals say why', async () => {
  const captured = await open('authorize')
  await captured.order('capture', 12_300n, { final: true })
  assert.equal(reasonOf(await captured.order('cancel', 1n)), '5006 F.0104')
  assert.equal(reasonOf(await captured.order('capture', 1n)), '5006 F.0104')
  const cancelled = await open('authorize')
  assert.equal(reasonOf(await cancelled.order('capture', 12_301n)), '5002 F.0128')
  await cancelled.order('cancel', 12_300n)
  assert.equal(reasonOf(await cancelled.order('capture', 1n)), '5005 F.0104')
  assert.equal(reasonOf(await (await open('charge')).order('capture', 1n)), '5004 F.0104')
})

test('a void of a captured hold is refused', async () => {
  const { request, order } = await open('authorize')
  await order('capture', 100n)
  assert.equal((await connector.void?.(sampleVoid(request), send))?.type, 'declined')
  assert.equal(simulators.control.taken(request.reference), 100n)
  assert.equal(simulators.control.held(request.reference), 12_200n)
})

test('a settled charge is refunded, not cancelled', async () => {
  const { order } = await open('charge')
  simulators.control.setScript('second', { settled_after_ms: 0 })
  assert.equal(reasonOf(await order('cancel', 12_300n)), '5007 F.0104')
  assert.equal((await order('refund', 12_300n)).type, 'approved')
})

test('a capture under an old reference with another amount is refused without a word about the first', async () => {
  const { order } = await open('authorize')
  const same = { operation_id: 'op_1', reference: 'cap-1' }
  assert.equal((await order('capture', 100n, same)).type, 'approved')
  assert.equal((await order('capture', 200n, same)).type, 'unknown')
  assert.equal((await order('capture', 100n, { ...same, operation_id: 'op_2' })).type, 'unknown')
})

test('approved captures and cancels carry the facts of the card network', async () => {
  const { order } = await open('authorize')
  for (const kind of ['capture', 'cancel', 'refund'] as const) {
    const outcome = await order(kind, 100n)
    assert.ok(outcome.type === 'approved')
    assert.equal(outcome.approval_code, '654321')
    assert.equal(outcome.card_facts?.bank_code, '00')
    assert.match(outcome.rrn ?? '', /^\d{12}$/)
  }
})

test('what waits is decided by hand or by time, and shown with its payment', async () => {
  const { control } = simulators
  const { request, order } = await open('authorize')
  control.setScript('second', { captures: 'pending' })
  assert.equal((await order('capture', 300n, { reference: 'waits-1' })).type, 'pending')
  const page = await (await fetch(`${simulators.url}/control/charges`)).text()
  assert.match(page, /capture 3\.00[^<]*: pending <code>waits-1<\/code>/)
  assert.equal(control.decide('second', 'waits-1', true), true)
  assert.equal(control.decide('second', 'waits-1', false), false)
  assert.equal(control.taken(request.reference), 300n)
})

test('any captures, cancels, refunds and repeats at once keep the money straight', async () => {
  const part = fc.record({
    kind: fc.constantFrom<Kind>('capture', 'cancel', 'refund'),
    amount: fc.bigInt({ min: 0n, max: 9_000n }),
    final: fc.boolean(),
    twice: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 12 }), async (parts) => {
      const { request, order } = await open('authorize')
      const prefix = request.reference
      const results = await Promise.all(
        parts.flatMap(({ kind, amount, final, twice }, i) => {
          const same = { operation_id: `${prefix}-${i}`, reference: `${prefix}-o${i}`, final }
          const once = () => order(kind, amount, same).then((outcome) => ({ i, outcome }))
          return twice ? [once(), once()] : [once()]
        }),
      )
      const approved = new Set(results.filter(({ outcome }) => outcome.type === 'approved').map(({ i }) => i))
      const sumOf = (kind: Kind) =>
        parts.reduce((sum, one, i) => (one.kind === kind && approved.has(i) ? sum + one.amount : sum), 0n)
      const [captured, cancelled, refunded] = [sumOf('capture'), sumOf('cancel'), sumOf('refund')]
      assert.ok(captured + cancelled <= 12_300n)
      assert.ok(refunded <= captured)
      assert.equal(simulators.control.taken(request.reference), captured - refunded)
      assert.ok(simulators.control.held(request.reference) <= 12_300n - captured - cancelled)
    }),
    { numRuns: 40 },
  )
})
