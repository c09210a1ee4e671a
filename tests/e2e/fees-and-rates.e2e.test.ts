/** What payments cost, in the merchant's own documents and balances: fees, other currencies, reserves, refunds of fees. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { demoAccounts } from '../../apps/server/demo/accounts.ts'
import { forgetAccount } from '../../apps/server/src/accounts/find-account.ts'
import { demoKeys } from '../../apps/server/src/demo/demo-keys.ts'
import {
  freeTerms,
  type ServiceTerms,
  saveAccountServices,
} from '../../apps/server/src/directory/save-account-services.ts'
import { verifyLedger } from '../../apps/server/src/ledger/verify.ts'
import { type Answer, startWorld, type World } from '../world.ts'

const euros = 'coma_DemoNordicLights'
const hryvnias = 'coma_DemoKnyharniaUA0'

let world: World
let now = () => new Date()
before(async () => {
  world = await startWorld()
  // Amounts with fees in them end in any digits; here none of them is an order to decline.
  for (const terminal of ['first', 'live_first']) {
    world.simulators.control.setScript(terminal, { decline_by_amount: false })
  }
  Object.assign(world.ctx, { now: () => now() })
})
after(() => world.close())

async function call(merchant: string, method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
  const account = demoAccounts.find(({ settings }) => settings.id === merchant)
  assert.ok(account)
  const credentials = `${merchant}:${demoKeys(world.ctx, account).api_key}`
  const response = await fetch(world.url + path, {
    method,
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  return { status: response.status, body: await response.json() }
}

type Wish = { amount: number | string; currency: string; service: string; test_mode?: boolean }

async function create(merchant: string, wish: Wish): Promise<Answer> {
  const { status, body } = await call(merchant, 'POST', '/payment-invoices', { test_mode: true, ...wish })
  assert.equal(status, 201, JSON.stringify(body))
  return body.data
}

async function pay(merchant: string, wish: Wish): Promise<Answer> {
  const { id, attributes } = await create(merchant, wish)
  const card = { card_number: '5519283812030000', cvv: '123', exp_month: '12', exp_year: '40' }
  const response = await fetch(`${world.url}/payment/sale`, {
    method: 'POST',
    headers: { authorization: `Bearer ${attributes.flow_data.metadata.token}` },
    body: JSON.stringify(card),
  })
  assert.equal(response.status, 201, await response.text())
  return read(merchant, id)
}

const read = async (merchant: string, id: string): Promise<Answer> =>
  (await call(merchant, 'GET', `/payment-invoices/${id}`)).body.data

async function setOptions(merchant: string, options: object): Promise<void> {
  const { sql } = world.ctx
  await sql`update accounts set options = (options::jsonb || ${sql.json(options as never)}::jsonb)::json where id = ${merchant}`
  forgetAccount(world.ctx, merchant)
}

const setTerms = (terms: Partial<ServiceTerms>): Promise<void> =>
  saveAccountServices(world.ctx, euros, ['payment_card_eur_hpp'], { ...freeTerms, ...terms })

const inEuros = { currency: 'EUR', service: 'payment_card_eur_hpp' }
const money = (attributes: Answer): unknown[] => [attributes.payment_amount, attributes.deposit, attributes.fee]
const processed = (a: Answer): unknown[] => [a.processed_amount, a.processed_deposit, a.processed_fee]

// rate in percent, fix, min, max (major units), strategy, reverse, amount → what the payer pays, what the merchant gets, fee
const vectors = [
  ['3', 10n, 0n, 0n, 'internal', false, 100, [100, 87, 13]],
  ['3', 10n, 0n, 0n, 'internal', true, 100, [113.41, 100, 13.41]],
  ['3', 10n, 0n, 0n, 'external', false, 100, [113, 100, 13]],
  ['3', 10n, 0n, 0n, 'external', true, 100, [100, 87.37, 12.63]],
  ['10', 10n, 20n, 0n, 'internal', false, 21, [21, 1, 20]],
  ['50', 100n, 0n, 100n, 'external', true, 100_000, [100_000, 99_900, 100]],
  ['3', 100n, 0n, 0n, 'internal', true, 100_000, [103_195.88, 100_000, 3195.88]],
] as const

for (const [fee_rate, fix, min, max, fee_strategy, reverse_fee, amount, expected] of vectors) {
  test(`a fee of ${fee_rate} % + ${fix}, ${fee_strategy}${reverse_fee ? ', reversed' : ''}, of ${amount}`, async () => {
    await setOptions(euros, { fee_strategy, reverse_fee })
    await setTerms({ fee_rate, fee_fix_minor: fix * 100n, fee_min_minor: min * 100n, fee_max_minor: max * 100n })
    const { attributes } = await pay(euros, { ...inEuros, amount })
    assert.deepEqual(money(attributes), expected)
    assert.deepEqual(processed(attributes), expected, 'paid in full')
  })
}

test('a fee larger than the amount is refused, one that takes all of it is not', async () => {
  await setOptions(euros, { fee_strategy: 'internal', reverse_fee: false })
  await setTerms({ fee_fix_minor: 500n })
  const refused = await call(euros, 'POST', '/payment-invoices', { ...inEuros, amount: 4.99, test_mode: true })
  assert.deepEqual(refused, { status: 422, body: { errors: { amount: 'This value does not cover the fee.' } } })
  assert.deepEqual(money((await create(euros, { ...inEuros, amount: 5 })).attributes), [5, 0, 5])
})

test('a verification costs nothing, whatever the terms', async () => {
  await setTerms({ fee_fix_minor: 500n })
  const { attributes } = await create(euros, { ...inEuros, amount: 1, flow: 'verify' } as Wish)
  assert.deepEqual(money(attributes), [1, 0, 0])
})

test('a payer in another currency: amounts rounded up in it, the merchant gets its own to the cent', async () => {
  const { attributes } = await pay(hryvnias, { amount: 1000, currency: 'UAH', service: 'payment_card_usd_hpp' })
  assert.deepEqual(money(attributes), [1025, 1000, 25])
  assert.deepEqual(
    [attributes.service_currency, attributes.exchange_rate, attributes.service_amount],
    ['USD', 0.024096385542, 24.1],
  )
  assert.equal(attributes.payment_service_amount, 24.7)
  assert.deepEqual(processed(attributes), [1025, 1000, 25])
})

test('bounds of a fee hold in the currency of the invoice, without a rate there is no payment', async () => {
  const fee = async (amount: string, currency: string, service: string): Promise<unknown> =>
    (await create(hryvnias, { amount, currency, service })).attributes.fee
  assert.equal(await fee('10', 'UAH', 'payment_card_uah_hpp'), 1, 'at least')
  assert.equal(await fee('30000', 'UAH', 'payment_card_uah_hpp'), 500, 'at most')
  assert.equal(await fee('0.01', 'EUR', 'payment_card_eur_hpp'), 0.03, 'one hryvnia in euros, rounded up')
  const refused = await call(hryvnias, 'POST', '/payment-invoices', {
    amount: 100,
    currency: 'JPY',
    service: 'payment_card_usd_hpp',
    test_mode: true,
  })
  assert.deepEqual(refused, {
    status: 422,
    body: { errors: { currency: 'There is no exchange rate for this service.' } },
  })
})

test('limits of a service are held against what the payer pays, in its currency', async () => {
  const wish = { amount: 900_000_000, currency: 'UAH', service: 'payment_card_usd_hpp', test_mode: true }
  assert.deepEqual((await call(hryvnias, 'POST', '/payment-invoices', wish)).body, {
    errors: { amount: 'This value should be less than or equal to 1000000.' },
  })
})

const balances = async (): Promise<Answer> =>
  (await call(euros, 'GET', '/account/balances')).body.data.attributes.currency_accounts.EUR

/** Reads until `settled` says so; entries are folded into balances a moment after the commit. */
async function reach<T>(look: () => Promise<T>, settled: (seen: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 500; tries += 1) {
    const seen = await look()
    if (settled(seen)) return seen
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`still ${JSON.stringify(await look())}`)
}

