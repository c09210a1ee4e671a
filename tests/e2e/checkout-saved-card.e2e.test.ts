import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser } from '../browser.ts'
import {
  assertAccessible,
  cards,
  createPayment,
  fillCard,
  openPayer,
  readPayment,
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

test('a saved card asks for its security code only, and pays with it', async () => {
  const { page, close } = await openPayer(browser)
  const customer = { reference_id: 'anna' }
  const first = await createPayment(world, { customer, gateway_options: { cardgate: { tokenize: true } } })
  await page.goto(first.hpp_url)
  await fillCard(page, cards.approved)
  await submitCard(page)
  await waitForView(page, 'paid')
  const { token } = (await readPayment(world, first.id)).payload
  const second = await createPayment(world, { customer, token })
  await page.goto(second.hpp_url)
  assert.match((await page.locator('.saved-card').textContent()) ?? '', /Saved card\s+mastercard •••• 0000/)
  assert.equal(await page.locator('#card_number').count(), 0)
  await assertAccessible(page, 'saved card')
  await takePicture(page, 'phone-saved-card')
  await submitCard(page)
  await page.locator('#cvv-problem').waitFor()
  await page.locator('#cvv').fill('123')
  await submitCard(page)
  await waitForView(page, 'paid')
  await close()
})
