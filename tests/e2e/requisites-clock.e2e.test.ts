/** The countdown of a transfer on devices whose clock is wrong: the server's time is what counts. Cascade API contract 14.3. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser } from '../browser.ts'
import { openPayer, type Payer, waitForView } from '../payer.ts'
import { openTransfers, type Transfers } from '../transfers.ts'

let world: Transfers
let browser: Browser
let payer: Payer
before(async () => {
  world = await openTransfers()
  browser = await openBrowser()
})
after(async () => {
  await browser.close()
  await world.close()
})
beforeEach(async () => {
  await world.reset()
  payer = await openPayer(browser)
})
afterEach(async () => {
  await payer.close()
  assert.deepEqual(payer.complaints, [], 'the browser complained')
})

const clock = async (): Promise<string> => payer.page.locator('.until .clock').innerText()

describe('the countdown', () => {
  it('of a device whose clocks stand still goes on by what the server says, and ends with it', async () => {
    await payer.page.addInitScript(`{
      const [since, date] = [performance.now(), Date.now()]
      performance.now = () => since
      Date.now = () => date
    }`)
    const { id, hpp_url } = await world.transfer()
    await payer.page.goto(hpp_url)
    await waitForView(payer.page, 'requisites-waiting')
    const first = await clock()
    await payer.page.locator('.until .clock', { hasNotText: first }).waitFor({ timeout: 60_000 })
    await world.endsIn(id, 0)
    await waitForView(payer.page, 'requisites-time_over')
  })

  it('of a device whose clock is put forward hides the details only until the server says that they are valid', async () => {
    const { page } = payer
    const { hpp_url } = await world.transfer()
    await page.goto(hpp_url)
    await waitForView(page, 'requisites-waiting')
    await page.evaluate(`{
      const now = Date.now.bind(Date)
      Date.now = () => now() + 3_600_000
      document.documentElement.dataset.forward = '1'
    }`)
    await page.locator('[data-over]').waitFor({ timeout: 60_000 })
    assert.equal(await page.locator('[data-live]').isVisible(), false)
    await page.locator('html:not([data-forward]) [data-live]').waitFor({ timeout: 60_000 })
    assert.equal(await page.locator('[data-over]').isVisible(), false)
    assert.match(await clock(), /^[12]\d:\d\d$/)
  })

  it('that ends without a connection leaves the page, and what it says', async () => {
    // A browser without a connection complains of every question it cannot ask.
    const away = await openPayer(browser)
    const { page, context } = away
    const { id, hpp_url } = await world.transfer()
    await page.goto(hpp_url)
    await waitForView(page, 'requisites-waiting')
    const place = page.url()
    await world.endsIn(id, 12)
    await page.reload()
    await context.setOffline(true)
    await page.locator('[data-over]').waitFor({ timeout: 60_000 })
    await page.waitForTimeout(3_000)
    assert.equal(page.url(), place)
    await page.getByText('Time is over, do not pay').waitFor()
    await context.setOffline(false)
    await waitForView(page, 'requisites-time_over')
    await away.close()
  })
})
