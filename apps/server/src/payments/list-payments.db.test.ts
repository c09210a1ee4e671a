import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import type { Account } from '../accounts/account.ts'
import { getAccount } from '../accounts/find-account.ts'
import { saveCustomer } from '../accounts/save-customer.ts'
import { seedDemo } from '../demo/seed-demo.ts'
import { Problem } from '../http/problem.ts'
import { parseQuery } from '../http/query.ts'
import { newId } from '../ids.ts'
import { listPayments, type PaymentPage } from './list-payments.ts'
import { readListRequest } from './list-request.ts'
import type { Payment } from './payment.ts'
import { pendingPayment } from './sample-payments.ts'
import { insertPayment } from './table.ts'

const start = new Date('2025-06-01T00:00:00Z').getTime()

let world: TestContext
let account: Account
let other: Account
/** Newest first. */
let all: Payment[] = []
let customer = ''

before(async () => {
  world = await testContext({ now: () => new Date(start) })
  await seedDemo(world.ctx, { simulators: 'http://127.0.0.1:9' })
  account = await getAccount(world.ctx, 'coma_Demo4DocsAccount')
  other = await getAccount(world.ctx, 'coma_DemoKnyharniaUA0')
  const person = {
    reference_id: 'person 1',
    email: null,
    name: null,
    phone: null,
    individual_tax_id: null,
    date_of_birth: null,
    address: null,
    metadata: null,
  }
  customer = (await saveCustomer(world.ctx.sql, account.id, person, new Date(start))).id
  for (let i = 0; i < 47; i += 1) await add(i)
  await add(47, { reference_id: 'a hold', status: 'authorized', payment_flow: 'authorize' })
  await add(48, { reference_id: 'waiting', status: 'process_pending' })
  await add(3, { account_id: other.id })
  all = all.filter((payment) => payment.account_id === account.id)
})
after(() => world.close())

/** Two payments in the same second, amounts and currencies that repeat, some paid; each written and told at another time. */
async function add(i: number, changes: Partial<Payment> = {}): Promise<Payment> {
  const created_at = new Date(start + Math.floor(i / 2) * 60_000)
  const currency = ['USD', 'JPY', 'KWD'][i % 3] as string
  const paid = i % 4 === 0
  const payment: Payment = {
    ...pendingPayment,
    account_id: account.id,
    id: newId('payment', created_at),
    reference_id: `order ${i}`,
    currency,
    created_at,
    amount_minor: BigInt((i % 7) * 1000 + 1000),
    payment_amount_minor: BigInt(i * 10),
    test_mode: i % 5 !== 0,
    status: paid ? 'processed' : 'process_failed',
    resolution: i % 2 === 0 ? 'ok' : 'insufficient_funds',
    service: i % 6 === 0 ? null : `service_${i % 6}`,
    customer_id: i % 9 === 0 ? customer : null,
    processed_at: paid ? new Date(start + ((i * 37) % 11) * 1000 + 500) : null,
    updated_at: new Date(start + ((i * 53) % 13) * 1000),
    ...changes,
  }
  assert.notEqual(await insertPayment(world.ctx.sql, payment, []), null)
  await world.ctx
    .sql`update payments set processed_at = ${payment.processed_at} where account_id = ${payment.account_id} and id = ${payment.id}`
  all.unshift(payment)
  return payment
}

async function page(query: string): Promise<PaymentPage> {
  return listPayments(
    world.ctx,
    account,
    readListRequest(parseQuery(query), { isCurrency: (code) => ['USD', 'JPY', 'KWD', 'EUR'].includes(code) }),
  )
}

const ids = (payments: readonly Payment[]): string[] => payments.map(({ id }) => id)

async function allPages(query: string, between: () => Promise<unknown> = async () => {}): Promise<string[][]> {
  const pages: string[][] = []
  let place = ''
  for (let turn = 0; turn < 60; turn += 1) {
    const { payments, next } = await page(`${query}${place}`)
    pages.push(ids(payments))
    if (next === null) return pages
    place = `&page[${next.side === 'smaller' ? 'before' : 'after'}]=${next.id}`
    await between()
  }
  throw new Error('the list does not end')
}