test('a reserve is kept back, and released when its time is over', async () => {
  await setTerms({ reserve_rate: '10', reserve_lifetime_minutes: 60 })
  const wish = { ...inEuros, amount: 111, test_mode: false }
  const { id, attributes } = await pay(euros, wish)
  assert.deepEqual(
    [attributes.reserved_amount, attributes.processed_deposit, attributes.unreserved],
    [11.1, 99.9, false],
  )
  assert.equal(attributes.reserve_expires, attributes.processed + 3600)
  const held = await reach(balances, (b) => b.active_balance !== '0.00')
  assert.deepEqual([held.active_balance, held.reserved_balance], ['99.90', '11.10'])

  now = () => new Date(Date.now() + 3_601_000)
  const released = await reach(
    () => read(euros, id),
    (seen) => seen.attributes.unreserved === true,
  )
  now = () => new Date()
  assert.deepEqual([released.attributes.reserved_amount, released.attributes.processed_deposit], [11.1, 99.9])
  const free = await reach(balances, (b) => b.reserved_balance === '0.00')
  assert.equal(free.active_balance, '111.00')
})

test('a refund takes from the balance and gives its share of the fee back, to the cent over all parts', async () => {
  await setTerms({ fee_rate: '3', fee_fix_minor: 10n })
  const before = await balances()
  const { id, attributes } = await pay(euros, { ...inEuros, amount: 100, test_mode: false })
  assert.deepEqual(processed(attributes), [100, 96.9, 3.1])
  const refund = (reference_id: string, amount?: number): Promise<Answer> =>
    call(euros, 'POST', `/payment-invoices/${id}/refund`, { reference_id, amount })
  for (const [reference, amount, expected] of [
    ['a', 33.33, ['partially_refunded', 33.33, 1.03]],
    ['b', 33.33, ['partially_refunded', 66.66, 2.06]],
    ['c', undefined, ['refunded', 100, 3.1]],
  ] as const) {
    const { status, body } = await refund(reference, amount)
    assert.equal(status, 200, JSON.stringify(body))
    const { attributes } = body.data
    assert.deepEqual([attributes.status, attributes.refunded_amount, attributes.refunded_fee], expected)
  }
  await reach(balances, (b) => b.active_balance === before.active_balance && b.pending_balance === '0.00')
})

test('a live refund of more than the balance is refused', async () => {
  await setTerms({ reserve_rate: '100', reserve_lifetime_minutes: 60 })
  const { id } = await pay(euros, { ...inEuros, amount: 500, test_mode: false })
  const refused = await call(euros, 'POST', `/payment-invoices/${id}/refund`, { reference_id: 'too much' })
  assert.deepEqual(refused, { status: 422, body: { errors: { amount: 'The available balance is not sufficient.' } } })
})

test('afterwards the books are right', async () => {
  const wrong = (await verifyLedger(world.ctx.sql)).filter(({ culprits }) => culprits.length > 0)
  assert.deepEqual(wrong, [])
})
