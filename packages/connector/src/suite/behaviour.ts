/** What only a provider can prove: every declared capability, and what a lost answer looks like, over real HTTP. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Static, TSchema } from 'typebox'
import type { ChargeRequest, Connector, Outcome, Send } from '../connector.ts'
import { holdTests } from './hold-operations.ts'
import { eventTests, otherCapabilityTests, refundTests, voidTests } from './later-operations.ts'
import { createPlainSend } from './plain-send.ts'
import { sampleCharge, sampleOperation, sampleStatus, sampleVoid } from './samples.ts'
import { testWhen } from './test-when.ts'
import { assertWellFormed } from './well-formed.ts'

/** How the provider is to treat the charges that come next. */
export type Treatment =
  | 'approve'
  | 'decline'
  | 'action_required'
  | 'pending'
  | 'wrong_amount'
  | 'timeout_before'
  | 'timeout_after'
  | 'error_before'
  | 'error_after'
  | 'reset_before'
  | 'reset_after'
  | 'broken_json'

export type HeldTreatment = 'approve' | 'pending' | 'timeout_before' | 'timeout_after' | 'error_before' | 'error_after'

export type Rig<Credentials> = {
  readonly credentials: Credentials
  /** The same provider at an address where nobody listens. */
  readonly unreachable: Credentials
  /** Other signing secrets; needed with `notifications`. */
  readonly forged?: Credentials
  /** Sets the provider and says what the charge request needs for it. */
  readonly treat: (treatment: Treatment) => Partial<ChargeRequest<Credentials>>
  /** Minor units the payer is out of pocket for at the provider, by our reference. */
  readonly taken: (reference: string) => bigint
  /** Minor units still held for captures at the provider, by our reference; needed with `authorize`. */
  readonly held?: (reference: string) => bigint
  /** How the provider is to treat the captures and cancels that come next; needed with `authorize`. */
  readonly treatHeld?: (treatment: HeldTreatment) => void
  /** The payer agrees on the provider's page. */
  readonly agree?: (outcome: Outcome & { type: 'action_required' }) => Promise<void>
  /** Waits for the provider's notification about the reference, as it came. */
  readonly notification?: (
    reference: string,
  ) => Promise<{ readonly headers: Readonly<Record<string, string>>; readonly body: string }>
  readonly notification_url?: string
  readonly close: () => Promise<void>
}

export type Behaviour<Schema extends TSchema> = {
  readonly connector: Connector<Schema>
  /** What the provider can do besides `decline` and losing its answers. */
  readonly treatments: readonly ('approve' | 'action_required' | 'pending' | 'wrong_amount')[]
  /** How its captures and cancels can be made to go, besides `approve`; needed with `authorize`. */
  readonly held_treatments?: readonly HeldTreatment[]
  /** How long the suite waits for an answer; left out = 400 ms. */
  readonly read_timeout_ms?: number
  readonly start: () => Promise<Rig<Static<Schema>>>
}

/** Answers of a simulator on the same machine. */
const usual_read_timeout_ms = 400

export type Bench<C> = {
  readonly rig: () => Rig<C>
  readonly gives: (treatment: Behaviour<TSchema>['treatments'][number]) => boolean
  /** `approve`, or `action_required` where the payer always acts first. */
  readonly success: Treatment
  readonly send: Send
  /** A charge treated so, not yet sent. */
  readonly prepare: (treatment: Treatment, more?: Partial<ChargeRequest<C>>) => ChargeRequest<C>
  readonly charge: (request: ChargeRequest<C>) => Promise<Outcome>
}

/** Registers the tests that need the provider or its simulator. */
export function connectorBehaviour<Schema extends TSchema>(behaviour: Behaviour<Schema>): void {
  const { connector, start, treatments } = behaviour
  describe(`connector ${connector.id}: behaviour`, () => {
    let started: Rig<Static<Schema>> | null = null
    const rig = () => started as Rig<Static<Schema>>
    const send = createPlainSend({ read_timeout_ms: behaviour.read_timeout_ms ?? usual_read_timeout_ms })
    before(async () => {
      started = await start()
    })
    after(async () => {
      await started?.close()
    })
    const bench: Bench<Static<Schema>> = {
      rig,
      gives: (treatment) => treatments.includes(treatment),
      success: treatments.includes('approve') ? 'approve' : 'action_required',
      send,
      prepare: (treatment, more = {}) =>
        sampleCharge<Static<Schema>>(rig().credentials, {
          notification_url: rig().notification_url ?? '',
          ...rig().treat(treatment),
          ...more,
        }),
      async charge(request) {
        const outcome = await connector.charge(request, send)
        assertWellFormed(outcome)
        return outcome
      },
    }
    outcomeTests(connector, bench)
    lostAnswerTests(connector, bench)
    refundTests(connector, bench)
    holdTests(connector, bench, behaviour.held_treatments ?? [])
    voidTests(connector, bench)
    eventTests(connector, bench)
    otherCapabilityTests(connector, bench)
  })
}

