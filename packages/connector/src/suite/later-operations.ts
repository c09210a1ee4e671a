/** Refunds, voids, notifications, tokens: the rest of what a connector may declare. */
import assert from 'node:assert/strict'
import type { Static, TSchema } from 'typebox'
import type { ChargeRequest, Connector } from '../connector.ts'
import type { Bench } from './behaviour.ts'
import { sampleRefund, sampleStatus, sampleVoid } from './samples.ts'
import { testWhen } from './test-when.ts'

/** A charge that took the money, by way of the payer's page where there is no other. */
async function paid<C>({
  rig,
  success,
  prepare,
  charge,
}: Bench<C>): Promise<{ request: ChargeRequest<C>; provider_reference: string }> {
  const request = prepare(success)
  const outcome = await charge(request)
  if (outcome.type === 'action_required') await rig().agree?.(outcome)
  assert.equal(rig().taken(request.reference), request.amount_minor)
  assert.ok('provider_reference' in outcome && outcome.provider_reference !== null)
  return { request, provider_reference: outcome.provider_reference }
}

export function refundTests<Schema extends TSchema>(connector: Connector<Schema>, bench: Bench<Static<Schema>>): void {
  const { can, refund, refundStatus } = connector
  const { rig, send } = bench
  testWhen(refund, 'a refund gives everything back once, repeats included', async () => {
    if (!refund || !refundStatus) return
    const { request, provider_reference } = await paid(bench)
    const whole = sampleRefund(request, provider_reference, request.amount_minor)
    assert.equal((await refundStatus(whole, send)).type, 'not_found')
    assert.equal((await refund(whole, send)).type, 'approved')
    assert.equal((await refund(whole, send)).type, 'approved')
    assert.equal((await refundStatus(whole, send)).type, 'approved')
    assert.equal(rig().taken(request.reference), 0n)
    assert.equal((await refund(sampleRefund(request, provider_reference, 1n), send)).type, 'declined')
    assert.equal(rig().taken(request.reference), 0n)
  })

  testWhen(can.partial_refund, 'parts are given back up to what was taken', async () => {
    if (!refund) return
    const { request, provider_reference } = await paid(bench)
    const part = request.amount_minor / 3n
    assert.equal((await refund(sampleRefund(request, provider_reference, part), send)).type, 'approved')
    assert.equal(rig().taken(request.reference), request.amount_minor - part)
    assert.equal((await refund(sampleRefund(request, provider_reference, request.amount_minor), send)).type, 'declined')
    assert.equal(
      (await refund(sampleRefund(request, provider_reference, request.amount_minor - part), send)).type,
      'approved',
    )
    assert.equal(rig().taken(request.reference), 0n)
  })
}

export function voidTests<Schema extends TSchema>(connector: Connector<Schema>, bench: Bench<Static<Schema>>): void {
  const { void: voidPayment, status } = connector
  const { rig, success, send, prepare, charge } = bench
  testWhen(voidPayment, 'a void by reference alone takes the money back, repeats included', async () => {
    const { request } = await paid(bench)
    assert.equal((await voidPayment?.(sampleVoid(request), send))?.type, 'approved')
    assert.equal((await voidPayment?.(sampleVoid(request), send))?.type, 'approved')
    assert.equal(rig().taken(request.reference), 0n)
    assert.notEqual((await status?.(sampleStatus(request), send))?.type, 'approved')
  })

  testWhen(voidPayment, 'a void of a charge that has not arrived keeps it from taking money', async () => {
    const request = prepare(success)
    assert.equal((await voidPayment?.(sampleVoid(request), send))?.type, 'approved')
    assert.equal((await charge(request)).type, 'declined')
    assert.equal(rig().taken(request.reference), 0n)
  })
}

export function eventTests<Schema extends TSchema>(connector: Connector<Schema>, bench: Bench<Static<Schema>>): void {
  const { readEvent } = connector
  const { rig, prepare, charge } = bench
  testWhen(readEvent, 'a notification is believed only with its signature', async () => {
    const { notification, agree, forged, credentials } = rig()
    assert.ok(readEvent && notification && agree && forged, 'the rig lacks notifications')
    const request = prepare('action_required')
    const outcome = await charge(request)
    assert.ok(outcome.type === 'action_required')
    await agree(outcome)
    const event = await notification(request.reference)
    const read = readEvent(credentials, event)
    assert.equal(read?.reference, request.reference)
    assert.equal(read.outcome?.type, 'approved')
    assert.equal(readEvent(forged, event), null)
    assert.equal(readEvent(credentials, { ...event, headers: {} }), null)
    assert.equal(readEvent(credentials, { ...event, body: event.body.replace('"', ' "') }), null)
  })
}

export function otherCapabilityTests<Schema extends TSchema>(
  connector: Connector<Schema>,
  bench: Bench<Static<Schema>>,
): void {
  const { can, simulatePayer } = connector
  const { rig, send, prepare, charge } = bench
  testWhen(can.card_tokens, 'a token stands for the card', async () => {
    const first = await charge(prepare('approve', { want_card_token: true }))
    assert.ok(first.type === 'approved' && first.card_token !== null)
    const again = prepare('approve', { card: null, card_token: first.card_token })
    assert.equal((await charge(again)).type, 'approved')
    assert.equal(rig().taken(again.reference), again.amount_minor)
  })

  testWhen(can.network_codes, 'a decline of the network comes with its code', async () => {
    const outcome = await charge(prepare('decline'))
    assert.ok(outcome.type === 'declined' && outcome.signals.network_code !== null)
  })

  testWhen(simulatePayer, 'the payer of a pending charge can be played', async () => {
    const paying = prepare('pending')
    assert.equal((await charge(paying)).type, 'pending')
    assert.equal((await simulatePayer?.({ ...sampleStatus(paying), result: 'paid' }, send))?.type, 'approved')
    assert.equal(rig().taken(paying.reference), paying.amount_minor)
    const failing = prepare('pending')
    assert.equal((await charge(failing)).type, 'pending')
    assert.equal((await simulatePayer?.({ ...sampleStatus(failing), result: 'fail' }, send))?.type, 'declined')
    assert.equal((await simulatePayer?.({ ...sampleStatus(failing), result: 'paid' }, send))?.type, 'declined')
    assert.equal(rig().taken(failing.reference), 0n)
  })
}
