/** Requests of the Card API at two processes at once: each is done once, and no parent gives more than it has. */
import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import {
  paymentRequest,
  type ShopAnswer,
  type ShopClient,
  shopClient,
} from '../../apps/server/src/card-api/sample-shop.ts'
import { chargesOf, refused, seen } from '../card-shop.ts'
import type { Process } from '../product/product.ts'
import { until } from '../product/time.ts'
import { openStage, type Stage } from './stage.ts'

const approved = '4200000000000000'

let stage: Stage
/** The same shop at each process. */
let shops: readonly ShopClient[]
before(async () => {
  stage = await openStage()
  const api: Process = await stage.product.startProcess('api', {
    CASCAD_PUBLIC_URL: stage.api.url,
    CASCAD_DATABASE_CONNECTIONS: '4',
  })
  shops = [stage.api, api].map(({ url }) => shopClient({ ctx: stage.product.ctx, url }, 361))
})
after(() => stage.close())
afterEach(() => stage.calm())

const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const at = (i: number): ShopClient => shops[i % 2] as ShopClient
const books = () => ({ sql: stage.sql, simulators: stage.product.simulators })

const pay = (i: number, request: object, headers = {}): Promise<ShopAnswer> =>
  at(i).call('POST', '/transactions/payments', { request }, headers)
const child = (i: number, path: string, request: object, headers = {}): Promise<ShopAnswer> =>
  at(i).call('POST', `/transactions/${path}`, { request }, headers)

async function parent(path: 'payments' | 'authorizations', amount: number): Promise<string> {
  const got = seen(await child(0, path, paymentRequest(approved, { amount })))
  assert.equal(got.status, 'successful')
  return got.uid
}

