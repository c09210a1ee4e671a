/** The Card API over HTTP, with gateways of the simulators behind it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startWorld, type World } from '../../../../tests/world.ts'
import { paymentRequest, type ShopClient, shopClient } from './sample-shop.ts'

let world: World
let shop: ShopClient
let secure: ShopClient
before(async () => {
  world = await startWorld()
  shop = shopClient(world, 361)
  secure = shopClient(world, 362)
})
after(() => world.close())

test('a payment is answered with its end, its amount and its gateway in the section of its type', async () => {
  const { status, body } = await shop.pay('4200000000000000')
  assert.equal(status, 200, JSON.stringify(body))
  const { transaction } = body
  assert.deepEqual(
    [transaction.status, transaction.message, transaction.amount, transaction.code],
    ['successful', 'Successfully processed', 100, 'S.0000'],
  )
  assert.equal(transaction.payment.gateway_id, 408)
  assert.equal(transaction.payment.bank_code, '00')
  assert.equal(transaction.gateway_id, undefined)
  assert.equal(transaction.credit_card.last_4, '0000')
})

test('the flat body says the same', async () => {
  const { status, body } = await shop.pay('4200000000000000', {}, { 'x-api-version': '3' })
  assert.equal(status, 200, JSON.stringify(body))
  assert.deepEqual(
    [body.status, body.message, body.transaction.gateway_id, body.errors],
    ['successful', 'Approved.', 408, null],
  )
})

test('a declined card fails with the code of the bank', async () => {
  const { body } = await shop.pay('4005550000000019')
  const { transaction } = body
  assert.deepEqual(
    [transaction.status, transaction.message, transaction.code, transaction.payment.bank_code],
    ['failed', 'Payment was declined', 'F.0105', '05'],
  )
})

test('a merchant cascades by excluding the gateways that failed', async () => {
  const request = paymentRequest('4200000000100123')
  const pay = (excluded: unknown[]) =>
    shop.call('POST', '/transactions/payments', {
      request: { ...request, additional_data: { excluded_gateways: excluded } },
    })
  const first = (await shop.call('POST', '/transactions/payments', { request })).body.transaction
  assert.deepEqual([first.status, first.payment.gateway_id, first.binding_id], ['failed', 408, null])
  const second = (await pay(['408'])).body.transaction
  assert.deepEqual([second.status, second.payment.gateway_id, second.binding_id], ['failed', 409, first.uid])
  const third = (await pay([408, '409'])).body.transaction
  assert.deepEqual([third.status, third.payment.gateway_id, third.binding_id], ['successful', 410, first.uid])
  const fourth = await pay([408])
  assert.equal(fourth.status, 422)
  assert.equal(fourth.body.response.message, 'payment is already successful')
})

test('with every gateway excluded nothing is called', async () => {
  const { body } = await shop.pay('4200000000000000', { additional_data: { excluded_gateways: [408, 409, '410'] } })
  const { transaction } = body
  assert.deepEqual(
    [
      transaction.status,
      transaction.code,
      transaction.payment.gateway_id,
      transaction.smart_routing_verification.object,
    ],
    ['failed', 'F.2002', null, null],
  )
})

test('an authorization is captured and refunded', async () => {
  const { body } = await shop.call('POST', '/transactions/authorizations', {
    request: paymentRequest('4200000000000000'),
  })
  assert.equal(body.transaction.status, 'successful', JSON.stringify(body))
  const parent_uid = body.transaction.uid
  const over = await shop.call('POST', '/transactions/captures', { request: { parent_uid, amount: 101 } })
  assert.match(over.body.response.message, /Amount can't be greater than 100/)
  const capture = await shop.call('POST', '/transactions/captures', { request: { parent_uid, amount: 60 } })
  assert.equal(capture.body.transaction?.status, 'successful', JSON.stringify(capture.body))
  assert.equal(capture.body.transaction.parent_uid, parent_uid)
  const refund = await shop.call('POST', '/transactions/refunds', {
    request: { parent_uid: capture.body.transaction.uid, amount: 70 },
  })
  assert.deepEqual(refund.body.response.errors, { amount: ["can't be greater than 60"], reason: ["can't be blank"] })
})

test('a card that takes part in 3-D Secure waits for its payer', async () => {
  const { body } = await secure.pay('4012000000003010')
  assert.deepEqual([body.transaction.status, body.transaction.message], ['incomplete', null], JSON.stringify(body))
  assert.match(body.transaction.redirect_url, /\/process\//)
})

test('who asks about a refund whose answer was lost makes us ask at the gateway', async () => {
  const { body } = await shop.pay('4200000000000000')
  const { control } = world.simulators
  control.setScript('first', { refunds: 'timeout_after' })
  const refund = await shop.call('POST', '/transactions/refunds', {
    request: { parent_uid: body.transaction.uid, amount: 40, reason: 'Too large' },
  })
  control.setScript('first', { refunds: 'approve' })
  const { uid, status, code } = refund.body.transaction
  assert.deepEqual([status, code], ['pending', 'P.9999'])
  const asked = await shop.call('GET', `/transactions/${uid}`)
  assert.deepEqual([asked.body.transaction.status, asked.body.transaction.refund.gateway_id], ['successful', 408])
})

test('who asks about a refund that never arrived does not make it fail or be ordered early', async () => {
  const { body } = await shop.pay('4200000000000000')
  const { control } = world.simulators
  control.setScript('first', { refunds: 'timeout_before' })
  const refund = await shop.call('POST', '/transactions/refunds', {
    request: { parent_uid: body.transaction.uid, amount: 40, reason: 'Too large' },
  })
  control.setScript('first', { refunds: 'approve' })
  const { uid } = refund.body.transaction
  const rowOf = async () => {
    const [row] = await world.ctx.sql<{ status: string; lookups: number; due_at: Date }[]>`
      select o.status, o.lookups, o.due_at from operations o join card_transactions t on t.operation_id = o.id where t.uid = ${uid}`
    return row
  }
  const before_question = await rowOf()
  const asked = await shop.call('GET', `/transactions/${uid}`)
  assert.deepEqual([asked.body.transaction.status, asked.body.transaction.code], ['pending', 'P.9999'])
  assert.deepEqual(await rowOf(), before_question)
})
