/** Holds through the connector against the simulated Stripe: lost answers, races, late and doubled events. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { ChargeRequest, OperationRequest, Outcome } from '@cascad/connector'
import { createPlainSend, sampleCard, sampleCharge, sampleRefund, sampleVoid } from '@cascad/connector/contract-suite'
import { receiveNotifications } from '../../apps/simulators/src/operations/receive-notifications.ts'
import { createSimulators, type Simulators } from '../../apps/simulators/src/simulators.ts'
import type { Credentials } from './credentials.ts'
import connector from './index.ts'

let simulators: Simulators
let inbox: Awaited<ReturnType<typeof receiveNotifications>>
before(async () => {
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
  inbox = await receiveNotifications()
  simulators.control.setWebhook('stripe', inbox.url)
})
beforeEach(() => simulators.control.reset())
after(async () => {
  await simulators.close()
  await inbox.close()
})

const send = createPlainSend({ read_timeout_ms: 400 })
const credentials = () => simulators.control.credentials('stripe') as Credentials
const card = (number = '4242424242424242') => ({ ...sampleCard, number })

type Held = { readonly request: ChargeRequest<Credentials>; readonly id: string }

async function held(more: Partial<ChargeRequest<Credentials>> = {}): Promise<Held> {
  const request = sampleCharge(credentials(), { operation: 'authorize', card: card(), ...more })
  const outcome = await connector.charge(request, send)
  assert.ok(outcome.type === 'approved' && outcome.provider_reference !== null)
  return { request, id: outcome.provider_reference }
}

const operation = ({ request, id }: Held, amount_minor: bigint): OperationRequest<Credentials> => ({
  ...sampleRefund(request, id, amount_minor),
  final: true,
})

async function run(what: 'capture' | 'captureStatus' | 'cancel' | 'cancelStatus' | 'refund', asked: OperationRequest) {
  return (await connector[what]?.(asked as OperationRequest<Credentials>, send)) as Outcome
}

for (const lost of ['timeout_after', 'error_after', 'timeout_before', 'error_before'] as const) {
  test(`a capture with ${lost} is unknown, found by asking, and taken once when ordered again`, async () => {
    const hold = await held()
    const asked = operation(hold, 5_000n)
    simulators.control.setScript('stripe', { captures: lost })
    assert.equal((await run('capture', asked)).type, 'unknown')
    assert.equal((await run('captureStatus', asked)).type, lost.endsWith('_after') ? 'approved' : 'not_found')
    simulators.control.setScript('stripe', { captures: 'approve' })
    const again = await run('capture', asked)
    assert.equal(again.type === 'approved' && again.amount_minor, 5_000n)
    assert.equal(simulators.control.taken(hold.request.reference), 5_000n)
  })

  test(`a cancel with ${lost} is unknown, found by asking, and harmless when ordered again`, async () => {
    const hold = await held()
    const asked = operation(hold, hold.request.amount_minor)
    simulators.control.setScript('stripe', { cancels: lost })
    assert.equal((await run('cancel', asked)).type, 'unknown')
    assert.equal((await run('cancelStatus', asked)).type, lost.endsWith('_after') ? 'approved' : 'not_found')
    simulators.control.setScript('stripe', { cancels: 'approve' })
    assert.equal((await run('cancel', asked)).type, 'approved')
    assert.equal((await run('capture', operation(hold, 1n))).type, 'declined')
  })
}

test('captures and cancels at once: exactly one of them has the hold', async () => {
  const hold = await held()
  const whole = hold.request.amount_minor
  const orders = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? ('capture' as const) : ('cancel' as const)))
  const outcomes = await Promise.all(orders.map((what) => run(what, operation(hold, whole))))
  const captured = outcomes.filter(({ type }, i) => type === 'approved' && orders[i] === 'capture').length
  const cancelled = outcomes.filter(({ type }, i) => type === 'approved' && orders[i] === 'cancel').length
  assert.ok(captured === 1 ? cancelled === 0 : captured === 0 && cancelled > 0)
  assert.equal(simulators.control.taken(hold.request.reference), captured === 1 ? whole : 0n)
})

test('a part is captured, refunded in parts, and never more than that', async () => {
  const hold = await held()
  const captured = await run('capture', operation(hold, 5_000n))
  assert.ok(captured.type === 'approved')
  const refund = (amount_minor: bigint) =>
    run('refund', { ...operation(hold, amount_minor), capture_reference: captured.provider_reference, final: false })
  const answers = await Promise.all(Array.from({ length: 10 }, () => refund(1_000n)))
  assert.equal(answers.filter(({ type }) => type === 'approved').length, 5)
  assert.equal(answers.filter(({ type }) => type === 'declined').length, 5)
  assert.equal(simulators.control.taken(hold.request.reference), 0n)
  const known = await connector.captureStatus?.(operation(hold, 5_000n), send)
  assert.equal(known?.type, 'not_found', 'another capture than the one that took it')
})

test('a void of a hold by reference alone leaves nothing held', async () => {
  const hold = await held()
  assert.equal((await connector.void?.(sampleVoid(hold.request), send))?.type, 'approved')
  assert.equal(simulators.control.held(hold.request.reference), 0n)
})

test('facts of the card come with yes and no', async () => {
  const billing_address = {
    first_name: 'Anna',
    last_name: 'Sample',
    country: 'GB',
    city: 'London',
    state: null,
    zip: 'NW1',
    address: 'Baker street 221b',
    phone: null,
  }
  const charged = async (more: Partial<ChargeRequest<Credentials>>) => {
    const outcome = await connector.charge(sampleCharge(credentials(), { billing_address, ...more }), send)
    return 'card_facts' in outcome ? outcome.card_facts : undefined
  }
  const approved = await charged({ card: card(), descriptor: 'Order 17' })
  assert.deepEqual(
    [approved?.avs_result, approved?.cvc_result, approved?.descriptor, approved?.three_ds],
    ['M', 'M', 'SIMULATED* ORDER 17', null],
  )
  const street = await charged({ card: card('4000000000000028') })
  assert.equal(street?.avs_result, 'P')
  const declined = await charged({ card: card('4000000000000127') })
  assert.deepEqual([declined?.bank_code, declined?.avs_result, declined?.cvc_result], ['N7', 'M', 'N'])
})

test('3-D Secure: off never asks the payer, required asks, a merchant cannot', async () => {
  const charged = async (number: string, more: Partial<ChargeRequest<Credentials>>) =>
    await connector.charge(sampleCharge(credentials(), { card: card(number), ...more }), send)
  const off = await charged('4000000000003220', { three_ds: 'off' })
  assert.equal(off.type === 'declined' && off.signals.resolution, 'auth_3ds_required')
  const merchant = await charged('4000000000003220', { initiator: 'merchant', three_ds: 'required' })
  assert.equal(merchant.type === 'declined' && merchant.signals.resolution, 'auth_3ds_required')
  assert.equal((await charged('4000000000003055', { three_ds: 'auto' })).type, 'approved')
  const asked = await charged('4000000000003055', { three_ds: 'required' })
  assert.ok(asked.type === 'action_required')
  assert.equal(asked.card_facts?.three_ds?.pa_status, 'C')
})

test('late and doubled events of a hold tell its attempt the same', async () => {
  simulators.control.setScript('stripe', { notifications: 'twice', notification_delay_ms: 50 })
  const hold = await held()
  const read = async () => {
    const event = await inbox.next((body) => body.includes(hold.request.reference))
    return connector.readEvent?.(credentials(), event) ?? null
  }
  const [one, two] = [await read(), await read()]
  for (const event of [one, two]) {
    assert.equal(event?.reference, hold.request.reference)
    assert.equal(event?.outcome?.type === 'approved' && event.outcome.amount_minor, hold.request.amount_minor)
  }
  assert.equal(one?.event_id, two?.event_id)
})
