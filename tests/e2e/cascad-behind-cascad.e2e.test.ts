/** One installation behind another: merchant → ours → connector → theirs, as processes of its own → simulated gateways. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { paymentRequest, type ShopClient, shopClient } from '../../apps/server/src/card-api/sample-shop.ts'
import { shopCredentials } from '../../apps/server/src/demo/seed-shops.ts'
import { upsertGateway } from '../../apps/server/src/demo/table.ts'
import { forgetRouting } from '../../apps/server/src/routing/load-routing.ts'
import { ordinaryScript } from '../../apps/simulators/src/terminals/script.ts'
import { openWire, type Wire } from '../../connectors/cascad/sample-wire.ts'
import { testDatabase } from '../database.ts'
import { createPayment } from '../payer.ts'
import { bankForm } from '../process-world.ts'
import { openProduct, type Process, type Product } from '../product/product.ts'
import { letPass, until } from '../product/time.ts'
import { type Answer, startWorld, type World } from '../world.ts'

let ours: World
let theirs: Product
let api: Process
let wire: Wire
let shop: ShopClient
let closeDatabase: () => Promise<void>

before(async () => {
  const database = await testDatabase()
  closeDatabase = database.close
  theirs = await openProduct(database.url)
  api = await theirs.startProcess('api')
  await theirs.startProcess('worker')
  wire = await openWire(api.url)
  ours = await startWorld()
  await putBehind(ours, wire.url)
  shop = shopClient(ours, 361)
})
after(async () => {
  await ours?.close()
  await wire?.close()
  await theirs?.close()
  await closeDatabase?.()
})
beforeEach(() => {
  wire.lose = null
  for (const { name } of theirs.simulators.control.terminals())
    theirs.simulators.control.setScript(name, ordinaryScript)
})

/** Our gateway 408 becomes their shop 363, which cascades by itself. */
async function putBehind({ ctx }: World, base_url: string): Promise<void> {
  const credentials = (await shopCredentials(theirs.ctx)).find(({ shop_id }) => shop_id === 363)
  assert.ok(credentials)
  const { secret } = credentials
  const public_key = credentials.public_key.replace(/-----[A-Z ]+-----|\s/g, '')
  const given = JSON.stringify({ base_url, shop_id: '363', secret, public_key })
  const gateway = {
    gateway_id: 408,
    name: 'Another Cascad',
    connector: 'cascad',
    test_mode: true,
    credentials_encrypted: ctx.secrets.encrypt(given, 'gateway:408'),
    merchant_code: null,
    merchant_account_id: 'ma_Gateway000000408',
    currencies: null,
    priority: 30,
    failure_domain: 'cascad',
  }
  await upsertGateway(ctx.sql, gateway, ctx.now())
  forgetRouting(ctx)
}

async function sell(attributes: Answer, card_number: string): Promise<Answer> {
  const response = await fetch(`${ours.url}/payment/sale`, {
    method: 'POST',
    headers: { authorization: `Bearer ${attributes.flow_data.metadata.token}` },
    body: JSON.stringify({
      data: { type: 'sale-operation', attributes: { card_number, cvv: '123', exp_month: 12, exp_year: 2031 } },
    }),
  })
  const body = (await response.json()) as Answer
  assert.equal(response.status, 201, JSON.stringify(body))
  return body.data.attributes
}

const read = async (id: string): Promise<Answer> =>
  (await ours.call('GET', `/api/payment-invoices/${id}`)).body.data.attributes

const processed = (id: string) => until(`${id} is processed`, async () => (await read(id)).status === 'processed')

async function attemptsOf(id: string): Promise<unknown[]> {
  const rows = await ours.ctx.sql`select gateway_id, status from attempts where payment_id = ${id} order by number`
  return rows.map(({ gateway_id, status }) => [gateway_id, status])
}

/** Charges at their gateways for a payment of ours. */
async function chargesOf(payment_id: string) {
  const rows = await theirs.ctx.sql<{ payment_id: string }[]>`
    select payment_id from card_transactions
    where operation_id is null and tracking_id like ${`${payment_id.slice('cpi_'.length)}-%`}`
  const serials = rows.map((row) => row.payment_id.slice('cpi_'.length))
  return theirs.simulators.control
    .ledger()
    .filter(({ reference }) => serials.some((serial) => reference.startsWith(serial)))
}

