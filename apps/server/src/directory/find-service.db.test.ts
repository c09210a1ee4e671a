import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createAccount } from '../accounts/create-account.ts'
import { currencies, exponentOf } from './currencies.ts'
import { exchangeRate, saveExchangeRates } from './exchange-rate.ts'
import { findService, isUsable, listServices } from './find-service.ts'
import { loadStarterDirectory } from './load-starter.ts'
import { freeTerms, saveAccountServices } from './save-account-services.ts'

let t: TestContext
let account_id: string
before(async () => {
  t = await testContext()
  await loadStarterDirectory(t.ctx)
  account_id = (await createAccount(t.ctx, { name: 'Shop', base_currency: 'GBP', currencies: ['GBP', 'USD'] })).account
    .id
})
after(() => t.close())

test('currencies have the decimals of ISO 4217 and of the contract', async () => {
  const expected = { USD: 2, EUR: 2, UAH: 2, XTS: 2, JPY: 0, KWD: 3, BTC: 8, CLF: 4, ISK: 0, UGX: 0, TND: 3, USDT: 6 }
  for (const [code, exponent] of Object.entries(expected)) assert.equal(await exponentOf(t.ctx, code), exponent, code)
  assert.equal(await exponentOf(t.ctx, 'XXX'), null)
  assert.ok((await currencies(t.ctx)).size > 160)
})

test('loading the starter directory again changes nothing and keeps what was added', async () => {
  await t.ctx.sql`insert into payment_methods (code, category, name, logo, icon) values ('own', 'cash', '{}', '', '')`
  const count = async () =>
    (
      await t.ctx.sql`
    select (select count(*) from payment_methods) as methods, (select count(*) from payment_services) as services,
      (select count(*) from currencies) as currencies, (select count(*) from payout_services) as payouts`
    )[0]
  const before = await count()
  await loadStarterDirectory(t.ctx)
  assert.deepEqual(await count(), before)
})

test('a stored exponent survives another load', async () => {
  await t.ctx.sql`update currencies set exponent = 3, name = 'Wrong' where code = 'AFN'`
  await loadStarterDirectory(t.ctx)
  const [row] = await t.ctx.sql`select exponent, name from currencies where code = 'AFN'`
  assert.deepEqual([row?.exponent, row?.name], [3, 'Afghani'])
})

test('a service of the account carries the facts of the directory and its own terms', async () => {
  await saveAccountServices(
    t.ctx,
    account_id,
    ['test_usd_test'],
    {
      ...freeTerms,
      fee_rate: '3',
      fee_fix_minor: 10n,
      reserve_rate: '2.5',
      reserve_lifetime_minutes: 60,
    },
    [true],
  )
  const service = await findService(t.ctx, account_id, 'test_usd_test', true)
  assert.match(service?.id ?? '', /^comcps_[0-9A-Za-z]{16}$/)
  assert.equal(service?.method.code, 'test')
  assert.equal(service?.method.logo, '/payment_methods/test/logo.png')
  assert.deepEqual([service?.amount_min_minor, service?.amount_max_minor], [1n, 999_999_900n])
  assert.deepEqual([service?.fee_rate, service?.fee_fix_minor, service?.fee_currency], ['3', 10n, 'GBP'])
  assert.deepEqual([service?.reserve_rate, service?.reserve_lifetime_minutes], ['2.5', 60])
  assert.equal(service?.fields[0]?.regexp, '^[a-zA-Z_]*$')
  assert.equal(await findService(t.ctx, account_id, 'test_usd_test', false), null)
  assert.equal(await findService(t.ctx, account_id, 'no_such_service', true), null)
})

test('limits of the account replace those of the directory', async () => {
  await saveAccountServices(t.ctx, account_id, ['test_eur_test'], freeTerms, [true])
  await t.ctx.sql`
    update account_payment_services set amount_max_minor = 500 where account_id = ${account_id} and service = 'test_eur_test'`
  const service = await findService(t.ctx, account_id, 'test_eur_test', true)
  assert.deepEqual([service?.amount_min_minor, service?.amount_max_minor], [1n, 500n])
})

test('saving again keeps the id and changes the terms at once', async () => {
  await saveAccountServices(t.ctx, account_id, ['paypal_usd_hpp'])
  const first = await findService(t.ctx, account_id, 'paypal_usd_hpp', false)
  assert.equal(first?.fee_rate, '0')
  await saveAccountServices(t.ctx, account_id, ['paypal_usd_hpp'], { ...freeTerms, fee_rate: '1.25', active: false })
  const second = await findService(t.ctx, account_id, 'paypal_usd_hpp', false)
  assert.deepEqual([second?.id, second?.fee_rate, second?.active], [first?.id, '1.25', false])
})

test('services are listed in the order they were added, in one mode or in both', async () => {
  const { account } = await createAccount(t.ctx, { name: 'Order', base_currency: 'USD' })
  await saveAccountServices(t.ctx, account.id, ['test_xts_test', 'applepay_usd_hpp', 'blik_pln_hpp'])
  const all = await listServices(t.ctx, account.id)
  const codes = ['test_xts_test', 'applepay_usd_hpp', 'blik_pln_hpp']
  assert.deepEqual(
    all.map((service) => service.service),
    [...codes, ...codes],
  )
  assert.deepEqual(
    (await listServices(t.ctx, account.id, false)).map((service) => service.service),
    codes,
  )
})

test('usable = available, enabled and active', async () => {
  const service = await findService(t.ctx, account_id, 'test_usd_test', true)
  assert.ok(service)
  for (const available of [true, false])
    for (const enabled of [true, false])
      for (const active of [true, false])
        assert.equal(isUsable({ ...service, available, enabled, active }), available && enabled && active)
})

test('a rate is exact text; the opposite pair is turned round; the same currency is 1; no rate is null', async () => {
  await saveExchangeRates(t.ctx, account_id, [
    { from: 'USD', to: 'UAH', rate: '41.500000' },
    { from: 'BTC', to: 'USD', rate: '64000' },
    { from: 'KZT', to: 'BTC', rate: '0.000000000001' },
  ])
  assert.equal(await exchangeRate(t.ctx, account_id, 'USD', 'UAH'), '41.5')
  assert.equal(await exchangeRate(t.ctx, account_id, 'USD', 'BTC'), '0.000015625')
  assert.equal(await exchangeRate(t.ctx, account_id, 'BTC', 'KZT'), '1000000000000')
  assert.equal(await exchangeRate(t.ctx, account_id, 'USD', 'USD'), '1')
  assert.equal(await exchangeRate(t.ctx, account_id, 'USD', 'EUR'), null)
  await saveExchangeRates(t.ctx, account_id, [{ from: 'USD', to: 'UAH', rate: '42' }])
  assert.equal(await exchangeRate(t.ctx, account_id, 'USD', 'UAH'), '42')
})