const exponents: Readonly<Record<string, number>> = { USD: 2, JPY: 0, KWD: 3 }
const majors = (minor: bigint, currency: string): number => Number(minor) / 10 ** (exponents[currency] as number)

/** Sort keys as a person would compute them; `null` comes last. */
const keys: Readonly<Record<string, (payment: Payment) => number | null>> = {
  created: (payment) => payment.created_at.getTime(),
  updated: (payment) => payment.updated_at.getTime(),
  amount: (payment) => majors(payment.amount_minor, payment.currency),
  processed: (payment) => payment.processed_at?.getTime() ?? null,
}

function expectedOrder(field: string, descending: boolean): string[] {
  const key = keys[field] as (payment: Payment) => number | null
  const turn = descending ? -1 : 1
  const sorted = all.toSorted((a, b) => {
    const [left, right] = [key(a), key(b)]
    if (left === right) return a.id < b.id ? -turn : turn
    if (left === null || right === null) return left === null ? 1 : -1
    return (left - right) * turn
  })
  return ids(sorted)
}

test('every sort gives its whole list over pages of any size, forth and back', async () => {
  const sorts = fc.constantFrom(...Object.keys(keys).flatMap((field) => [field, `-${field}`]))
  await fc.assert(
    fc.asyncProperty(sorts, fc.integer({ min: 1, max: 50 }), async (sort, size) => {
      const query = `sort=${sort}&page[size]=${size}`
      const expected = expectedOrder(sort.replace('-', ''), sort.startsWith('-'))
      const pages = await allPages(query)
      assert.deepEqual(pages.flat(), expected)
      assert.equal(
        pages.every((one, i) => one.length === size || i === pages.length - 1),
        true,
      )

      const lastButOne = pages.at(-2)
      const last = pages.at(-1) as string[]
      const back = sort.startsWith('-') ? 'after' : 'before'
      const before = await page(`${query}&page[${back}]=${last[0]}`)
      assert.deepEqual(ids(before.payments), lastButOne ?? [])
      assert.equal(before.next === null, lastButOne === undefined)
      assert.equal(before.prev === null, pages.length <= 2)
    }),
    { numRuns: 30 },
  )
})

test('without a sort the newest come first', async () => {
  const { payments, next, prev } = await page('')
  assert.deepEqual(ids(payments), ids(all.slice(0, 20)))
  assert.deepEqual([next, prev], [{ id: all[19]?.id, side: 'smaller' }, null])
})

test('payments that are added while paging are neither repeated nor push others out', async () => {
  const known = ids(all)
  let added = 100
  const pages = await allPages('page[size]=7', () => add(added++))
  assert.deepEqual(pages.flat(), known)
  assert.equal(added > 105, true)
  const { payments } = await page('page[size]=1')
  assert.equal(payments[0]?.id, all[0]?.id)
})

const rate = (operator: string, left: number, right: number): boolean =>
  ({ eq: left === right, gt: left > right, gte: left >= right, lt: left < right, lte: left <= right })[
    operator
  ] as boolean

