import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { answerOk } from '../product/shop.ts'
import { until } from '../product/time.ts'
import { type Invoice, openStage, type Stage, threeDsCard } from './stage.ts'

let stage: Stage
before(async () => {
  stage = await openStage()
})
after(() => stage.close())
afterEach(() => {
  stage.product.shop.answer = answerOk
  stage.calm()
})

const both = [
  ['before', 'undone'],
  ['after', 'finished'],
] as const

const deliveriesOf = (invoice: Invoice, status: string): readonly string[] =>
  stage.product.shop.received
    .filter((one) => one.payment_id === invoice.id && one.status === status)
    .map(({ event_id, body }) => `${event_id} ${body}`)

/** A payment whose payer is at the bank, and what confirms it there. */
async function atTheBank(): Promise<{ invoice: Invoice; confirm: () => Promise<unknown> }> {
  const invoice = await stage.create()
  const { body } = await stage.sale(invoice, threeDsCard)
  const { action, params } = body.data.attributes.auth_payload
  const form = new URLSearchParams({ creq: params.creq, choice: 'confirm' })
  return { invoice, confirm: () => fetch(`${action}/answer`, { method: 'POST', body: form, redirect: 'manual' }) }
}

test('killed during a delivery: the merchant gets the same event again', async () => {
  stage.product.shop.answer = () => {}
  const invoice = await stage.create()
  await until('the delivery is under way', () => deliveriesOf(invoice, 'process_pending').length === 1)
  await stage.kill(stage.worker, 'finished')
  stage.product.shop.answer = answerOk
  await stage.restart(stage.worker)
  await until('it is delivered again', () => deliveriesOf(invoice, 'process_pending').length === 2)
  const [first, second] = deliveriesOf(invoice, 'process_pending')
  assert.equal(first, second)
  await stage.assertSound()
})

for (const [when, statements] of both) {
  test(`killed ${when} the note that a delivery went well`, async () => {
    const invoice = await stage.create()
    await stage.assertSound()
    let answer = (): void => {}
    stage.product.shop.answer = (callback, response) => {
      answer = () => answerOk(callback, response)
    }
    await stage.sale(invoice)
    await until('the delivery is under way', () => deliveriesOf(invoice, 'processed').length === 1)
    const door = await stage.hold((tx) => tx`select 1 from callback_events where subject_id = ${invoice.id} for update`)
    answer()
    await door.someoneWaits('worker')
    await stage.kill(stage.worker, statements, door)
    stage.product.shop.answer = answerOk
    await stage.restart(stage.worker)
    await stage.assertSound()
    const deliveries = deliveriesOf(invoice, 'processed')
    assert.equal(deliveries.length, statements === 'undone' ? 2 : 1)
    assert.equal(new Set(deliveries).size, 1)
  })

  test(`killed ${when} the news of a provider event is written`, async () => {
    const { invoice, confirm } = await atTheBank()
    const door = await stage.holdPayment(invoice.id)
    await confirm()
    await door.someoneWaits('worker')
    await stage.kill(stage.worker, statements, door)
    assert.equal(await stage.statusOf(invoice.id), statements === 'undone' ? 'process_pending' : 'processed')
    await stage.restart(stage.worker)
    await stage.reaches(invoice.id, 'processed')
    assert.deepEqual(await stage.eventsOf(invoice.id), ['process_pending', 'processed'])
    await stage.assertSound()
  })

  test(`killed ${when} the answer to a look-up is written`, async () => {
    stage.product.simulators.control.setScript('first', {
      answer: 'error_after',
      notifications: 'none',
      lookups: 'error',
    })
    const invoice = await stage.create()
    const sold = stage.sale(invoice)
    await until('the attempt is unknown', async () => (await stage.attemptsOf(invoice.id))[0]?.status === 'unknown')
    await sold
    stage.calm()
    const door = await stage.hold((tx) => tx`select 1 from attempts where payment_id = ${invoice.id} for update`)
    await stage.sql`update payments set due_at = now() where id = ${invoice.id}`
    await door.someoneWaits('worker')
    await stage.kill(stage.worker, statements, door)
    await stage.restart(stage.worker)
    await stage.reaches(invoice.id, 'processed')
    assert.deepEqual(await stage.eventsOf(invoice.id), ['process_pending', 'processed'])
    await stage.assertSound()
  })

  test(`killed ${when} a refund it asked about is written`, async () => {
    const invoice = await stage.create()
    await stage.sale(invoice)
    stage.product.simulators.control.setScript('first', { refunds: 'error_after' })
    const path = `/api/payment-invoices/${invoice.id}/refund`
    assert.equal((await stage.call('POST', path, { reference_id: 'r' })).body.data.attributes.status, 'refund_pending')
    const door = await stage.holdPayment(invoice.id)
    await stage.sql`update operations set due_at = now() where payment_id = ${invoice.id}`
    await door.someoneWaits('worker')
    await stage.kill(stage.worker, statements, door)
    await stage.restart(stage.worker)
    await stage.reaches(invoice.id, 'refunded')
    assert.deepEqual(await stage.eventsOf(invoice.id), ['process_pending', 'processed', 'refund_pending', 'refunded'])
    assert.deepEqual(
      stage.chargesOf(invoice.id).map(({ net }) => net),
      ['0'],
    )
    await stage.assertSound()
  })

  test(`killed ${when} transfers are folded: the books add up`, async () => {
    const first = await stage.create()
    await stage.sale(first)
    await until(
      'the books are folded',
      async () => (await stage.sql`select 1 from ledger_unfolded limit 1`).length === 0,
    )
    const invoice = await stage.create()
    const door = await stage.hold((tx) => tx`select 1 from ledger_balances for update`)
    await stage.sale(invoice)
    await door.someoneWaits('worker')
    await stage.kill(stage.worker, statements, door)
    const unfolded = await stage.sql`select 1 from ledger_unfolded`
    assert.equal(unfolded.length, statements === 'undone' ? 1 : 0)
    await stage.restart(stage.worker)
    await until('the rest is folded', async () => (await stage.sql`select 1 from ledger_unfolded limit 1`).length === 0)
    await stage.assertSound()
  })
}

test('killed while an order is taken back: it is taken back once more under the same key', async () => {
  const { invoice, confirm } = await atTheBank()
  stage.product.simulators.control.setScript('first', { voids: 'timeout_after' })
  await stage.sql`update payments set expires_at = now(), due_at = now() where id = ${invoice.id}`
  await until('the gateway has taken it back', () => stage.chargesOf(invoice.id)[0]?.status === 'voided')
  await stage.kill(stage.worker, 'finished')
  stage.calm()
  assert.equal(await stage.statusOf(invoice.id), 'process_failed')
  await stage.restart(stage.worker)
  await stage.pass(31)
  await until('the reversal is through', async () => {
    const [row] = await stage.sql<{ reversal_status: string }[]>`
      select reversal_status from attempts where payment_id = ${invoice.id}`
    return row?.reversal_status === 'done'
  })
  await confirm()
  assert.deepEqual(stage.chargesOf(invoice.id), [{ status: 'voided', net: '0', terminal: 'first' }])
  assert.deepEqual(await stage.eventsOf(invoice.id), ['process_pending', 'process_failed'])
  await stage.assertSound()
})
