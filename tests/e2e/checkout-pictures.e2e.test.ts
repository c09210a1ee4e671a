/** Every page of the checkout, on a phone and a desktop, light and dark, in three languages: accessible, and kept as pictures. */
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContextOptions } from 'playwright-core'
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

      await page.goto(`${world.url}/hpp/?cpi=cpi_0000000000000000`)
      await keep('unknown')
      await page.goto(`${world.url}/hpp/?public_key=${world.account.test_public_key}&amount=abc&currency=USD`)
      await keep('invalid')
      await payer.close()
    })
  })
}
