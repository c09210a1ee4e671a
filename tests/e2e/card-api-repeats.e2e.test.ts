/** Requests that come twice, on a clock the test sets: equal ones, those of one RequestID, and those of one chain. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  paymentRequest,
  type ShopAnswer,
  type ShopClient,
  shopClient,
} from '../../apps/server/src/card-api/sample-shop.ts'
import { chargesOf, refused, seen } from '../card-shop.ts'
import { startWorld, type World } from '../world.ts'

const approved = '4200000000000000'

let now_ms = Date.now()
let world: World
let shop: ShopClient
let other: ShopClient
before(async () => {
  // No workers: what comes due by the clock is none of these tests' business.
  world = await startWorld({ work: false, now: () => new Date(now_ms) })
  shop = shopClient(world, 361)
  other = shopClient(world, 362)
})
after(() => world.close())

const in3 = { 'x-api-version': '3' }
let amounts = 1_000

/** A request equal to no other but its own repetitions. */
function checked(number = approved, more = {}): Record<string, unknown> {
  amounts += 1
  const { duplicate_check: _, ...request } = paymentRequest(number, { amount: amounts, ...more })
  return request
}

const pay = (request: object, headers = {}, from = shop): Promise<ShopAnswer> =>
  from.call('POST', '/transactions/payments', { request }, headers)
const hold = (request: object): Promise<ShopAnswer> => shop.call('POST', '/transactions/authorizations', { request })

async function countOf(tracking_id: unknown): Promise<number> {
  const { body } = await shop.call('GET', `/v2/transactions/tracking_id/${tracking_id}`)
  return body.transactions.length
}

const isDuplicate = (answer: ShopAnswer): boolean =>
  answer.status === 422 && refused(answer).message === 'Duplicate transaction'

test('A14: an equal request is refused for 30 seconds, and passes at the end of them', async () => {
  const request = checked()
  assert.equal(seen(await pay(request)).status, 'successful')
  now_ms += 29_999
  const again = await pay(request)
  assert.deepEqual(again.body, {
    response: { message: 'Duplicate transaction', errors: { base: ['Duplicate transaction'] } },
  })
  const again3 = await pay(request, in3)
  assert.deepEqual([again3.status, again3.body.code, again3.body.message], [422, 'F.0108', 'Duplicate transaction'])
  now_ms += 1
  assert.equal((await pay(request)).status, 200)
  assert.equal(await countOf(request.tracking_id), 2)
})

test('A14: with duplicate_check false it passes at once, and is itself an original', async () => {
  const request = checked()
  await pay(request)
  now_ms += 20_000
  assert.equal((await pay({ ...request, duplicate_check: false })).status, 200)
  now_ms += 20_000
  assert.ok(isDuplicate(await pay(request)), 'twenty seconds after the second one')
  now_ms += 10_000
  assert.equal((await pay(request)).status, 200)
})

test('what differs in type, amount, currency, card or shop is no duplicate; its reference, holder and expiry do not matter', async () => {
  const request = checked()
  const { credit_card } = request as { credit_card: object }
  await pay(request)
  assert.ok(isDuplicate(await pay({ ...request, tracking_id: 'another', description: 'Another' })))
  assert.ok(isDuplicate(await pay({ ...request, credit_card: { ...credit_card, holder: 'X', exp_year: 2033 } })))
  assert.equal((await hold(request)).status, 200)
  assert.equal((await pay({ ...request, amount: Number(request.amount) + 500_000 })).status, 200)
  assert.equal((await pay({ ...request, currency: 'EUR' })).status, 200)
  assert.equal((await pay({ ...request, credit_card: { ...credit_card, number: '9112300000000000' } })).status, 200)
  assert.equal((await pay(request, {}, other)).status, 200)
})

test('a card by its number and by its token is one card', async () => {
  const request = checked()
  const { token } = seen(await pay(request)).card
  assert.ok(token, 'a test shop is told the token')
  assert.ok(isDuplicate(await pay({ ...request, credit_card: { token, verification_value: '123' } })))
})

test('a declined payment is an original too; a request that was refused leaves no trace', async () => {
  const request = checked('4005550000000019')
  assert.equal((await pay({ ...request, currency: 'nonsense' })).status, 422)
  assert.equal((await pay({ ...request, additional_data: { excluded_gateways: ['x'] } })).status, 422)
  assert.equal(seen(await pay(request)).status, 'failed')
  assert.ok(isDuplicate(await pay(request)))
})

test('children of one parent and amount are duplicates of each other', async () => {
  const { uid: parent_uid } = seen(await pay(checked()))
  const refund = (more = {}) =>
    shop.call('POST', '/transactions/refunds', { request: { parent_uid, amount: 10, reason: 'Back', ...more } })
  assert.equal(seen(await refund()).status, 'successful')
  now_ms += 29_999
  assert.ok(isDuplicate(await refund()))
  assert.equal(seen(await refund({ amount: 11 })).status, 'successful')
  assert.equal(seen(await refund({ duplicate_check: false })).status, 'successful')
  now_ms += 30_000
  assert.equal(seen(await refund()).status, 'successful')
  const [charge] = await chargesOf({ sql: world.ctx.sql, simulators: world.simulators }, parent_uid)
  assert.equal(charge?.refunded_amount, '41')
})

