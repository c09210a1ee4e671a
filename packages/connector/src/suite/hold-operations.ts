/** Held money: captured once or in parts, given up, never more than was held, never twice. */
import assert from 'node:assert/strict'
import type { Static, TSchema } from 'typebox'
import type { ChargeRequest, Connector, OperationRequest, Outcome } from '../connector.ts'
import type { Bench, HeldTreatment } from './behaviour.ts'
import { sampleOperation, sampleStatus, sampleVoid } from './samples.ts'
import { testWhen } from './test-when.ts'
import { assertWellFormed } from './well-formed.ts'

type Kind = 'capture' | 'cancel'
type More<C> = Partial<OperationRequest<C>>

/** One hold, with the orders and questions that belong to it. */
type Hold<C> = {
  readonly request: ChargeRequest<C>
  readonly whole: bigint
  /** `[taken, held]` at the provider, in minor units. */
  readonly state: () => readonly [bigint, bigint]
  readonly sample: (amount: bigint, more?: More<C>) => OperationRequest<C>
  readonly order: (kind: Kind | 'refund', request: OperationRequest<C>) => Promise<Outcome>
  readonly ask: (kind: Kind, request: OperationRequest<C>) => Promise<Outcome>
}

const parallel = 20

export function holdTests<Schema extends TSchema>(
  connector: Connector<Schema>,
  bench: Bench<Static<Schema>>,
  treatments: readonly HeldTreatment[],
): void {
  const { can } = connector
  const holds = can.operations.includes('authorize')
  const whenHeld = (name: string, work: (hold: Hold<Static<Schema>>) => Promise<void>) =>
    testWhen(holds, name, async () => {
      const { treatHeld } = bench.rig()
      assert.ok(treatHeld && bench.rig().held, 'the rig lacks treatHeld or held')
      treatHeld('approve')
      try {
        await work(await held(connector, bench))
      } finally {
        treatHeld('approve')
      }
    })

  whenHeld('an authorization holds the amount and takes nothing', async ({ request, whole, state }) => {
    assert.deepEqual(state(), [0n, whole])
    assert.equal((await connector.status?.(sampleStatus(request), bench.send))?.type, 'approved')
  })

  captureTests(connector, whenHeld)
  cancelTests(connector, whenHeld)
  for (const treatment of treatments) {
    if (treatment === 'pending') pendingTest(bench, whenHeld)
    else if (treatment !== 'approve') lostAnswerTests(treatment, bench, whenHeld)
  }

  whenHeld('a void gives up the whole hold; a captured one is paid back or left as it is', async (hold) => {
    if (!connector.void) return
    assert.equal((await hold.order('capture', hold.sample(hold.whole, { final: true }))).type, 'approved')
    const voided = (await connector.void(sampleVoid(hold.request), bench.send)).type
    assert.ok(voided === 'approved' || voided === 'declined')
    assert.equal(hold.state()[0], voided === 'approved' ? 0n : hold.whole)
    const other = await held(connector, bench)
    assert.equal((await connector.void(sampleVoid(other.request), bench.send)).type, 'approved')
    assert.deepEqual(other.state(), [0n, 0n])
    assert.equal((await other.order('capture', other.sample(other.whole))).type, 'declined')
  })

  testWhen(can.cancel_charge, 'a whole charge is cancelled once, a part of it never', async () => {
    const hold = await held(connector, bench, 'charge')
    assert.equal((await hold.order('cancel', hold.sample(hold.whole - 1n))).type, 'declined')
    const cancel = hold.sample(hold.whole)
    assert.equal((await hold.order('cancel', cancel)).type, 'approved')
    assert.equal((await hold.order('cancel', cancel)).type, 'approved')
    assert.equal(hold.state()[0], 0n)
    assert.equal((await hold.order('cancel', hold.sample(hold.whole))).type, 'declined')
  })
}

type WhenHeld<C> = (name: string, work: (hold: Hold<C>) => Promise<void>) => void

function captureTests<Schema extends TSchema>({ can }: Connector<Schema>, whenHeld: WhenHeld<Static<Schema>>): void {
  whenHeld('a capture takes the hold once, repeats included', async ({ whole, state, sample, order, ask }) => {
    const capture = sample(whole, { final: true })
    assert.equal((await ask('capture', capture)).type, 'not_found')
    assert.equal((await order('capture', capture)).type, 'approved')
    assert.equal((await order('capture', capture)).type, 'approved')
    assert.equal((await ask('capture', capture)).type, 'approved')
    assert.deepEqual(state(), [whole, 0n])
    assert.equal((await order('capture', sample(1n))).type, 'declined')
    assert.equal((await order('cancel', sample(1n))).type, 'declined')
  })

  whenHeld('a final capture of a part releases the rest', async ({ whole, state, sample, order }) => {
    assert.equal((await order('capture', sample(whole / 3n, { final: true }))).type, 'approved')
    assert.deepEqual(state(), [whole / 3n, 0n])
    assert.equal((await order('capture', sample(1n))).type, 'declined')
  })

  whenHeld('more than the hold is never captured', async ({ whole, state, sample, order }) => {
    assert.equal((await order('capture', sample(whole + 1n, { final: true }))).type, 'declined')
    assert.deepEqual(state(), [0n, whole])
  })

  whenHeld(`${parallel} captures at once stay within the hold`, async ({ whole, state, sample, order }) => {
    const part = whole / 4n
    const outcomes = await Promise.all(Array.from({ length: parallel }, () => order('capture', sample(part))))
    const taken = outcomes.filter(({ type }) => type === 'approved').length
    assert.ok(outcomes.every(({ type }) => type === 'approved' || type === 'declined'))
    assert.equal(taken, can.multi_capture ? 4 : 1)
    assert.equal(state()[0], BigInt(taken) * part)
  })

  whenHeld('captures and cancels at once share the hold', async ({ whole, state, sample, order }) => {
    const part = whole / 4n
    const outcomes = await Promise.all(
      Array.from({ length: parallel }, async (_, i) => {
        const kind = i % 2 === 0 ? 'capture' : 'cancel'
        return { kind, outcome: await order(kind, sample(part)) }
      }),
    )
    const done = outcomes.filter(({ outcome }) => outcome.type === 'approved')
    const captured = BigInt(done.filter(({ kind }) => kind === 'capture').length) * part
    assert.ok(BigInt(done.length) * part <= whole)
    assert.equal(state()[0], captured)
  })

  whenHeld('a capture is refunded up to its own amount', async ({ whole, state, sample, order }) => {
    if (!can.refund) return
    const captured = await order('capture', sample(whole / 2n, { final: !can.multi_capture }))
    assert.ok(captured.type === 'approved' && captured.provider_reference !== null)
    const capture_reference = captured.provider_reference
    if (can.multi_capture) assert.equal((await order('capture', sample(whole / 4n))).type, 'approved')
    const refund = (amount: bigint) => order('refund', sample(amount, { capture_reference }))
    assert.equal((await refund(whole / 2n + 1n)).type, 'declined')
    assert.equal((await refund(whole / 2n)).type, 'approved')
    assert.equal((await refund(1n)).type, 'declined')
    assert.equal(state()[0], can.multi_capture ? whole / 4n : 0n)
  })
}