test('each operator of each kind of field selects what it says', async () => {
  const expectations: [query: string, fits: (payment: Payment) => boolean][] = [
    ['filter[id]=ID', (p) => p.id === all[5]?.id],
    ['filter[serial_number]=SERIAL', (p) => p.id === all[5]?.id],
    ['filter[reference_id]=order 7', (p) => p.reference_id === 'order 7'],
    ['filter[reference_id][in]=order 7, order 9', (p) => ['order 7', 'order 9'].includes(p.reference_id)],
    ['filter[reference_id][ne]=order 7', (p) => p.reference_id !== 'order 7'],
    ['filter[service][ne]=service_1', (p) => p.service !== 'service_1'],
    ['filter[service]=service_1', (p) => p.service === 'service_1'],
    ['filter[service_method]=payment_card', () => true],
    ['filter[currency]=jpy', (p) => p.currency === 'JPY'],
    ['filter[currency][in]=jpy,kwd', (p) => p.currency !== 'USD'],
    ['filter[service_currency]=EUR', () => false],
    ['filter[source][eq]=merchant_api', () => true],
    ['filter[resolution]=INSUFFICIENT_FUNDS', (p) => p.resolution === 'insufficient_funds'],
    ['filter[status]=processed', (p) => p.status === 'processed'],
    ['filter[status][ne]=processed', (p) => p.status !== 'processed'],
    ['filter[status]=process_pending', (p) => p.status === 'process_pending' || p.status === 'authorized'],
    ['filter[status][ne]=process_pending', (p) => p.status !== 'process_pending' && p.status !== 'authorized'],
    ['filter[status][in]=process_pending,processed', (p) => p.status !== 'process_failed'],
    ['filter[payment_flow]=charge', () => true],
    ['filter[payment_flow]=verify', () => false],
    ['filter[test_mode]=false', (p) => !p.test_mode],
    ['filter[test_mode]=1', (p) => p.test_mode],
    ['filter[customer]=person 1', (p) => p.customer_id !== null],
    ['filter[customer]=CUSTOMER', (p) => p.customer_id !== null],
    ['filter[customer]=nobody', () => false],
    ['filter[status]=processed&filter[currency]=USD', (p) => p.status === 'processed' && p.currency === 'USD'],
  ]
  const fifth = all[5]?.id ?? ''
  for (const [query, fits] of expectations) {
    const filled = query.replace('ID', fifth).replace('SERIAL', fifth.slice(4)).replace('CUSTOMER', customer)
    assert.deepEqual((await allPages(`page[size]=100&${filled}`)).flat(), ids(all.filter(fits)), query)
  }
})

test('amounts are compared in major units of their own currency, times in whole seconds', async () => {
  const second = (time: Date | null): number | null => time && Math.floor(time.getTime() / 1000)
  const numbers: [field: string, value: string, of: (payment: Payment) => number | null][] = [
    ['amount', '20.00', (p) => majors(p.amount_minor, p.currency)],
    ['amount', '1.5', (p) => majors(p.amount_minor, p.currency)],
    ['payment_amount', '0.12', (p) => majors(p.payment_amount_minor, p.currency)],
    ['created', String(start / 1000 + 600), (p) => second(p.created_at)],
    ['updated', String(start / 1000 + 6), (p) => second(p.updated_at)],
    ['processed', String(start / 1000 + 4), (p) => second(p.processed_at)],
  ]
  for (const [field, value, of] of numbers) {
    for (const operator of ['eq', 'gt', 'gte', 'lt', 'lte']) {
      const fitting = all.filter((payment) => {
        const left = of(payment)
        return left !== null && rate(operator, left, Number(value))
      })
      const found = await allPages(`page[size]=100&filter[${field}][${operator}]=${value}`)
      assert.deepEqual(found.flat(), ids(fitting), `${field} ${operator} ${value}`)
    }
  }
})

test('a filtered list pages without repeating or missing, and the way back is known', async () => {
  const fitting = ids(all.filter((payment) => payment.status === 'processed'))
  assert.deepEqual((await allPages('filter[status]=processed&page[size]=3')).flat(), fitting)
  const first = await page(`filter[status]=processed&page[size]=3&page[before]=${all[0]?.id}`)
  assert.equal(first.prev, null, 'the payment before the cursor does not fit the filter')
})

test('a written callback log counts as the last change', async () => {
  const oldest = all.at(-1) as Payment
  const processed_at = new Date(start + 3_600_000)
  await world.ctx.sql`
    insert into callback_events (account_id, id, subject_id, test_mode, url, origin, subject_status, status, processed_at, created_at)
    values (${account.id}, 'evt_0000000000000001', ${oldest.id}, true, 'https://x.example', 'https://x.example', 'processed', 'done', ${processed_at}, ${processed_at})`
  assert.equal((await page('sort=-updated&page[size]=1')).payments[0]?.id, oldest.id)
  assert.deepEqual(ids((await page(`filter[updated]=${processed_at.getTime() / 1000}`)).payments), [oldest.id])
  await world.ctx.sql`delete from callback_events`
})

test('a cursor must be a payment of the account', async () => {
  const [foreign] = await world.ctx.sql<{ id: string }[]>`select id from payments where account_id = ${other.id}`
  for (const id of [foreign?.id, 'cpi_0000000000000000']) {
    await assert.rejects(
      page(`page[before]=${id}`),
      (error) => error instanceof Problem && isDeepStrictEqual([error.status, error.title], [400, 'Invalid page']),
    )
  }
})
