/** Cascades of card payments over HTTP: who hops, who does not, and what becomes of answers that never came. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { paymentRequest, type ShopClient, shopClient } from '../../apps/server/src/card-api/sample-shop.ts'
import { verifyLedger } from '../../apps/server/src/ledger/verify.ts'
import { callsOf, chargesOf, type Hooks, openHooks, refused, seen } from '../card-shop.ts'
import { until } from '../product/time.ts'
import { type Answer, startWorld, type World } from '../world.ts'

let world: World
let hooks: Hooks
/** Goes on by itself. */
let automatic: ShopClient
let manual: ShopClient
before(async () => {
  world = await startWorld()
  hooks = await openHooks()
  automatic = shopClient(world, 363)
  manual = shopClient(world, 361)
})
after(async () => {
  await world.close()
  await hooks.close()
})

const books = () => ({ sql: world.ctx.sql, simulators: world.simulators })
const told = (more = {}) => ({ notification_url: hooks.url, ...more })
const gatewaysOf = ({ cascade }: Answer): number[] =>
  cascade.attempts.map(({ gateway_id }: { gateway_id: number }) => gateway_id)

async function show(shop: ShopClient, uid: string): Promise<Answer> {
  return seen(await shop.call('GET', `/transactions/${uid}`))
}

async function ends(shop: ShopClient, uid: string, status: string): Promise<Answer> {
  await until(`${uid} is ${status}`, async () => (await show(shop, uid)).status === status, 20_000)
  return show(shop, uid)
}

/** One notification, and no second one after the books have come to rest. */
async function toldOnce(uid: string, status: string): Promise<void> {
  await until('the notification has come', () => hooks.about(uid).length > 0)
  const rows = await world.ctx.sql`select 1 from callback_events where subject_id = ${uid}`
  assert.equal(rows.length, 1)
  assert.deepEqual(
    hooks.about(uid).map(({ body }) => seen({ body: JSON.parse(body) }).status),
    [status],
  )
}

test('A18: one request, three gateways, one transaction, one notification', async () => {
  const got = seen(await automatic.pay('4200000000100024', told()))
  assert.deepEqual([got.status, got.section.gateway_id, got.cascade.mode], ['successful', 410, 'automatic'])
  assert.deepEqual(gatewaysOf(got), [408, 409, 410])
  assert.deepEqual(
    got.cascade.attempts.map(({ number, status, code }: Answer) => [number, status, code]),
    [
      [1, 'failed', 'F.0117'],
      [2, 'failed', 'F.0105'],
      [3, 'successful', 'S.0000'],
    ],
  )
  assert.equal((await chargesOf(books(), got.uid)).filter(({ charged }) => charged).length, 1)
  await toldOnce(got.uid, 'successful')
})

test('A18: "do not honor" hops once; the merchant himself goes on to the last gateway', async () => {
  const request = paymentRequest('4200000000100123', told())
  const got = seen(await automatic.call('POST', '/transactions/payments', { request }))
  assert.deepEqual([got.status, got.code], ['failed', 'F.0105'])
  assert.deepEqual(gatewaysOf(got), [408, 409])
  await toldOnce(got.uid, 'failed')
  const again = { ...request, additional_data: { excluded_gateways: gatewaysOf(got) } }
  const last = seen(await automatic.call('POST', '/transactions/payments', { request: again }))
  assert.deepEqual([last.status, last.section.gateway_id, last.binding_id], ['successful', 410, got.uid])
  assert.equal(last.cascade.mode, 'merchant')
})

for (const [title, additional_data, mode] of [
  ['cascade: false', { cascade: false }, 'none'],
  ['an empty list of excluded gateways', { excluded_gateways: [] }, 'merchant'],
] as const) {
  test(`${title} switches hops off`, async () => {
    const got = seen(await automatic.pay('4200000000100024', { additional_data }))
    assert.deepEqual([got.status, got.cascade.mode, gatewaysOf(got)], ['failed', mode, [408]])
  })
}

test('an automatic cascade never leaves what is excluded', async () => {
  const [first] = callsOf(world.simulators)
  const got = seen(await automatic.pay('4200000000100123', { additional_data: { excluded_gateways: ['408'] } }))
  assert.deepEqual([got.status, gatewaysOf(got)], ['failed', [409]])
  assert.equal(callsOf(world.simulators)[0], first)
})

