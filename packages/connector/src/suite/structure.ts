/** What can be proven without a provider: the declaration agrees with itself, and no answer makes an operation throw or guess. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'
import type { Capabilities, ChargeRequest, Connector, Outcome, Send, SendRequest, SendResult } from '../connector.ts'
import { anyBody, anyResponse, loudBody } from './any-answer.ts'
import { sampleCard, sampleCharge, sampleOperation, sampleStatus, sampleVoid } from './samples.ts'
import { testWhen } from './test-when.ts'
import { assertWellFormed, assertWithout } from './well-formed.ts'

export type Structure<Schema extends TSchema> = {
  readonly connector: Connector<Schema>
  readonly credentials: Static<Schema>
  /** What a charge of this connector needs, such as a card or a field of its service. */
  readonly charge?: Partial<ChargeRequest<Static<Schema>>>
  /** Answers of the provider, recorded: they are broken in every way. `{reference}` stands for our reference. */
  readonly answers?: readonly string[]
}

const runs = { numRuns: 300 }

/** Capability → the operation it promises. */
const promises = [
  ['lookup_by_reference', 'status'],
  ['refund', 'refund'],
  ['void_by_reference', 'void'],
  ['notifications', 'readEvent'],
  ['simulate_payer', 'simulatePayer'],
] as const satisfies readonly (readonly [keyof Capabilities, keyof Connector])[]

/** Registers the tests that need no provider. */
export function connectorStructure<Schema extends TSchema>(structure: Structure<Schema>): void {
  const { connector, credentials } = structure
  const number = structure.charge?.card?.number ?? sampleCard.number
  const chargeOf = () => sampleCharge<Static<Schema>>(credentials, structure.charge)
  const bodies = (reference: string) =>
    (structure.answers ?? []).map((answer) => answer.replaceAll('{reference}', reference))

  describe(`connector ${connector.id}: structure`, () => {
    declarationTests(connector, credentials)

    test('no answer makes a charge throw, and every outcome is well formed', async () => {
      const charge = chargeOf()
      await fc.assert(
        fc.asyncProperty(anyResponse(bodies(charge.reference)), async (response) => {
          const outcome = await connector.charge(charge, async () => response)
          assertWellFormed(outcome)
          assert.ok(
            outcome.type !== 'not_found' && outcome.type !== 'not_sent',
            `an answer was read as ${outcome.type}`,
          )
        }),
        runs,
      )
    })

    test('an answer with status 3xx or 5xx is unknown, whatever it says', async () => {
      const charge = chargeOf()
      const status = fc.oneof(fc.integer({ min: 300, max: 399 }), fc.integer({ min: 500, max: 599 }))
      await fc.assert(
        fc.asyncProperty(status, anyBody(bodies(charge.reference)), async (code, body) => {
          const outcome = await connector.charge(charge, async () => ({
            type: 'response',
            status: code,
            headers: {},
            body,
          }))
          assert.equal(outcome.type, 'unknown')
        }),
        runs,
      )
    })

    test('a charge that was not sent is not_sent, one without an answer is unknown', async () => {
      assert.equal(
        (await connector.charge(chargeOf(), async () => ({ type: 'not_sent', detail: 'refused' }))).type,
        'not_sent',
      )
      assert.equal(
        (await connector.charge(chargeOf(), async () => ({ type: 'unknown', detail: 'reset' }))).type,
        'unknown',
      )
    })

    testWhen(structure.charge?.card, 'no part of an answer brings the card number into an outcome', async () => {
      const charge = chargeOf()
      await fc.assert(
        fc.asyncProperty(
          loudBody(bodies(charge.reference), number),
          fc.constantFrom(200, 400, 422, 500),
          async (body, status) => {
            assertWithout(
              await connector.charge(charge, async () => ({ type: 'response', status, headers: {}, body })),
              number,
            )
          },
        ),
        runs,
      )
    })

    requestTests(connector, chargeOf)
    laterOperationTests(connector, chargeOf, bodies)
    eventTests(connector, credentials)
  })
}

function declarationTests<Schema extends TSchema>(connector: Connector<Schema>, credentials: Static<Schema>): void {
  const { can } = connector
  test('the declaration agrees with the operations', () => {
    assert.match(connector.id, /^[a-z][a-z0-9-]{1,39}$/)
    assert.ok(connector.title.length > 0)
    assert.ok(can.methods.length > 0)
    assert.equal(new Set(can.methods).size, can.methods.length)
    assert.ok(can.operations.length > 0)
    assert.ok(can.currencies === 'all' || can.currencies.every((code) => /^[A-Z0-9]{3,8}$/.test(code)))
    for (const [capability, operation] of promises) {
      assert.equal(
        can[capability] === true,
        typeof connector[operation] === 'function',
        `${capability} and ${operation} disagree`,
      )
    }
    assertHoldOperations(connector)
    assert.equal(can.refund === true, typeof connector.refundStatus === 'function', 'refund and refundStatus disagree')
    if (can.partial_refund) assert.ok(can.refund, 'partial_refund without refund')
    if (can.lookup_authoritative) assert.ok(can.lookup_by_reference, 'lookup_authoritative without lookup_by_reference')
    assert.equal(
      can.lookup_authoritative === true,
      typeof can.settle_delay_s === 'number',
      'settle_delay_s goes with lookup_authoritative',
    )
  })

  test('the schema of the credentials takes these and marks secrets', () => {
    assert.ok(Value.Check(connector.credentials, credentials))
    assert.ok(!Value.Check(connector.credentials, {}))
    const properties = (connector.credentials as { properties?: Record<string, { secret?: boolean }> }).properties ?? {}
    for (const [name, property] of Object.entries(properties)) {
      if (/secret|password|key/.test(name)) assert.equal(property.secret, true, `${name} is not marked secret: true`)
    }
  })
}