const takenFrom = async (payment_id: string) =>
  (await chargesOf(payment_id)).flatMap(({ net_amount }) => (net_amount === '0' ? [] : [net_amount]))

async function paymentOf(uid: string): Promise<string> {
  const [row] = await ours.ctx.sql<
    { payment_id: string }[]
  >`select payment_id from card_transactions where uid = ${uid}`
  return row?.payment_id ?? 'none'
}

/** The payer's browser: from the address in our answer over their page to the bank; where the bank sends him then. */
async function confirmAtBank(address: string): Promise<string> {
  const { action, form } = bankForm(await (await fetch(address)).text())
  const asked = await fetch(action, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })
  assert.equal(asked.status, 303)
  const body = new URLSearchParams({ ...form, choice: 'confirm' })
  const answered = await fetch(new URL('/acquirer/acs/answer', action), { method: 'POST', body, redirect: 'manual' })
  assert.equal(answered.status, 303)
  return answered.headers.get('location') ?? ''
}

test('their cascade finds the gateway that approves; for us it is one attempt', async () => {
  const { id, attributes } = await createPayment(ours)
  assert.equal((await sell(attributes, '4200000000100016')).status, 'processed')
  assert.deepEqual(await attemptsOf(id), [[408, 'approved']])
  const charges = await chargesOf(id)
  assert.deepEqual(
    charges.map(({ terminal, status }) => [terminal, status]),
    [
      ['first', 'declined'],
      ['second', 'approved'],
    ],
  )
})

test('a decline passes through with its code, the code of the bank and its advice', async () => {
  const { body } = await shop.pay('4005550000000019', {}, { 'x-api-version': '3' })
  assert.deepEqual(
    [body.status, body.code, body.transaction.bank_code],
    ['failed', 'F.0105', '05'],
    JSON.stringify(body),
  )
  const [row] = await ours.ctx.sql`select signals, class from attempts where payment_id = ${await paymentOf(body.uid)}`
  assert.deepEqual([row?.signals.network_code, row?.signals.unified_code], ['05', 'F.0105'])
})

test('what we are told to simulate is simulated behind them', async () => {
  const additional_data = { test_scenario: { 408: 'decline:51:25' } }
  const { body } = await shop.pay('5519283812030000', { additional_data }, { 'x-api-version': '3' })
  const { bank_code, advice_code } = body.transaction
  assert.deepEqual([body.status, body.code, bank_code, advice_code], ['failed', 'F.0114', '51', '25'])
})

test('an answer lost between the two is found by a look-up: charged once, never tried elsewhere', async () => {
  wire.lose = { loss: 'timeout_after', paths: /\/payments$/ }
  const before = wire.orders.length
  const { id, attributes } = await createPayment(ours)
  await sell(attributes, '5519283812030000')
  await processed(id)
  assert.equal(wire.orders.length, before + 1)
  assert.deepEqual(await attemptsOf(id), [[408, 'approved']])
  assert.equal((await takenFrom(id)).length, 1)
})

test('money goes back through both', async () => {
  const { id, attributes } = await createPayment(ours)
  assert.equal((await sell(attributes, '5519283812030000')).status, 'processed')
  const refund = await ours.call('POST', `/api/payment-invoices/${id}/refund`, { amount: 40, reference_id: 'refund-1' })
  assert.ok(refund.status < 300, JSON.stringify(refund.body))
  await until('the refund is done', async () => (await read(id)).refunded_amount === 40)
  assert.deepEqual(await takenFrom(id), ['6000'])
})

test('a hold is captured in part: the rest is given up at their gateway', async () => {
  const request = paymentRequest('5519283812030000')
  const { body } = await shop.call('POST', '/transactions/authorizations', { request }, { 'x-api-version': '3' })
  assert.equal(body.status, 'successful', JSON.stringify(body))
  const wish = { request: { parent_uid: body.uid, amount: 60 } }
  const capture = await shop.call('POST', '/transactions/captures', wish, { 'x-api-version': '3' })
  assert.equal(capture.body.status, 'successful', JSON.stringify(capture.body))
  const [charge] = await chargesOf(await paymentOf(body.uid))
  assert.deepEqual([charge?.net_amount, charge?.held_amount], ['60', '0'])
})

