import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Process } from '../product/product.ts'
import { until } from '../product/time.ts'
import { goodCard, type Invoice, openStage, type Reply, type Stage, threeDsCard } from './stage.ts'

let stage: Stage
/** A second API and a second worker beside the first ones. */
let api: Process
before(async () => {
  stage = await openStage()
  // A small pool, so that whoever waits for a second connection while it holds one is found out.
  api = await stage.product.startProcess('api', { CASCAD_DATABASE_CONNECTIONS: '4' })
  await stage.product.startProcess('worker')
})
after(() => stage.close())
afterEach(() => stage.calm())

const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
const urls = (): readonly string[] => [stage.api.url, api.url]
const urlOf = (i: number): string => urls()[i % 2] as string

function count(replies: readonly Reply[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** The payer's answer at the bank, and the way back of the browser. */
async function challenged(
  invoice: Invoice,
): Promise<{ confirm: () => Promise<unknown>; comeBack: (i: number) => Promise<unknown> }> {
  const { body } = await stage.sale(invoice, threeDsCard)
  const { action, params } = body.data.attributes.auth_payload
  const form = new URLSearchParams({ creq: params.creq, choice: 'confirm' })
  return {
    confirm: () => fetch(`${action}/answer`, { method: 'POST', body: form, redirect: 'manual' }),
    comeBack: (i) => fetch(`${urlOf(i)}/hpp/return/${invoice.id}`, { redirect: 'manual' }),
  }
}

const dueNow = (invoice: Invoice): Promise<unknown> =>
  Promise.resolve(stage.sql`update payments set due_at = now() where id = ${invoice.id} and due_at is not null`)

for (const [title, customer] of [
  ['', undefined],
  [', with a customer', { reference_id: 'one-customer', email: 'payer@example.com' }],
] as const) {
  test(`200 creations with one reference at two processes make one invoice and 199 answers 409${title}`, async () => {
    const reference_id = `one-reference${title}`
    const wish = {
      reference_id,
      amount: 9,
      currency: 'USD',
      service: 'payment_card_usd_hpp',
      test_mode: true,
      customer,
    }
    const replies = await Promise.all(
      many(200, (i) => stage.call('POST', '/api/payment-invoices', wish, { url: urlOf(i) })),
    )
    assert.deepEqual(count(replies), { 201: 1, 409: 199 })
    assert.equal(new Set(replies.map(({ body }) => body.data.id)).size, 1)
    const rows = await stage.sql`select 1 from payments where reference_id = ${reference_id}`
    assert.equal(rows.length, 1)
    assert.deepEqual(await stage.eventsOf(replies[0]?.body.data.id), ['process_pending'])
    if (customer)
      assert.equal((await stage.sql`select 1 from customers where reference_id = ${customer.reference_id}`).length, 1)
  })
}

test('one card submitted at two processes at once is charged once', async () => {
  const invoices = await Promise.all(many(25, () => stage.create()))
  stage.product.simulators.control.setScript('first', { delay_ms: 50 })
  await Promise.all(
    invoices.map(async (invoice) => {
      const replies = await Promise.all(many(4, (i) => stage.sale(invoice, goodCard, urlOf(i))))
      const accepted = replies.filter(({ status }) => status === 201)
      assert.equal(accepted.length, 1, JSON.stringify(count(replies)))
      assert.ok(replies.every(({ status }) => status === 201 || status === 409))
    }),
  )
  assert.equal(stage.received('first'), 25)
  assert.ok(invoices.every(({ id }) => stage.chargesOf(id).length === 1))
  await stage.assertSound()
})

test('a notification beside a look-up beside the direct answer tells one thing once', async () => {
  const invoices = await Promise.all(many(12, () => stage.create()))
  stage.product.simulators.control.setScript('first', { notifications: 'twice', delay_ms: 30 })
  await Promise.all(
    invoices.map(async (invoice) => {
      await Promise.all([stage.sale(invoice), dueNow(invoice), dueNow(invoice)])
      await dueNow(invoice)
    }),
  )
  stage.product.simulators.control.setScript('first', { notifications: 'out_of_order' })
  const banks = await Promise.all(
    many(12, async () => {
      const invoice = await stage.create()
      return { invoice, ...(await challenged(invoice)) }
    }),
  )
  await Promise.all(
    banks.map(async ({ invoice, confirm, comeBack }) => {
      await Promise.all([confirm(), dueNow(invoice), comeBack(0), comeBack(1)])
      await Promise.all([dueNow(invoice), comeBack(0), comeBack(1)])
      await stage.reaches(invoice.id, 'processed')
    }),
  )
  for (const { id } of [...invoices, ...banks.map(({ invoice }) => invoice)]) {
    assert.deepEqual(await stage.eventsOf(id), ['process_pending', 'processed'])
  }
  await stage.assertSound()
})

test('a decline that the worker hears of while the API still asks leads to the next gateway', async () => {
  const { control } = stage.product.simulators
  control.setScript('first', { answer: 'timeout_after', decline_percent: 100, code: '96' })
  const invoice = await stage.create()
  const { status, body } = await stage.sale(invoice)
  assert.deepEqual([status, body.data.attributes.status], [201, 'processed'])
  assert.deepEqual(
    (await stage.attemptsOf(invoice.id)).map((attempt) => [attempt.gateway_id, attempt.status]),
    [
      [408, 'declined'],
      [409, 'approved'],
    ],
  )
  await stage.assertSound()
})

test('a cancel against a submit: ended without a charge, or paid', async () => {
  const ends: Record<string, number> = {}
  await Promise.all(
    many(30, async (i) => {
      const invoice = await stage.create()
      const cancel = (): Promise<unknown> =>
        fetch(`${urlOf(i + 1)}/hpp/cancel?cpi=${invoice.id}`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          redirect: 'manual',
        })
      const sale = (): Promise<unknown> => stage.sale(invoice, goodCard, urlOf(i))
      await Promise.all(i % 3 === 0 ? [sale(), cancel()] : [cancel(), sale()])
      const status = await stage.statusOf(invoice.id)
      ends[status] = (ends[status] ?? 0) + 1
      assert.equal(stage.chargesOf(invoice.id).length, status === 'terminated' ? 0 : 1)
    }),
  )
  assert.deepEqual(
    Object.keys(ends).filter((status) => status !== 'terminated' && status !== 'processed'),
    [],
  )
  await stage.assertSound()
})

test('the end of the lifetime against an approval: paid, or ended with the money back', async () => {
  await Promise.all(
    many(24, async (i) => {
      const invoice = await stage.create()
      const { confirm, comeBack } = await challenged(invoice)
      const expire = (): Promise<unknown> =>
        Promise.resolve(
          stage.sql`update payments set expires_at = now(), due_at = now() where id = ${invoice.id} and due_at is not null`,
        )
      await Promise.all(i % 2 === 0 ? [expire(), confirm()] : [confirm(), expire()])
      await comeBack(i)
      await until('an end', async () => (await stage.statusOf(invoice.id)) !== 'process_pending')
      const status = await stage.statusOf(invoice.id)
      assert.ok(status === 'processed' || status === 'process_failed', status)
    }),
  )
  await stage.assertSound()
})

test('two workers on the same rows do each of them once', async () => {
  const wish = { service: 'test_usd_test', service_fields: { status: 'success' } }
  const invoices = await Promise.all(many(60, () => stage.create(wish)))
  await Promise.all(invoices.map(({ id }) => stage.reaches(id, 'processed')))
  await stage.assertSound()
  const ids = new Set(invoices.map(({ id }) => id))
  const deliveries = stage.product.shop.received.filter(({ payment_id }) => ids.has(payment_id))
  assert.equal(
    new Set(deliveries.map(({ event_id }) => event_id)).size,
    deliveries.length,
    'no event was delivered twice',
  )
  assert.ok(invoices.every(({ id }) => stage.chargesOf(id).length === 1))
})

/** Live payments of a merchant, all approved; one by one, because 35 of one card on their way at once are what its network allows. */
async function paidLive(merchant: number, amounts: readonly string[], currency: string): Promise<Invoice[]> {
  const service = `payment_card_${currency.toLowerCase()}_hpp`
  const invoices: Invoice[] = []
  for (const amount of amounts) {
    const invoice = await stage.create({ amount, currency, service, test_mode: false }, merchant)
    const { body } = await stage.sale(invoice)
    assert.equal(body.data.attributes.status, 'processed', JSON.stringify(body))
    invoices.push(invoice)
  }
  return invoices
}

const refund = (invoice: Invoice, i: number, body: object, merchant = 0): Promise<Reply> =>
  stage.call('POST', `/api/payment-invoices/${invoice.id}/refund`, body, { merchant, url: urlOf(i) })

test('twenty refunds of one payment at once give back no more than was paid, one at a time', async () => {
  const [invoice] = (await paidLive(0, ['70'], 'USD')) as [Invoice]
  const replies = await Promise.all(many(20, (i) => refund(invoice, i, { reference_id: `r${i}`, amount: '40' })))
  assert.equal(count(replies)[200], 1, JSON.stringify(count(replies)))
  assert.deepEqual(
    stage.chargesOf(invoice.id).map(({ net }) => net),
    ['3000'],
  )
  await stage.assertSound()
})

test('refunds of two payments at once against a balance that covers one: one is refused', async () => {
  // Fee and reserve are kept from each payment, so the active balance is less than the two refunds together.
  const invoices = await paidLive(1, ['100', '100'], 'EUR')
  const replies = await Promise.all(invoices.map((invoice, i) => refund(invoice, i, { reference_id: 'all' }, 1)))
  assert.deepEqual(count(replies), { 200: 1, 422: 1 })
  const [balance] = await stage.sql<{ active: string }[]>`
    select sum(credits_posted_minor - debits_posted_minor - debits_pending_minor)::text as active from ledger_balance_parts
    where account_id = ${stage.product.merchants[1]?.id ?? ''} and not test_mode and purpose = 'merchant:active'`
  assert.ok(BigInt(balance?.active ?? -1) >= 0n, `the balance is ${balance?.active}`)
  await stage.assertSound()
})

test('forty refunds of one merchant at once do not wait for each other’s connections', async () => {
  const invoices = await paidLive(
    0,
    many(40, (i) => `${10 + i}`),
    'USD',
  )
  const replies = await Promise.all(
    invoices.map((invoice) =>
      stage.call('POST', `/api/payment-invoices/${invoice.id}/refund`, { reference_id: 'all' }, { url: api.url }),
    ),
  )
  assert.deepEqual(count(replies), { 200: 40 })
  await stage.assertSound()
})