test('a connection that was refused hops: nothing was sent', async () => {
  const got = seen(await automatic.pay('4200000000100057'))
  assert.deepEqual([got.status, got.section.gateway_id, gatewaysOf(got)], ['successful', 409, [408, 409]])
  assert.equal(got.cascade.attempts[0].status, 'not_sent')
  assert.equal((await chargesOf(books(), got.uid)).length, 1)
})

test('a refused connection with hops off says that nothing could be reached', async () => {
  const got = seen(await manual.pay('4200000000100057'))
  assert.deepEqual([got.status, got.code, got.section.gateway_id], ['failed', 'F.2006', 408])
})

// They wait for the gateways, so all of them at once, and before any gateway is rested for not answering.
describe('answers that never came', { concurrency: true }, () => {
  test('A16: no answer is never a failure; nobody goes on meanwhile; one charge stands at the end', async () => {
    const request = paymentRequest('4200000000100065', told())
    const first = seen(await manual.call('POST', '/transactions/payments', { request }))
    assert.ok(['pending', 'successful'].includes(first.status), first.status)
    const again = await manual.call(
      'POST',
      '/transactions/payments',
      { request: { ...request, additional_data: { excluded_gateways: ['408'] } } },
      { 'x-api-version': '3' },
    )
    const expected = first.status === 'pending' ? ['F.0135', 'F.0108'] : ['F.0108']
    assert.ok(again.status === 422 && expected.includes(refused(again).code ?? ''), JSON.stringify(again.body))
    const end = await ends(manual, first.uid, 'successful')
    assert.equal(end.section.gateway_id, 408)
    const charges = (await chargesOf(books(), first.uid)).filter(({ charged }) => charged)
    assert.deepEqual(
      charges.map(({ net_amount, terminal }) => [net_amount, terminal]),
      [['100', 'first']],
    )
    const { body } = await manual.call('GET', `/v2/transactions/tracking_id/${request.tracking_id}`)
    assert.equal(body.transactions.length, 1)
    await toldOnce(first.uid, 'successful')
  })

  for (const [number, ending, route, title] of [
    ['4200000000100065', 'successful', [408], 'no answer and a charge'],
    ['4200000000100081', 'successful', [408], 'a broken server and a charge'],
  ] as const) {
    test(`automatic: ${title} ends where it was, charged once`, async () => {
      const first = seen(await automatic.pay(number, told()))
      assert.ok(['pending', 'successful'].includes(first.status), first.status)
      const end = await ends(automatic, first.uid, ending)
      assert.deepEqual(gatewaysOf(end), route)
      assert.equal((await chargesOf(books(), first.uid)).filter(({ charged }) => charged).length, 1)
      await toldOnce(first.uid, ending)
    })
  }

  test('automatic: no answer and proof that there is no charge goes on or ends, charged at most once', async () => {
    const first = seen(await automatic.pay('4200000000100073', told()))
    assert.ok(['pending', 'successful'].includes(first.status), first.status)
    await until('it is final', async () => (await show(automatic, first.uid)).status !== 'pending', 20_000)
    const end = await show(automatic, first.uid)
    const charges = (await chargesOf(books(), first.uid)).filter(({ charged }) => charged)
    assert.equal(charges.length, end.status === 'successful' ? 1 : 0)
    if (end.status === 'successful') assert.deepEqual(gatewaysOf(end), [408, 409])
    await toldOnce(first.uid, end.status)
  })

  for (const [step, ending] of [
    ['timeout:not_charged', 'failed'],
    ['http500:not_charged', 'failed'],
    ['malformed:charged', 'successful'],
  ] as const) {
    test(`a gateway that does ${step} is asked until it is known`, async () => {
      const first = seen(
        await manual.pay('4200000000000000', told({ additional_data: { test_scenario: { '*': step } } })),
      )
      assert.ok(['pending', ending].includes(first.status), first.status)
      await ends(manual, first.uid, ending)
      await toldOnce(first.uid, ending)
      const charges = (await chargesOf(books(), first.uid)).filter(({ charged }) => charged)
      assert.equal(charges.length, step.endsWith(':charged') ? 1 : 0)
    })
  }
})

test('after all that the ledger is sound', async () => {
  assert.deepEqual(
    (await verifyLedger(world.ctx.sql)).filter(({ culprits }) => culprits.length > 0),
    [],
  )
})
