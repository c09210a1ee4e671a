/** Every page of the dashboard, wide and on a phone, light and dark, in three languages: accessible, and kept as pictures. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { type Desk, openDesk, provider, settled, takePicture } from '../dashboard.ts'
import { assertAccessible, openPayer } from '../payer.ts'

let desk: Desk
let pages: Readonly<Record<string, string>>
before(async () => {
  desk = await openDesk()
  const { ctx } = desk
  const paid = await desk.payment()
  await desk.pay(paid.attempt_id)
  await desk.payment('issue', { amount: 12_500.5 })
  await desk.payment('refuse:NO_REQUISITES')
  await desk.payment('refuse:AMOUNT_OUT_OF_RANGE', { amount: 5_000 })
  await desk.payment('e500:not_created', { amount: 5_100 })
  await desk.payment('missing:bank', { amount: 5_200 })
  const expired = await desk.payment('issue', { amount: 71_000 })
  await desk.expire(expired.attempt_id)
  const appeal = await desk.appeal(expired.id)
  // Long words and large numbers, as some desk will have them.
  const long = 'Aktiengesellschaft-fuer-besonders-lange-Banknamen-ohne-jede-Luecke und Soehne'
  await ctx.sql`update provider_payments set bank = ${long}, provider_reference = ${'x'.repeat(128)} where attempt_id = ${paid.attempt_id}`
  await ctx.sql`update provider_payments set amount_minor = 999999999999999, settlement_minor = 11695906432748538 where amount_minor = 1250050`
  await ctx.sql`update providers set name = ${`Volga Desk ${long}`}, low_balance_alert_minor = 9000000000 where id = ${provider.id}`
  await ctx.sql`
    insert into connection_skips (gateway_id, reason, hour, payments)
    values (${provider.test_gateway_id}, 'balance_insufficient', date_trunc('hour', now()), 41234),
      (${provider.test_gateway_id}, 'breaker_open', date_trunc('hour', now()), 7)`
  pages = {
    overview: '/?mode=test&window=1h&split=amount_band',
    'overview-days': '/?mode=test&window=custom&from=2026-03-01&to=2026-03-07',
    'overview-empty': '/',
    history: '/history?mode=test',
    'history-empty': '/history',
    'history-none': '/history?mode=test&amount=1&state=paid&id=none',
    payment: `/history/${paid.attempt_id}?mode=test`,
    'payment-appealed': `/history/${expired.attempt_id}?mode=test`,
    statement: '/balance?mode=test',
    'top-ups': '/balance/top-ups?mode=test',
    withdrawals: '/balance/withdrawals?mode=test',
    appeals: '/appeals?mode=test',
    'appeals-empty': '/appeals',
    appeal: `/appeals/${appeal.id}?mode=test`,
    skips: '/no-payments?mode=test',
    settings: '/settings?mode=test',
    console: '/console?mode=test',
    team: '/team',
    password: '/password',
  }
})
after(() => desk.close())

const some: Record<string, BrowserContextOptions> = {
  desktop: {},
  'phone-dark-uk': { viewport: { width: 360, height: 740 }, colorScheme: 'dark', locale: 'uk-UA' },
}
/** Each look costs all pages once more: these on demand, CASCAD_TEST_LOOKS=all. */
const others: Record<string, BrowserContextOptions> = {
  'desktop-dark-uk': { colorScheme: 'dark', locale: 'uk-UA' },
  'phone-ru': { viewport: { width: 360, height: 740 }, locale: 'ru-RU' },
  tablet: { viewport: { width: 912, height: 1100 } },
}
const looks = process.env.CASCAD_TEST_LOOKS === 'all' ? { ...some, ...others } : some

async function keep(page: Page, name: string): Promise<void> {
  await takePicture(page, name)
  const wide = (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number
  assert.ok(wide <= 0, `${name} is ${wide} pixels too wide`)
  await assertAccessible(page, name)
}

for (const [look, options] of Object.entries(looks)) {
  describe(`the dashboard, ${look}`, () => {
    it('shows every page well', async () => {
      const person = await desk.open('owner', '/', options)
      const { page } = person
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(`${desk.url}/dashboard${path}`)
        await settled(page)
        if (name === 'overview') await page.locator('.chart svg').first().waitFor()
        await keep(page, `${look}-${name}`)
      }
      await page.goto(`${desk.url}/dashboard/history/none`)
      await page.locator('.notice').waitFor()
      await keep(page, `${look}-not-there`)
      await page.goto(`${desk.url}/dashboard/nowhere`)
      await page.locator('h1').waitFor()
      await keep(page, `${look}-nowhere`)
      await person.close()
      assert.deepEqual(person.complaints, [])
    })

    it('shows what opens, waits and fails well', async () => {
      const person = await desk.open('owner', '/balance/top-ups?mode=test', options)
      const { page } = person
      await page.locator('header button').last().click()
      await page.locator('.person').waitFor()
      await keep(page, `${look}-menu`)
      await page.keyboard.press('Escape')
      await page.locator('#content form button[type="submit"]').click()
      await keep(page, `${look}-form-wrong`)
      if ((options.viewport?.width ?? 1280) < 896) {
        await page.locator('.header-burger').click()
        await page.locator('[role="dialog"] nav').waitFor()
        await keep(page, `${look}-navigation`)
        await page.keyboard.press('Escape')
      }
      await page.goto(`${desk.url}${`/dashboard${pages.appeal}`}`)
      await settled(page)
      await page.locator('#content .section .form-actions button').nth(1).click()
      await page.locator('#content .section form button[type="submit"]').first().click()
      await keep(page, `${look}-rejection`)
      await page.route('**/provider-api/payments*', () => {})
      await page.goto(`${desk.url}/dashboard/history?mode=test`)
      await page.locator('.waiting').waitFor()
      await keep(page, `${look}-waiting`)
      await page.unroute('**/provider-api/payments*')
      await page.goto(`${desk.url}/dashboard/history?mode=test`)
      await settled(page)
      if (await page.locator('.filters-fold').count()) await page.locator('.filters-fold summary').click()
      await page.locator('.filters button').first().click()
      await page.locator('.filters table').first().waitFor()
      await keep(page, `${look}-period`)
      await page.keyboard.press('Escape')
      await page.route('**/provider-api/payments*', (route) => route.fulfill({ status: 503, json: {} }))
      await page.goto(`${desk.url}/dashboard/history?mode=test`)
      await page.locator('.notice').waitFor()
      await keep(page, `${look}-failed`)
      await desk.ctx.sql`delete from auth_session`
      await page.unroute('**/provider-api/payments*')
      await page.locator('.notice button').click()
      await page.locator('[role="dialog"] input[type="password"]').waitFor()
      await keep(page, `${look}-signed-out`)
      await person.close()
      assert.deepEqual(
        person.complaints.filter((text) => !/status of 503/.test(text)),
        [],
      )
      const stranger = await openPayer(desk.browser, options)
      await stranger.page.goto(`${desk.url}/dashboard/history`)
      await stranger.page.locator('input[type="email"]').waitFor()
      await keep(stranger.page, `${look}-sign-in`)
      await stranger.close()
    })
  })
}