test('the payer confirms at the bank behind them and comes back over both to the shop', async () => {
  const { id, attributes } = await createPayment(ours, { return_url: 'https://shop.example/thanks' })
  const sold = await sell(attributes, '4012000000001097')
  assert.equal(sold.status, 'process_pending', JSON.stringify(sold))
  assert.ok(sold.auth_payload.action.startsWith(`${api.url}/process/`))
  const places = [await confirmAtBank(sold.auth_payload.action)]
  for (let hops = 0; hops < 6 && !places.at(-1)?.startsWith('https://shop.example'); hops += 1) {
    const at = places.at(-1) ?? ''
    const to = (await fetch(at, { redirect: 'manual' })).headers.get('location')
    assert.ok(to, `the browser stays at ${at}`)
    places.push(new URL(to, at).href)
  }
  assert.ok(places[0]?.startsWith(api.url) && places[1]?.startsWith(ours.url), places.join(' '))
  await processed(id)
  assert.equal((await takenFrom(id)).length, 1)
})

test('the payer never comes back: their signed notification tells us, a changed one tells nothing', async () => {
  const { id, attributes } = await createPayment(ours)
  const sold = await sell(attributes, '4012000000001097')
  await confirmAtBank(sold.auth_payload.action)
  await processed(id)
  const like = `%${id.slice('cpi_'.length)}%`
  const events = () => ours.ctx.sql`
    select status, headers, body from provider_events where gateway_id = 408 and body like ${like} order by received_at`
  const [event] = await events()
  assert.ok(event)
  assert.equal(event.status, 'handled')
  const { 'content-signature': signature = '', 'x-notification-id': number = '' } = event.headers
  assert.match(number, /^[0-9a-f-]{36}$/)
  const forged = event.body.replace('"successful"', '"failed"')
  const headers = { 'content-type': 'application/json', 'content-signature': signature }
  await fetch(`${ours.url}/provider-events/408`, { method: 'POST', headers, body: forged })
  await until('the forged one is refused', async () => (await events())[1]?.status === 'refused')
  assert.equal((await read(id)).status, 'processed')
})

test('they are killed while their gateway charges: found after the restart, charged once', async () => {
  theirs.simulators.control.setScript('first', { delay_ms: 1_000 })
  const { id, attributes } = await createPayment(ours)
  const selling = sell(attributes, '5519283812030000')
  await until('their gateway is called', async () => {
    const rows = await theirs.ctx.sql`
      select 1 from attempts a join card_transactions t using (account_id, payment_id)
      where t.tracking_id like ${`${id.slice('cpi_'.length)}-%`} and a.status = 'sent'`
    return rows.length > 0
  })
  await api.kill()
  await until('their gateway has charged', async () => (await takenFrom(id)).length === 1)
  await api.restart()
  await selling
  await letPass(theirs.ctx.sql, 60)
  await until('they know', async () => {
    const rows = await theirs.ctx.sql`
      select 1 from attempts a join card_transactions t using (account_id, payment_id)
      where t.tracking_id like ${`${id.slice('cpi_'.length)}-%`} and a.status = 'approved'`
    return rows.length > 0
  })
  await letPass(ours.ctx.sql, 60)
  await processed(id)
  assert.deepEqual(await attemptsOf(id), [[408, 'approved']])
  assert.equal((await takenFrom(id)).length, 1)
})

test('orders that meet each other at one parent all find their own RequestID free', async () => {
  const direct = shopClient({ ctx: theirs.ctx, url: api.url }, 361)
  const request = paymentRequest('5519283812030000', { amount: 1000 })
  const hold = await direct.call('POST', '/transactions/authorizations', { request })
  const parent_uid = hold.body.transaction.uid
  const captures = await Promise.all(
    Array.from({ length: 10 }, (_, i) => {
      const wish = { request: { parent_uid, amount: 100, duplicate_check: false } }
      return direct.call('POST', '/transactions/captures', wish, { requestid: `capture-${i}` })
    }),
  )
  assert.deepEqual([...new Set(captures.map(({ status }) => status))], [200])
})