function outcomeTests<Schema extends TSchema>(connector: Connector<Schema>, bench: Bench<Static<Schema>>): void {
  const { rig, gives, send, prepare, charge } = bench
  testWhen(gives('approve'), 'an approved charge takes the amount asked for', async () => {
    const request = prepare('approve')
    const outcome = await charge(request)
    assert.equal(outcome.type, 'approved')
    assert.ok(outcome.type === 'approved' && outcome.provider_reference !== null)
    assert.ok(outcome.amount_minor === null || outcome.amount_minor === request.amount_minor)
    assert.equal(rig().taken(request.reference), request.amount_minor)
  })

  testWhen(connector.can.operations.includes('verify'), 'a verification leaves no money taken', async () => {
    const request = prepare('approve', { operation: 'verify' })
    assert.equal((await charge(request)).type, 'approved')
    assert.equal(rig().taken(request.reference), 0n)
  })

  test('a decline says why and takes nothing', async () => {
    const request = prepare('decline')
    const outcome = await charge(request)
    assert.equal(outcome.type, 'declined')
    assert.ok(outcome.type === 'declined' && (outcome.signals.resolution ?? outcome.signals.network_code) !== null)
    assert.equal(rig().taken(request.reference), 0n)
  })

  testWhen(
    gives('action_required'),
    'a payer who must act is sent on, and the agreement is found by a look-up',
    async () => {
      const request = prepare('action_required')
      const outcome = await charge(request)
      assert.equal(outcome.type, 'action_required')
      assert.equal(rig().taken(request.reference), 0n)
      await rig().agree?.(outcome as Outcome & { type: 'action_required' })
      assert.equal((await connector.status?.(sampleStatus(request), send))?.type, 'approved')
      assert.equal(rig().taken(request.reference), request.amount_minor)
    },
  )

  testWhen(gives('pending'), 'a pending charge stays pending when asked about', async () => {
    const request = prepare('pending')
    assert.equal((await charge(request)).type, 'pending')
    assert.equal((await connector.status?.(sampleStatus(request), send))?.type, 'pending')
  })

  testWhen(gives('wrong_amount'), 'another amount than asked for is reported', async () => {
    const request = prepare('wrong_amount')
    const outcome = await charge(request)
    assert.ok(outcome.type === 'approved' && outcome.amount_minor !== null)
    assert.notEqual(outcome.amount_minor, request.amount_minor)
    assert.equal(outcome.amount_minor, rig().taken(request.reference))
  })
}

const lostAnswers = [
  'timeout_before',
  'timeout_after',
  'error_before',
  'error_after',
  'reset_before',
  'reset_after',
  'broken_json',
] as const

function lostAnswerTests<Schema extends TSchema>(connector: Connector<Schema>, bench: Bench<Static<Schema>>): void {
  const { rig, success, send, prepare, charge } = bench
  const { can, status } = connector
  for (const treatment of lostAnswers) {
    const happened = !treatment.endsWith('_before')
    test(`${treatment}: unknown, never declined; a look-up tells`, async () => {
      const request = prepare(treatment)
      assert.equal((await charge(request)).type, 'unknown')
      if (!status) return
      const outcome = await status(sampleStatus(request), send)
      assertWellFormed(outcome)
      assert.equal(outcome.type === 'not_found', !happened)
    })

    testWhen(can.idempotency_key, `${treatment}: a repeat with the same key charges once`, async () => {
      const request = prepare(treatment)
      assert.equal((await charge(request)).type, 'unknown')
      rig().treat(success)
      const repeated = await charge(request)
      if (repeated.type === 'action_required') await rig().agree?.(repeated)
      else assert.equal(repeated.type, 'approved')
      assert.equal(rig().taken(request.reference), request.amount_minor)
      assert.equal((await charge(request)).type, 'approved')
      assert.equal(rig().taken(request.reference), request.amount_minor)
    })
  }

  testWhen(can.idempotency_key, 'five equal charges at once are one charge', async () => {
    const kind = success
    const request = prepare(kind)
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => charge(request)))
    const references = new Set(
      outcomes.map((outcome) => ('provider_reference' in outcome ? outcome.provider_reference : outcome.type)),
    )
    assert.equal(references.size, 1)
    assert.equal(rig().taken(request.reference), kind === 'approve' ? request.amount_minor : 0n)
  })

  test('a refused connection is not_sent for orders and unknown for questions', async () => {
    const request = { ...prepare('decline'), credentials: rig().unreachable }
    assert.equal((await charge(request)).type, 'not_sent')
    if (status) assert.equal((await status(sampleStatus(request), send)).type, 'unknown')
    const child = sampleOperation(request, 'prov_1', 1n)
    for (const order of [connector.refund, connector.capture, connector.cancel]) {
      if (order) assert.equal((await order(child, send)).type, 'not_sent')
    }
    for (const ask of [connector.refundStatus, connector.captureStatus, connector.cancelStatus]) {
      if (ask) assert.equal((await ask(child, send)).type, 'unknown')
    }
    if (connector.void) assert.equal((await connector.void(sampleVoid(request), send)).type, 'not_sent')
  })

  testWhen(can.lookup_by_reference, 'a reference never used is not found', async () => {
    assert.equal((await status?.(sampleStatus(prepare('decline')), send))?.type, 'not_found')
  })
}
