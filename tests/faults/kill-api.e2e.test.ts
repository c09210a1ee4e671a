import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { until } from '../product/time.ts'
import { openStage, type Stage } from './stage.ts'

/** Longer than a call may take and than the patience with whoever made it. */
const orphan_s = 30

let stage: Stage
before(async () => {
  stage = await openStage()
})
after(() => stage.close())
afterEach(() => stage.calm())

/** Submits the card and does not care for the answer: the process that owes it dies. */
function submit(invoice: Awaited<ReturnType<Stage['create']>>): Promise<unknown> {
  return stage.sale(invoice).catch((error: unknown) => error)
}

test('killed before the attempt is committed: nothing was charged, and the card may be sent again', async () => {
  const invoice = await stage.create()
  const door = await stage.holdPayment(invoice.id)
  const answer = submit(invoice)
  await door.someoneWaits('api')
  await stage.kill(stage.api, 'undone', door)
  assert.ok((await answer) instanceof Error, 'nobody answered')
  await stage.restart(stage.api)
  assert.deepEqual(await stage.attemptsOf(invoice.id), [])
  assert.equal((await stage.sale(invoice)).status, 201)
  assert.equal(stage.chargesOf(invoice.id).length, 1)
  assert.equal(await stage.statusOf(invoice.id), 'processed')
  await stage.assertSound()
})

test('killed between the commit of the attempt and the call: found unsent, and never sent', async () => {
  const invoice = await stage.create()
  const door = await stage.holdPayment(invoice.id)
  void submit(invoice)
  await door.someoneWaits('api')
  await stage.kill(stage.api, 'finished', door)
  assert.deepEqual(
    (await stage.attemptsOf(invoice.id)).map(({ status }) => status),
    ['sent'],
  )
  await stage.restart(stage.api)
  assert.equal((await stage.sale(invoice)).status, 409, 'nobody can send a second card meanwhile')
  await stage.pass(orphan_s)
  await stage.reaches(invoice.id, 'process_failed')
  assert.deepEqual(
    (await stage.attemptsOf(invoice.id)).map(({ status }) => status),
    ['not_sent'],
  )
  assert.deepEqual(stage.chargesOf(invoice.id), [])
  assert.deepEqual(await stage.eventsOf(invoice.id), ['process_pending', 'process_failed'])
  await stage.assertSound()
})

test('killed during the call: the charge is found and counted once', async () => {
  const invoice = await stage.create()
  stage.product.simulators.control.setScript('first', { delay_ms: 1_000 })
  void submit(invoice)
  await until('the gateway is called', () => stage.received('first') === 1)
  await stage.kill(stage.api, 'finished')
  await until('the gateway has charged', () => stage.chargesOf(invoice.id).length === 1)
  await stage.restart(stage.api)
  await stage.pass(orphan_s)
  await stage.reaches(invoice.id, 'processed')
  assert.equal(stage.received('first'), 1)
  assert.deepEqual(await stage.eventsOf(invoice.id), ['process_pending', 'processed'])
  await stage.assertSound()
})

for (const [when, statements, before_s] of [
  ['after the answer, before the write', 'undone', 'process_pending'],
  ['after the write, before the reply', 'finished', 'processed'],
] as const) {
  test(`killed ${when}: paid once, told once`, async () => {
    const invoice = await stage.create()
    stage.product.simulators.control.setScript('first', { delay_ms: 500 })
    const answer = submit(invoice)
    await until('the gateway is called', () => stage.received('first') === 1)
    const door = await stage.holdPayment(invoice.id)
    await door.someoneWaits('api')
    assert.equal(stage.chargesOf(invoice.id).length, 1)
    await stage.kill(stage.api, statements, door)
    assert.ok((await answer) instanceof Error)
    assert.equal(await stage.statusOf(invoice.id), before_s)
    await stage.restart(stage.api)
    assert.equal((await stage.sale(invoice)).status, 409)
    await stage.pass(orphan_s)
    await stage.reaches(invoice.id, 'processed')
    assert.deepEqual(await stage.eventsOf(invoice.id), ['process_pending', 'processed'])
    assert.equal(stage.received('first'), 1)
    await stage.assertSound()
  })
}