test('A15: the same RequestID gives the same transaction, and says so; in time and out of it', async () => {
  const request = checked()
  const headers = { requestid: `one-${now_ms}` }
  const first = await pay(request, headers)
  assert.equal(first.headers.get('idempotent-replayed'), null)
  const second = await pay(request, headers)
  assert.deepEqual([second.status, second.headers.get('idempotent-replayed')], [200, 'true'])
  assert.deepEqual(second.body, first.body)
  now_ms += 24 * 3_600_000 - 1
  assert.equal(seen(await pay(request, headers)).uid, seen(first).uid)
  now_ms += 1
  const late = await pay(request, headers)
  assert.deepEqual([late.status, late.headers.get('idempotent-replayed')], [200, null])
  assert.notEqual(seen(late).uid, seen(first).uid)
})

test('A15: another body under the RequestID is refused, the same one in another spelling is not', async () => {
  const request = checked()
  const headers = { requestid: `two-${now_ms}` }
  const { uid } = seen(await pay(request, headers))
  const other_body = await pay({ ...request, amount: 7 }, { ...headers, ...in3 })
  assert.deepEqual([other_body.status, other_body.body.code], [422, 'E.1010'])
  const turned = Object.fromEntries(Object.entries(request).reverse())
  assert.equal(seen(await pay(turned, headers)).uid, uid)
  assert.equal(await countOf(request.tracking_id), 1)
})

test('a replay tells the state of now, in the version that asks', async () => {
  const headers = { requestid: `three-${now_ms}` }
  const request = checked('4012000000003010')
  const first = seen(await pay(request, headers, other))
  assert.equal(first.status, 'incomplete')
  await world.ctx.sql`update payments set status = 'process_failed', resolution = 'payer_left', due_at = null
    where id = (select payment_id from card_transactions where uid = ${first.uid})`
  const second = await pay(request, { ...headers, ...in3 }, other)
  assert.deepEqual([second.body.uid, second.body.status], [first.uid, 'failed'])
})

test('a RequestID belongs to its shop and its path; a refused request leaves it free', async () => {
  const headers = { requestid: `four-${now_ms}` }
  const request = checked()
  assert.equal((await pay({ ...request, currency: 'nonsense' }, headers)).status, 422)
  const payment = seen(await pay(request, headers))
  const elsewhere = seen(await shop.call('POST', '/transactions/authorizations', { request }, headers))
  const elsewhose = seen(await pay(request, headers, other))
  assert.equal(new Set([payment.uid, elsewhere.uid, elsewhose.uid]).size, 3)
  assert.ok([payment, elsewhere, elsewhose].every(({ status }) => status === 'successful'))
})

test('children and card tokens are made once for a RequestID', async () => {
  const { uid: parent_uid } = seen(await pay(checked()))
  const headers = { requestid: `five-${now_ms}` }
  const refund = { request: { parent_uid, amount: 10, reason: 'Back' } }
  const first = await shop.call('POST', '/transactions/refunds', refund, headers)
  const second = await shop.call('POST', '/transactions/refunds', refund, headers)
  assert.deepEqual([first.status, second.headers.get('idempotent-replayed')], [200, 'true'])
  assert.deepEqual(second.body, first.body)
  const other_refund = { request: { ...refund.request, amount: 11 } }
  assert.equal(refused(await shop.call('POST', '/transactions/refunds', other_refund, headers)).status, 422)

  const card = { request: { number: approved, holder: 'John', exp_month: 2, exp_year: 2030 } }
  const made = await shop.call('POST', '/credit_cards', card, headers)
  const again = await shop.call('POST', '/credit_cards', card, headers)
  assert.deepEqual([again.headers.get('idempotent-replayed'), again.body], ['true', made.body])
  const change = { request: { holder: 'Jane' } }
  const path = `/credit_cards/${made.body.token}`
  await shop.call('POST', path, change, headers)
  assert.equal((await shop.call('POST', path, change, headers)).body.holder, 'Jane')
  assert.equal((await shop.call('POST', path, { request: { holder: 'Joe' } }, headers)).status, 422)
})

test('a chain ends after 24 hours', async () => {
  const request: Record<string, unknown> = { ...checked('4200000000100016'), duplicate_check: false }
  const first = seen(await pay(request))
  now_ms += 24 * 3_600_000 - 1
  const joined = seen(await pay({ ...request, additional_data: { excluded_gateways: [408] } }))
  assert.deepEqual([joined.status, joined.binding_id], ['successful', first.uid])
  now_ms += 24 * 3_600_000 + 1
  const alone = seen(await pay({ ...request, additional_data: { excluded_gateways: [408] } }))
  assert.deepEqual([alone.status, alone.binding_id, alone.section.gateway_id], ['successful', null, 409])
})

test('another amount, reference, card or shop is another chain', async () => {
  const request: Record<string, unknown> = { ...checked('4200000000100016'), duplicate_check: false }
  await pay(request)
  const excluding = { ...request, additional_data: { excluded_gateways: [408] } }
  assert.equal(seen(await pay(excluding)).status, 'successful')
  for (const answer of [
    await pay({ ...excluding, amount: 7 }),
    await pay({ ...excluding, tracking_id: `${request.tracking_id}-b` }),
    await pay({ ...excluding, currency: 'EUR' }),
    await pay({ ...excluding, credit_card: paymentRequest(approved).credit_card }),
    await pay(excluding, {}, other),
  ])
    assert.deepEqual([seen(answer).status, seen(answer).binding_id], ['successful', null])
  assert.equal((await pay(excluding)).status, 422)
})
