/** Every page of the checkout, on a phone and a desktop, light and dark, in three languages: accessible, and kept as pictures. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { demoAccounts } from '../../apps/server/demo/accounts.ts'
import { demoKeys } from '../../apps/server/src/demo/demo-keys.ts'
import { openBrowser } from '../browser.ts'
import {
  assertAccessible,
  cards,
  createPayment,
  fillCard,
  openPayer,
  submitCard,
  takePicture,
  waitForView,
} from '../payer.ts'
import { startWorld, type World } from '../world.ts'

let world: World
let browser: Browser
before(async () => {
  world = await startWorld()
  browser = await openBrowser()
})
after(async () => {
  await browser.close()
  await world.close()
})

const looks: Record<string, BrowserContextOptions> = {
  phone: { viewport: { width: 360, height: 740 } },
  'phone-small': { viewport: { width: 320, height: 568 } },
  'phone-dark-uk': { viewport: { width: 360, height: 740 }, colorScheme: 'dark', locale: 'uk-UA' },
  desktop: { viewport: { width: 1280, height: 860 } },
  'desktop-dark-ru': { viewport: { width: 1280, height: 860 }, colorScheme: 'dark', locale: 'ru-RU' },
}

for (const [look, options] of Object.entries(looks)) {
  describe(`the checkout, ${look}`, () => {
    it('shows every page well', async () => {
      const payer = await openPayer(browser, options)
      const { page } = payer
      const keep = async (name: string) => {
        await takePicture(page, `${look}-${name}`)
        const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        assert.ok((wide as number) <= 0, `${look} ${name} is ${wide} pixels too wide`)
        await assertAccessible(page, `${look} ${name}`)
      }
      const entry = `${world.url}/hpp/?public_key=${world.account.test_public_key}&amount=1234.5&currency=USD&description=Two%20nights%20at%20the%20lake`
      await page.goto(entry)
      await keep('methods')
      await page.locator('#q').fill('zzz')
      await keep('methods-none')
      await page.goto(`${entry}&service=test_usd_test`)
      await page.locator('form button.primary').click()
      await keep('fields-wrong')

      const { id, hpp_url } = await createPayment(world, {
        amount: 89.9,
        description: 'Зимова куртка, розмір L — Winter jacket, size L',
      })
      await page.goto(hpp_url)
      await keep('card')
      await submitCard(page)
      await keep('card-wrong')
      await fillCard(page, cards.declined, '0529')
      await submitCard(page)
      await waitForView(page, 'retry')
      await keep('retry')
      await page.locator('a.button.primary').click()
      await keep('card-again')
      await page.goto(`${world.url}/hpp/?cpi=${id}`)
      await page.locator('a.button.primary').click()
      await fillCard(page, cards.approved)
      await submitCard(page)
      await waitForView(page, 'paid')
      await keep('paid')

      const cancelled = await createPayment(world, { return_url: 'https://shop.example/back' })
      await page.goto(cancelled.hpp_url)
      await page.locator('.cancel summary').click()
      await keep('cancel')
      await page.locator('.cancel button').click()
      await waitForView(page, 'cancelled')
      await keep('cancelled')

      const waiting = await createPayment(world)
      await page.goto(waiting.hpp_url)
      await fillCard(page, cards.approved, '0777')
      await submitCard(page)
      await waitForView(page, 'waiting')
      await keep('waiting')

      const challenged = await createPayment(world)
      await page.goto(challenged.hpp_url)
      await fillCard(page, cards.three_ds)
      await submitCard(page)
      await page.locator('[name="choice"][value="confirm"]').waitFor()
      await page.goBack()
      await page.goto(`${world.url}/hpp/?cpi=${challenged.id}`)
      await keep('confirm')

      const invoice = await createPayment(world, { service: 'test_usd_invoice' })
      await page.goto(`${world.url}/hpp/?cpi=${invoice.id}`)
      await waitForView(page, 'details')
      await keep('details')

      const late = await createPayment(world)
      await world.ctx.sql`update payments set expires_at = now(), due_at = now() where id = ${late.id}`
      await page.goto(`${world.url}/hpp/?cpi=${late.id}`)
      await keep('time-over')

      for (const [name, account, query] of [
        [
          'long-name',
          demoAccounts[1],
          `amount=99999999.99&currency=EUR&description=${'Winter%20sports%20equipment%2C%20'.repeat(12)}`,
        ],
        [
          'fees',
          demoAccounts[2],
          'amount=450&currency=UAH&description=%D0%9A%D0%BD%D0%B8%D0%B6%D0%BA%D0%B0&expires=' +
            (Math.floor(Date.now() / 1000) + 90_000),
        ],
        ['empty', demoAccounts[0], 'amount=999999999&currency=USD'],
      ] as const) {
        assert.ok(account)
        const { test } = demoKeys(world.ctx, account)
        await page.goto(`${world.url}/hpp/?public_key=${test.public_key}&${query}`)
        await keep(name)
      }

      await page.goto(`${world.url}/hpp/?cpi=cpi_0000000000000000`)
      await keep('unknown')
      await page.goto(`${world.url}/hpp/?public_key=${world.account.test_public_key}&amount=abc&currency=USD`)
      await keep('invalid')
      await payer.close()
    })
  })
}