function count(answers: readonly ShopAnswer[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

const isReplay = ({ headers }: ShopAnswer): boolean => headers.get('idempotent-replayed') === 'true'

test('A14: of 20 equal requests one is done', async () => {
  const { duplicate_check: _, ...request } = paymentRequest(approved, { amount: 1_401 })
  const answers = await Promise.all(many(20, (i) => pay(i, request)))
  assert.deepEqual(count(answers), { 200: 1, 422: 19 })
  for (const answer of answers.filter(({ status }) => status === 422))
    assert.equal(refused(answer).message, 'Duplicate transaction')
  const { body } = await at(0).call('GET', `/v2/transactions/tracking_id/${request.tracking_id}`)
  assert.equal(body.transactions.length, 1)
  assert.equal((await chargesOf(books(), body.transactions[0].uid)).length, 1)
  assert.equal(stage.received('first'), 1)
})

test('A15: 20 requests of one RequestID are one transaction; all hear its end', async () => {
  stage.product.simulators.control.setScript('first', { delay_ms: 300 })
  const request = paymentRequest(approved)
  const answers = await Promise.all(many(20, (i) => pay(i, request, { requestid: 'twenty' })))
  assert.deepEqual(count(answers), { 200: 20 })
  assert.equal(new Set(answers.map((answer) => seen(answer).uid)).size, 1)
  assert.ok(answers.every((answer) => seen(answer).status === 'successful'))
  assert.equal(answers.filter((answer) => !isReplay(answer)).length, 1)
  assert.equal(stage.received('first'), 1)
})

for (const [path, parents, more, kind] of [
  ['refunds', 'payments', { reason: 'Back' }, 'refund'],
  ['captures', 'authorizations', {}, 'capture'],
  ['voids', 'authorizations', {}, 'cancel'],
] as const) {
  test(`20 ${path} of one RequestID are one; all hear its end`, async () => {
    const parent_uid = await parent(parents, 100)
    const slow = kind === 'refund' ? {} : { delay_ms: 300 }
    stage.product.simulators.control.setScript('first', slow)
    const request = { parent_uid, amount: 100, ...more }
    const answers = await Promise.all(many(20, (i) => child(i, path, request, { requestid: `twenty-${path}` })))
    assert.deepEqual(count(answers), { 200: 20 }, JSON.stringify(answers.map(({ body }) => body.response?.message)))
    assert.equal(new Set(answers.map((answer) => seen(answer).uid)).size, 1)
    assert.deepEqual([...new Set(answers.map((answer) => seen(answer).status))], ['successful'])
    assert.equal(answers.filter((answer) => !isReplay(answer)).length, 1)
    const [charge] = await chargesOf(books(), parent_uid)
    assert.deepEqual(
      charge?.children.map((one) => [one.kind, one.amount]),
      [[kind, '100']],
    )
  })
}

test('20 repeats of one failed payment under one RequestID are one transaction', async () => {
  const request = paymentRequest('4200000000100016', { amount: 2_500 })
  const first = seen(await pay(0, request))
  stage.product.simulators.control.setScript('second', { delay_ms: 300 })
  const again = { ...request, additional_data: { excluded_gateways: [408] } }
  const answers = await Promise.all(many(20, (i) => pay(i, again, { requestid: 'twenty-in-a-chain' })))
  assert.deepEqual(count(answers), { 200: 20 })
  const all = answers.map(seen)
  assert.equal(new Set(all.map(({ uid }) => uid)).size, 1)
  assert.ok(all.every(({ status, binding_id }) => status === 'successful' && binding_id === first.uid))
  assert.equal(stage.received('second'), 1)
})

test('20 creations of one RequestID keep one card', async () => {
  const request = { number: approved, holder: 'John', exp_month: 2, exp_year: 2030 }
  const answers = await Promise.all(
    many(20, (i) => at(i).call('POST', '/credit_cards', { request }, { requestid: 'one-card' })),
  )
  assert.deepEqual(count(answers), { 200: 20 })
  assert.equal(new Set(answers.map(({ body }) => body.token)).size, 1)
  assert.equal(answers.filter((answer) => !isReplay(answer)).length, 1)
})

test('of two repeats of one failed payment at once one is run', async () => {
  await Promise.all(
    many(10, async (n) => {
      const request = paymentRequest('4200000000100123', { amount: 2_000 + n })
      const first = seen(await pay(n, request))
      assert.deepEqual([first.status, first.section.gateway_id], ['failed', 408])
      const again = { ...request, additional_data: { excluded_gateways: [408] } }
      const answers = await Promise.all(many(2, (i) => pay(i, again)))
      // Both may run one after the other: the second then goes on with the chain the first has left failed.
      const ran = answers.filter(({ status }) => status === 200).map(seen)
      const gateways = ran.map(({ section }) => section.gateway_id).sort()
      assert.deepEqual(gateways, gateways.length === 1 ? [409] : [409, 410])
      for (const answer of answers.filter(({ status }) => status !== 200))
        assert.deepEqual([answer.status, refused(answer).message], [422, 'previous transaction is not finished'])
      const { body } = await at(0).call('GET', `/v2/transactions/tracking_id/${request.tracking_id}`)
      assert.ok(body.transactions.every((one: { binding_id: string }) => one.binding_id === first.uid))
    }),
  )
})

test('ten repeats at once over a slow gateway: one is run, nine hear that it is not finished', async () => {
  const request = paymentRequest('4200000000100016', { amount: 3_000 })
  assert.equal(seen(await pay(0, request)).status, 'failed')
  stage.product.simulators.control.setScript('second', { delay_ms: 1_000 })
  const again = { ...request, additional_data: { excluded_gateways: ['408'] } }
  const answers = await Promise.all(many(10, (i) => pay(i, again, { 'x-api-version': '3' })))
  assert.deepEqual(count(answers), { 200: 1, 422: 9 })
  for (const answer of answers.filter(({ status }) => status === 422)) assert.equal(refused(answer).code, 'F.0135')
  const last = await pay(1, again, { 'x-api-version': '3' })
  assert.deepEqual([last.status, refused(last).code], [422, 'F.0108'])
  assert.equal(stage.received('second'), 1)
})

test('A20: 50 partial refunds at once never give back more than the payment', async () => {
  const parent_uid = await parent('payments', 1_000)
  const answers = await Promise.all(
    many(50, (i) => child(i, 'refunds', { parent_uid, amount: 70, reason: 'Part', duplicate_check: false })),
  )
  const done = answers.filter(({ status }) => status === 200)
  assert.ok(done.every((answer) => seen(answer).status === 'successful'))
  assert.equal(done.length, 14, JSON.stringify(count(answers)))
  for (const answer of answers.filter(({ status }) => status !== 200))
    assert.match(refused(answer).message, /Amount can't be greater than \d+\./)
  const [charge] = await chargesOf(books(), parent_uid)
  assert.deepEqual([charge?.refunded_amount, charge?.net_amount], ['980', '20'])
  const rest = seen(await child(0, 'refunds', { parent_uid, amount: 20, reason: 'Rest' }))
  assert.equal(rest.status, 'successful')
})

test('a capture beside a void: one of them has the hold', async () => {
  const ended = await Promise.all(
    many(8, async (n) => {
      const parent_uid = await parent('authorizations', 100)
      const [capture, cancel] = await Promise.all([
        child(n, 'captures', { parent_uid, amount: 100 }),
        child(n + 1, 'voids', { parent_uid, amount: 100 }),
      ])
      const done = [capture, cancel].filter(({ status }) => status === 200)
      assert.equal(done.length, 1, JSON.stringify([capture.body, cancel.body]))
      const [charge] = await chargesOf(books(), parent_uid)
      assert.deepEqual([charge?.net_amount, charge?.held_amount], [capture.status === 200 ? '100' : '0', '0'])
      return capture.status
    }),
  )
  assert.equal(ended.length, 8)
})

test('a RequestID at one process waits for what runs at the other', async () => {
  stage.product.simulators.control.setScript('first', { delay_ms: 1_500 })
  const request = paymentRequest(approved)
  const first = pay(0, request, { requestid: 'waits' })
  await until('the gateway is called', () => stage.received('first') === 1)
  const second = await pay(1, request, { requestid: 'waits' })
  assert.deepEqual([seen(second).status, isReplay(second)], ['successful', true])
  assert.deepEqual(second.body, (await first).body)
})

test('after all that the books are sound', () => stage.assertSound())
