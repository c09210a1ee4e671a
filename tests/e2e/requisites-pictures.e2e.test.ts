/** Every page of a payment by requisites, on a phone and a desktop, light and dark, in three languages: accessible, and kept as pictures. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { openBrowser } from '../browser.ts'
import { assertAccessible, openPayer, takePicture, waitForView } from '../payer.ts'
import { openTransfers, pdf, type Transfers } from '../transfers.ts'

let world: Transfers
let browser: Browser
before(async () => {
  world = await openTransfers()
  browser = await openBrowser()
})
after(async () => {
  await browser.close()
  await world.close()
})

const looks: Record<string, BrowserContextOptions> = {
  'phone-small': { viewport: { width: 320, height: 568 } },
  'phone-dark-uk': { viewport: { width: 360, height: 740 }, colorScheme: 'dark', locale: 'uk-UA' },
  'desktop-ru': { viewport: { width: 1280, height: 860 }, locale: 'ru-RU' },
}
/** What a provider may send at most. */
const long = {
  bank: 'Публичное акционерное общество «Северо-Западный коммерческий банк развития промышленности и торговли»',
  owner: 'Константин Константинович Константинопольский-Задунайский'.repeat(3),
}

for (const [look, options] of Object.entries(looks)) {
  describe(`a payment by requisites, ${look}`, () => {
    it('shows every page well', async () => {
      await world.reset()
      const payer = await openPayer(browser, options)
      const { page } = payer
      const keep = async (name: string) => {
        await takePicture(page, `requisites-${look}-${name}`)
        const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        assert.ok((wide as number) <= 0, `${look} ${name} is ${wide} pixels too wide`)
        await assertAccessible(page, `${look} ${name}`)
      }
      const description = 'Круиз по Волге, каюта на двоих'
      const first = await world.transfer({ description, return_url: 'https://shop.example/back' })
      await page.goto(first.hpp_url)
      await waitForView(page, 'requisites-waiting')
      await keep('waiting')
      for (const summary of await page.locator('details.cancel summary').all()) await summary.click()
      await keep('asking')
      await page.locator('[data-live] > form button.primary').click()
      await waitForView(page, 'requisites-claimed')
      await page.locator('.more summary').click()
      await keep('claimed')
      await world.pay(first.id)
      await waitForView(page, 'paid')
      await keep('paid')

      const sbp = await world.transfer({ service: 'sbp_rub_invoice', amount: 125_430.5, reference_id: `A-${look}` })
      await page.goto(sbp.hpp_url)
      await waitForView(page, 'requisites-waiting')
      await world.rename(sbp.id, long)
      await page.reload()
      await keep('long-names')
      await world.endsIn(sbp.id, 0)
      await waitForView(page, 'requisites-time_over')
      await keep('time-over')
      await world.finish(sbp.id)
      await waitForView(page, 'requisites-over')
      await keep('over')
      await page.goto(`${world.url}/hpp/appeal?cpi=${sbp.id}`)
      await keep('appeal')
      await page.locator('#reason-wrong_amount').check()
      await page.locator('button.primary').click()
      await keep('appeal-wrong')
      await page.locator('#reason-not_credited').check()
      await page.locator('#receipt').setInputFiles({ name: 'receipt.pdf', mimeType: 'application/pdf', buffer: pdf })
      await page.locator('button.primary').click()
      await page.locator('body[data-view^="appeal-"]').waitFor()
      await keep('appeal-open')
      await world.reject(sbp.id, 10_000_000n)
      await page.reload()
      await keep('appeal-rejected')

      const account = await world.transfer({ service: 'bank_transfer_rub_invoice' })
      await page.goto(account.hpp_url)
      await waitForView(page, 'requisites-waiting')
      await keep('account')
      await page.locator('details.cancel').last().locator('summary').click()
      await page.locator('details.cancel').last().locator('button').click()
      await waitForView(page, 'cancelled')
      await keep('cancelled')

      world.refuse(1)
      const none = await world.transfer()
      await page.goto(none.hpp_url)
      await waitForView(page, 'requisites-none_found')
      await keep('none-found')
      assert.deepEqual(payer.complaints, [])
      await payer.close()
    })
  })
}
