/** What a merchant's server receives about a payment, from the API call to the last callback. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Answer, startWorld, type World } from '../../../../tests/world.ts'
import { forgetAccount } from '../accounts/find-account.ts'
import { answering, type Got, type Receiver, startReceiver } from './sample-callbacks.ts'
import { standardSignature, xSignature } from './sign-callback.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

async function create(callback_url: string | null, fields: object = {}): Promise<Answer> {
  const { status, body } = await world.call('POST', '/api/payment-invoices', {
    service: 'test_usd_test',
    service_fields: { status: 'success' },
    currency: 'USD',
    amount: 12.5,
    test_mode: true,
    callback_url,
    ...fields,
  })
  assert.equal(status, 201, JSON.stringify(body))
  return body.data
}

const statusOf = ({ body }: Got): string => JSON.parse(String(body)).data.attributes.status

/** The callback that tells of this status. */
async function told(shop: Receiver, status: string): Promise<Got> {
  for (let count = 1; ; count += 1) {
    await shop.came(count)
    const got = shop.got.find((one) => statusOf(one) === status)
    if (got) return got
  }
}

/** Reads the payment until every callback of it has ended. */
async function logsOf(id: string, count: number): Promise<Answer[]> {
  for (let looks = 0; looks < 200; looks += 1) {
    const { body } = await world.call('GET', `/api/payment-invoices/${id}`)
    const logs: Answer[] = Object.values(body.data.attributes.callback_logs)
    if (logs.length === count && logs.every(({ status }) => status !== 'queued')) return logs
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${id} has not got ${count} ended callbacks`)
}

test('each change of status is one callback with the document as it was then', async () => {
  const shop = await startReceiver(answering(200))
  const created = await create(shop.url, { reference_id: 'told-1' })
  assert.deepEqual(created.attributes.callback_logs, [])
  const pending = await told(shop, 'process_pending')
  const paid = await told(shop, 'processed')
  const [first, second] = [pending, paid].map(({ body }) => JSON.parse(String(body)))
  for (const document of [first, second]) {
    assert.deepEqual(Object.keys(document), ['data'])
    assert.deepEqual([document.data.type, document.data.id], ['payment-invoices', created.id])
    assert.equal('hpp_url' in document.data.attributes, false)
  }
  assert.deepEqual(first.data.attributes.callback_logs, [])
  assert.deepEqual(
    Object.values(second.data.attributes.callback_logs).map((log) => (log as Answer).transaction_status),
    ['process_pending'],
  )
  const logs = await logsOf(created.id, 2)
  assert.deepEqual(
    logs.map(({ status, response_code, transaction_status }) => [status, response_code, transaction_status]),
    [
      ['done', 200, 'process_pending'],
      ['done', 200, 'processed'],
    ],
  )
  assert.equal(shop.got.length, 2)
  await shop.close()
})

test('both signatures are made with the private key of the mode, over the bytes that came', async () => {
  const shop = await startReceiver(answering(200))
  await create(shop.url, { description: 'Кава ☕ "1/2"' })
  const { headers, body } = await told(shop, 'processed')
  const key = world.account.test_private_key
  const text = body.toString('utf8')
  const [id, time] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])]
  assert.equal(headers['x-signature'], xSignature(key, text))
  assert.equal(headers['webhook-signature'], standardSignature(key, id, time, text))
  await shop.close()
})

test('a failing endpoint gets the same bytes again, and the log shows the last answer', async () => {
  const shop = await startReceiver((response, got) =>
    response.writeHead(got.headers['retry-count'] === '1' ? 500 : 204).end(),
  )
  const { id } = await create(shop.url, { service_fields: { status: 'fail' } })
  const logs = await logsOf(id, 2)
  assert.deepEqual(
    logs.map(({ status, response_code, transaction_status }) => [status, response_code, transaction_status]),
    [
      ['done', 204, 'process_pending'],
      ['done', 204, 'process_failed'],
    ],
  )
  const byEvent = Map.groupBy(shop.got, ({ headers }) => headers['webhook-id'])
  assert.equal(byEvent.size, 2)
  for (const [first, second, ...more] of byEvent.values()) {
    assert.deepEqual(second?.body, first?.body)
    assert.deepEqual([first?.headers['retry-count'], second?.headers['retry-count'], more.length], ['1', '2', 0])
  }
  await shop.close()
})

test('an account that wants only final statuses is told of nothing else', async () => {
  const shop = await startReceiver(answering(200))
  await onlyFinal(true)
  try {
    const created = await create(shop.url)
    const logs = await logsOf(created.id, 1)
    assert.equal(logs[0]?.transaction_status, 'processed')
    assert.deepEqual(shop.got.map(statusOf), ['processed'])
  } finally {
    await onlyFinal(false)
    await shop.close()
  }
})

async function onlyFinal(value: boolean): Promise<void> {
  const { id } = world.account
  await world.ctx.sql`
    update accounts set options = (options::jsonb || jsonb_build_object('callbacks_only_final', ${value}::boolean))::json
    where id = ${id}`
  forgetAccount(world.ctx, id)
}

test('without an address there is no event and no log', async () => {
  const { id } = await create(null)
  for (let looks = 0; looks < 200; looks += 1) {
    const { body } = await world.call('GET', `/api/payment-invoices/${id}`)
    if (body.data.attributes.status === 'processed') {
      assert.deepEqual(body.data.attributes.callback_logs, [])
      return
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.fail('the payment was not processed')
})