const holdOperations = ['capture', 'captureStatus', 'cancel', 'cancelStatus'] as const

/** Held money must have a way out: what is authorized can be captured, cancelled, and asked about. */
function assertHoldOperations<Schema extends TSchema>(connector: Connector<Schema>): void {
  const { can } = connector
  const holds = can.operations.includes('authorize')
  for (const operation of holdOperations) {
    const needed = holds || (can.cancel_charge === true && operation.startsWith('cancel'))
    assert.equal(typeof connector[operation] === 'function', needed, `authorize and ${operation} disagree`)
  }
  for (const capability of ['multi_capture', 'partial_cancel'] as const) {
    if (can[capability]) assert.ok(holds, `${capability} without authorize`)
  }
}

function requestTests<Schema extends TSchema>(
  connector: Connector<Schema>,
  chargeOf: () => ChargeRequest<Static<Schema>>,
): void {
  const { can } = connector
  test('a charge sends once, amounts without loss, card data only in the body', async () => {
    const charge = { ...chargeOf(), amount_minor: 9_007_199_254_740_993n }
    const sent = await sentBy((send) => connector.charge(charge, send))
    assert.equal(sent.length, 1)
    const { url, headers, body } = sent[0] as SendRequest
    assert.ok(body !== undefined)
    assert.ok(body.replace('.', '').includes('9007199254740993'), 'the amount is not in the request unchanged')
    assert.ok(body.includes(charge.reference) || url.includes(charge.reference), 'our reference is not in the request')
    assertWithout([url, headers], charge.card?.number ?? sampleCard.number)
    if (charge.card?.cvv) assert.ok(!url.includes(charge.card.cvv))
  })

  testWhen(can.idempotency_key, 'a repeat carries the same idempotency key', async () => {
    const charge = chargeOf()
    const [first] = await sentBy((send) => connector.charge(charge, send))
    const [second] = await sentBy((send) => connector.charge(charge, send))
    assert.ok(JSON.stringify(first).includes(charge.attempt_id))
    assert.deepEqual(second, first)
  })
}

async function sentBy(work: (send: Send) => Promise<Outcome>): Promise<SendRequest[]> {
  const sent: SendRequest[] = []
  await work(async (request) => {
    sent.push(request)
    return { type: 'unknown', detail: 'recorded' }
  })
  return sent
}

function laterOperationTests<Schema extends TSchema>(
  connector: Connector<Schema>,
  chargeOf: () => ChargeRequest<Static<Schema>>,
  bodies: (reference: string) => readonly string[],
): void {
  const { status, refund, refundStatus, void: voidPayment, simulatePayer } = connector
  const { capture, captureStatus, cancel, cancelStatus } = connector
  const charge = chargeOf()
  const operationRequest = sampleOperation(charge, 'prov_1', 100n)
  const questions = [
    ...(status ? [(send: Send) => status(sampleStatus(charge, 'prov_1'), send)] : []),
    ...[refundStatus, captureStatus, cancelStatus].flatMap((ask) =>
      ask ? [(send: Send) => ask(operationRequest, send)] : [],
    ),
  ]
  const orders = [
    ...[refund, capture, cancel].flatMap((order) => (order ? [(send: Send) => order(operationRequest, send)] : [])),
    ...(voidPayment ? [(send: Send) => voidPayment(sampleVoid(charge, 'prov_1'), send)] : []),
    ...(simulatePayer ? [(send: Send) => simulatePayer({ ...sampleStatus(charge), result: 'paid' }, send)] : []),
  ]
  const answered: (body: readonly string[]) => fc.Arbitrary<SendResult> = (body) => anyResponse(body)

  test('no answer makes another operation throw, and every outcome is well formed', async () => {
    await fc.assert(
      fc.asyncProperty(
        answered([...bodies(charge.reference), ...bodies(operationRequest.reference)]),
        async (response) => {
          for (const ask of questions) {
            const outcome = await ask(async () => response)
            assertWellFormed(outcome)
            if (response.type === 'response' && response.status >= 300) {
              assert.ok(
                outcome.type === 'unknown' || outcome.type === 'not_found',
                `a refused question was read as ${outcome.type}`,
              )
            }
          }
          for (const order of orders) {
            const outcome = await order(async () => response)
            assertWellFormed(outcome)
            if (response.type === 'response' && response.status >= 500) assert.equal(outcome.type, 'unknown')
          }
        },
      ),
      runs,
    )
  })

  test('a question that did not get through is unknown, an order that was not sent is not_sent', async () => {
    const refused: Send = async () => ({ type: 'not_sent', detail: 'refused' })
    const reset: Send = async () => ({ type: 'unknown', detail: 'reset' })
    for (const ask of questions) {
      assert.equal((await ask(refused)).type, 'unknown')
      assert.equal((await ask(reset)).type, 'unknown')
    }
    for (const order of orders) {
      assert.equal((await order(refused)).type, 'not_sent')
      assert.equal((await order(reset)).type, 'unknown')
    }
  })
}

function eventTests<Schema extends TSchema>(connector: Connector<Schema>, credentials: Static<Schema>): void {
  const { readEvent } = connector
  testWhen(readEvent, 'an event without a genuine signature is null, whatever it says', () => {
    const headers = fc.dictionary(
      fc.constantFrom('x-signature', 'x-acquirer-signature', 'signature', 'authorization'),
      fc.string(),
    )
    fc.assert(
      fc.property(headers, fc.oneof(fc.json(), fc.string()), (given, body) => {
        assert.equal(readEvent?.(credentials, { headers: given, body }), null)
      }),
      runs,
    )
  })
}
