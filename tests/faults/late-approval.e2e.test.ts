import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { until } from '../product/time.ts'
import { goodCard, type Invoice, openStage, type Stage, threeDsCard } from './stage.ts'

let stage: Stage
before(async () => {
  stage = await openStage()
})
after(() => stage.close())
afterEach(() => stage.calm())

/** A gateway that charges, loses the answer, denies the charge when asked, and tells the truth when it is too late. */
const liar = {
  answer: 'timeout_after',
  lookups: 'not_found',
  notifications: 'twice',
  notification_delay_ms: 9_000,
} as const

async function submitForm(invoice: Invoice, card: typeof goodCard): Promise<void> {
  const form = new URLSearchParams({
    submission: '0',
    card_number: card.card_number,
    expiry: '12/31',
    cvv: card.cvv,
    holder: '',
  })
  const { status } = await fetch(invoice.hpp, { method: 'POST', body: form, redirect: 'manual' })
  assert.equal(status, 303)
}

async function reversalOf({
  id,
}: Invoice): Promise<{ late_approval: boolean; reversal_status: string | null } | undefined> {
  const [row] = await stage.sql<{ late_approval: boolean; reversal_status: string | null }[]>`
    select late_approval, reversal_status from attempts where payment_id = ${id} and number = 1`
  return row
}

test('a second gateway that wins meanwhile does not make the platform forget the money of the first', async () => {
  const { control } = stage.product.simulators
  control.setScript('first', { ...liar, voids: 'error_before' })
  control.setScript('second', { answer: 'three_ds' })
  const invoice = await stage.create()
  const { body } = await stage.sale(invoice)
  const { action, params } = body.data.attributes.auth_payload
  assert.deepEqual(
    (await stage.attemptsOf(invoice.id)).map(({ status }) => status),
    ['not_sent', 'incomplete'],
  )
  await until('the late approval is known', async () => (await reversalOf(invoice))?.late_approval === true)
  await until('its reversal was tried and failed', async () => (await reversalOf(invoice))?.reversal_status === 'sent')
  await fetch(`${action}/answer`, {
    method: 'POST',
    body: new URLSearchParams({ creq: params.creq, choice: 'confirm' }),
    redirect: 'manual',
  })
  await stage.reaches(invoice.id, 'processed')
  stage.calm()
  await stage.pass(61)
  await until('the money of the first is back', async () => (await reversalOf(invoice))?.reversal_status === 'done')
  assert.deepEqual(
    stage.chargesOf(invoice.id).map(({ terminal, net }) => [terminal, net]),
    [
      ['first', '0'],
      ['second', '7000'],
    ],
  )
  await stage.assertSound()
})

test('a reversal while the payer may try again leaves the payment its lifetime', async () => {
  const { control } = stage.product.simulators
  control.setScript('first', liar)
  control.setScript('second', { answer: 'decline', code: '51' })
  const invoice = await stage.create()
  await submitForm(invoice, goodCard)
  await until('the payer may try again', async () => {
    const [row] = await stage.sql<
      { payment_status: string }[]
    >`select payment_status from payments where id = ${invoice.id}`
    return row?.payment_status === 'process_failed'
  })
  await until('the money is back', async () => (await reversalOf(invoice))?.reversal_status === 'done')
  assert.equal(await stage.statusOf(invoice.id), 'process_pending')
  await stage.pass(31 * 60)
  await stage.reaches(invoice.id, 'process_failed')
  assert.deepEqual(await stage.eventsOf(invoice.id), ['process_pending', 'process_failed'])
  await stage.assertSound()
})

test('a reversal that is never confirmed does not keep the next attempt waiting', async () => {
  const { control } = stage.product.simulators
  control.setScript('first', { ...liar, voids: 'decline' })
  control.setScript('second', { answer: 'pending', notifications: 'none' })
  const invoice = await stage.create()
  await stage.sale(invoice)
  await until('the reversal was refused', async () => (await reversalOf(invoice))?.reversal_status === 'sent')
  control.decide('second', `${invoice.id.slice('cpi_'.length)}-2`, true)
  await stage.pass(31)
  await stage.reaches(invoice.id, 'processed')
  control.setScript('first', { voids: 'approve' })
  await stage.pass(600)
  await until('the money is back', async () => (await reversalOf(invoice))?.reversal_status === 'done')
  await stage.assertSound()
})

test('who pays an expired order at the bank pays nothing', async () => {
  const { control } = stage.product.simulators
  control.setScript('first', { notifications: 'none' })
  const invoice = await stage.create()
  const { body } = await stage.sale(invoice, threeDsCard)
  const { action, params } = body.data.attributes.auth_payload
  await stage.pass(31 * 60)
  await stage.reaches(invoice.id, 'process_failed')
  await until('the order is taken back', () => stage.chargesOf(invoice.id)[0]?.status === 'voided')
  await fetch(`${action}/answer`, {
    method: 'POST',
    body: new URLSearchParams({ creq: params.creq, choice: 'confirm' }),
    redirect: 'manual',
  })
  await until('that is known', async () => (await reversalOf(invoice))?.reversal_status === 'done')
  assert.deepEqual(
    stage.chargesOf(invoice.id).map(({ net }) => net),
    ['0'],
  )
  await stage.assertSound()
})

test('an acquirer that claims more than was asked for is not believed, and taken back at the deadline', async () => {
  stage.product.simulators.control.setScript('first', { answer: 'wrong_amount', amount_delta: 1_000 })
  const invoice = await stage.create()
  await stage.sale(invoice)
  assert.deepEqual(
    (await stage.attemptsOf(invoice.id)).map(({ status }) => status),
    ['unknown'],
  )
  await stage.pass(3 * 3_600)
  assert.equal(await stage.statusOf(invoice.id), 'process_pending', 'time alone fails nothing')
  await stage.pass(22 * 3_600)
  await stage.reaches(invoice.id, 'process_failed')
  assert.deepEqual(
    stage.chargesOf(invoice.id).map(({ status, net }) => [status, net]),
    [['voided', '0']],
  )
  await stage.assertSound()
})