function pendingTest<C>(bench: Bench<C>, whenHeld: WhenHeld<C>): void {
  whenHeld('a pending capture counts as used', async ({ whole, state, sample, order, ask }) => {
    bench.rig().treatHeld?.('pending')
    const capture = sample(whole)
    assert.equal((await order('capture', capture)).type, 'pending')
    assert.equal((await ask('capture', capture)).type, 'pending')
    assert.deepEqual(state(), [0n, 0n])
    assert.equal((await order('capture', sample(1n))).type, 'declined')
    assert.equal((await order('cancel', sample(1n))).type, 'declined')
  })
}

function cancelTests<Schema extends TSchema>({ can }: Connector<Schema>, whenHeld: WhenHeld<Static<Schema>>): void {
  whenHeld('a cancel gives up the hold once; captures afterwards are refused', async (hold) => {
    const { whole, state, sample, order, ask } = hold
    const cancel = sample(whole, { final: true })
    assert.equal((await ask('cancel', cancel)).type, 'not_found')
    assert.equal((await order('cancel', cancel)).type, 'approved')
    assert.equal((await order('cancel', cancel)).type, 'approved')
    assert.equal((await ask('cancel', cancel)).type, 'approved')
    assert.deepEqual(state(), [0n, 0n])
    assert.equal((await order('capture', sample(1n))).type, 'declined')
    assert.deepEqual(state(), [0n, 0n])
  })

  whenHeld('a part of a hold is given up where the connector says so', async ({ whole, state, sample, order }) => {
    const outcome = await order('cancel', sample(whole / 4n))
    assert.equal(outcome.type, can.partial_cancel ? 'approved' : 'declined')
    assert.equal((await order('cancel', sample(whole + 1n))).type, 'declined')
    const left = can.partial_cancel ? whole - whole / 4n : whole
    assert.deepEqual(state(), [0n, left])
    assert.equal((await order('capture', sample(left, { final: true }))).type, 'approved')
    assert.deepEqual(state(), [left, 0n])
  })
}

function lostAnswerTests<C>(treatment: HeldTreatment, bench: Bench<C>, whenHeld: WhenHeld<C>): void {
  for (const kind of ['capture', 'cancel'] as const) {
    whenHeld(`${kind}, ${treatment}: unknown; a look-up tells, a repeat does it once`, async (hold) => {
      const { whole, state, sample, order, ask } = hold
      bench.rig().treatHeld?.(treatment)
      const request = sample(whole, { final: true })
      assert.equal((await order(kind, request)).type, 'unknown')
      assert.equal((await ask(kind, request)).type, treatment.endsWith('_after') ? 'approved' : 'not_found')
      bench.rig().treatHeld?.('approve')
      assert.equal((await order(kind, request)).type, 'approved')
      assert.deepEqual(state(), [kind === 'capture' ? whole : 0n, 0n])
    })
  }
}

async function held<Schema extends TSchema>(
  connector: Connector<Schema>,
  bench: Bench<Static<Schema>>,
  operation: 'authorize' | 'charge' = 'authorize',
): Promise<Hold<Static<Schema>>> {
  const { rig, success, send, prepare, charge } = bench
  const request = prepare(success, { operation })
  const outcome = await charge(request)
  if (outcome.type === 'action_required') await rig().agree?.(outcome)
  assert.ok('provider_reference' in outcome && outcome.provider_reference !== null)
  const payment_reference = outcome.provider_reference
  const call = async (
    name: 'capture' | 'cancel' | 'refund' | 'captureStatus' | 'cancelStatus',
    of: OperationRequest,
  ) => {
    const run = connector[name]
    assert.ok(run, `the connector lacks ${name}`)
    const answered = await run(of as OperationRequest<Static<Schema>>, send)
    assertWellFormed(answered)
    return answered
  }
  return {
    request,
    whole: request.amount_minor,
    state: () => [rig().taken(request.reference), rig().held?.(request.reference) ?? 0n],
    sample: (amount, more) => sampleOperation(request, payment_reference, amount, more),
    order: call,
    ask: (kind, of) => call(`${kind}Status`, of),
  }
}