for (const [when, statements, second] of [
  ['before the hop is committed', 'undone', null],
  ['after the hop is committed, before the second call', 'finished', 'not_sent'],
] as const) {
  test(`killed ${when}: the second gateway is never called`, async () => {
    const invoice = await stage.create()
    stage.product.simulators.control.setScript('first', { answer: 'decline', code: '96', delay_ms: 500 })
    void submit(invoice)
    await until('the first gateway is called', () => stage.received('first') === 1)
    const door = await stage.holdPayment(invoice.id)
    await door.someoneWaits('api')
    await stage.kill(stage.api, statements, door)
    await stage.restart(stage.api)
    await stage.pass(orphan_s)
    await stage.reaches(invoice.id, 'process_failed')
    const attempts = await stage.attemptsOf(invoice.id)
    assert.deepEqual(
      attempts.map(({ status }) => status),
      second === null ? ['declined'] : ['declined', second],
    )
    assert.equal(stage.received('second'), 0)
    assert.deepEqual(await stage.eventsOf(invoice.id), ['process_pending', 'process_failed'])
    await stage.assertSound()
  })
}

for (const [answer, charged] of [
  ['timeout_after', 1],
  ['timeout_before', 0],
  ['error_after', 1],
  ['reset_before', 0],
] as const) {
  test(`killed while it asks about a ${answer}: the worker finds out the rest`, async () => {
    const invoice = await stage.create()
    stage.product.simulators.control.setScript('first', { answer, notifications: 'none' })
    void submit(invoice)
    await until('the attempt is unknown', async () => (await stage.attemptsOf(invoice.id))[0]?.status === 'unknown')
    await stage.kill(stage.api, 'finished')
    await stage.restart(stage.api)
    await stage.pass(60)
    await stage.reaches(invoice.id, charged === 1 ? 'processed' : 'process_failed')
    assert.equal(stage.chargesOf(invoice.id).length, charged)
    await stage.assertSound()
  })
}

for (const [refunds, statements] of [
  ['timeout_after', 'finished'],
  ['timeout_before', 'finished'],
] as const) {
  test(`killed during a refund call (${refunds}): the money goes back once`, async () => {
    const invoice = await stage.create()
    assert.equal((await stage.sale(invoice)).body.data.attributes.status, 'processed')
    stage.product.simulators.control.setScript('first', { refunds })
    const path = `/api/payment-invoices/${invoice.id}/refund`
    const answer = stage.call('POST', path, { reference_id: 'r', amount: '30.00' }).catch((error: unknown) => error)
    await until('the refund is on its way', async () => (await stage.statusOf(invoice.id)) === 'refund_pending')
    await until(
      'the gateway has the order',
      () => refunds === 'timeout_before' || stage.chargesOf(invoice.id)[0]?.net === '4000',
    )
    await stage.kill(stage.api, statements)
    assert.ok((await answer) instanceof Error)
    stage.product.simulators.control.setScript('first', { refunds: 'approve' })
    await stage.restart(stage.api)
    assert.equal((await stage.call('POST', path, { reference_id: 'r', amount: '30.00' })).status, 409)
    for (const seconds of [31, 31, 61]) await stage.pass(seconds)
    await stage.reaches(invoice.id, 'partially_refunded')
    assert.deepEqual(
      stage.chargesOf(invoice.id).map(({ net }) => net),
      ['4000'],
    )
    await stage.assertSound()
  })
}

test('killed between the commit of the creation and its answer: the merchant repeats and finds its invoice', async () => {
  const wish = {
    reference_id: 'killed-create',
    amount: '5',
    currency: 'USD',
    service: 'test_usd_test',
    test_mode: true,
    service_fields: { status: 'success' },
  }
  await stage.create()
  // Another creation with the same reference is under way: ours waits for it, and it comes to nothing.
  const door = await stage.hold(
    (tx) => tx`
      insert into payments
      select (json_populate_record(p, '{"id": "cpi_0000000000000000", "reference_id": "killed-create"}')).*
      from payments p order by id limit 1`,
  )
  const answer = stage.call('POST', '/api/payment-invoices', wish).catch((error: unknown) => error)
  await door.someoneWaits('api')
  await stage.kill(stage.api, 'finished', door)
  assert.ok((await answer) instanceof Error)
  await stage.restart(stage.api)
  const again = await stage.call('POST', '/api/payment-invoices', wish)
  assert.equal(again.status, 409)
  // Nobody started it; the worker does, after a moment.
  await stage.pass(10)
  await stage.reaches(again.body.data.id, 'processed')
  await stage.assertSound()
})
