/** A payer who transfers to requisites, with a browser, against simulated desks of traders. Cascade API contract 14.3, B18. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from '../browser.ts'
import { assertAccessible, openPayer, type Payer, takePicture, viewOf, waitForView } from '../payer.ts'
import { openTransfers, pdf, type Transfers } from '../transfers.ts'

let world: Transfers
let browser: Browser
let payer: Payer
let page: Page
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
  page = payer.page
})
afterEach(async () => {
  await payer.close()
  assert.deepEqual(payer.complaints, [], 'the browser complained')
})

const numberOn = async (on: Page): Promise<string | null> => on.locator('[data-copy]').nth(1).getAttribute('data-copy')

const markOn = (on: Page): Promise<string | null> => on.locator('body').getAttribute('data-mark')

/** Others than those with this mark; a desk may well name the same card again. */
async function othersOn(on: Page, mark: string | null): Promise<void> {
  await on.locator(`body[data-view="requisites-waiting"]:not([data-mark="${mark}"])`).waitFor()
}

async function askForOther(on: Page): Promise<void> {
  await on.locator('details.cancel').first().locator('summary').click()
  await on.locator('[action*="/requisites/other"] button').click()
}

/** A payment whose requisites the payer sees. */
async function shown(on: Page = page, wish: Record<string, unknown> = {}) {
  const payment = await world.transfer(wish)
  await on.goto(payment.hpp_url)
  await waitForView(on, 'requisites-waiting')
  return payment
}

describe('a payer transfers', () => {
  it('sees one set of requisites in every tab, however often the page is opened, and has paid', async () => {
    const { id } = await shown()
    const [order] = await world.orders(id)
    assert.ok(order)
    assert.equal(await numberOn(page), order.number.replace(/\D/g, ''))
    assert.ok((await page.locator('.requisites').innerText()).includes(order.owner))
    await page.reload()
    const other = await openPayer(browser)
    await other.page.goto(page.url())
    assert.equal(await numberOn(other.page), await numberOn(page))
    assert.equal((await world.orders(id)).length, 1)

    await page.locator('button.primary').click()
    await waitForView(page, 'requisites-claimed')
    await waitForView(other.page, 'requisites-claimed')
    assert.equal(await other.page.locator('.button.primary').count(), 0)
    await world.pay(id)
    await waitForView(page, 'paid')
    await waitForView(other.page, 'paid')
    assert.equal((await world.payment(id)).status, 'processed')
    await other.close()
  })

  it('copies amount and number, without anything between', async () => {
    await payer.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const { id } = await shown(page, { amount: 3900.5 })
    const copied = async (nth: number) => {
      await page.locator('[data-copy]').nth(nth).click()
      await page.locator('[data-copied]:not(:empty)').waitFor({ state: 'attached' })
      return page.evaluate('navigator.clipboard.readText()')
    }
    assert.equal(await copied(0), '3900.50')
    assert.equal(await copied(1), (await world.orders(id))[0]?.number.replace(/\D/g, ''))
  })

  it('has sent nothing and gets other requisites, three sets at most; an old form changes nothing', async () => {
    const { id } = await shown()
    const old = await openPayer(browser, { javaScriptEnabled: false })
    await old.page.goto(page.url())
    const mark = await markOn(page)
    await askForOther(page)
    await othersOn(page, mark)
    assert.equal((await world.orders(id)).length, 2)
    assert.equal(await numberOn(page), (await world.orders(id)).at(-1)?.number.replace(/\D/g, ''))
    await old.page.locator('button.primary').click()
    assert.equal(await viewOf(old.page), 'requisites-waiting')
    assert.equal(await markOn(old.page), await markOn(page))
    await old.close()
    const second = await markOn(page)
    await askForOther(page)
    await othersOn(page, second)
    assert.equal((await world.orders(id)).length, 3)
    assert.equal(await page.locator('[action*="/requisites/other"]').count(), 0)
  })

  it('has sent nothing, and nobody has others', async () => {
    await shown()
    world.refuse(1)
    await askForOther(page)
    await page.getByText('No payment details at the moment').waitFor()
    assert.equal(await page.locator('a[href*="/hpp/methods"]').count(), 0, 'what was shown may have been paid')
    assert.equal(await page.locator('a[href*="/hpp/appeal"]').count(), 1)
    await takePicture(page, 'phone-requisites-no-others')
  })

  it('clicks twice for other requisites and gets one set', async () => {
    const { id } = await shown()
    const form = page.locator('[action*="/requisites/other"]')
    const action = await form.getAttribute('action')
    const mark = await form.locator('[name="mark"]').inputValue()
    const post = () =>
      fetch(world.url + action, { method: 'POST', body: new URLSearchParams({ mark }), redirect: 'manual' })
    await Promise.all([post(), post(), post()])
    await page.reload()
    await waitForView(page, 'requisites-waiting')
    assert.equal((await world.orders(id)).length, 2)
  })

  it('gives up, after having been asked', async () => {
    const { id } = await shown()
    await page.locator('details.cancel').last().locator('summary').click()
    await page.locator('details.cancel').last().locator('button').click()
    await waitForView(page, 'cancelled')
    await page.getByText('Please do not pay to these details any more').waitFor()
    assert.equal((await world.payment(id)).status, 'terminated')
    const [order] = await world.orders(id)
    assert.ok(!(await page.content()).includes(order?.number.slice(-9) ?? ''))
  })

  it('finds no requisites, tries again and gets some', async () => {
    world.refuse(1)
    const payment = await world.transfer()
    await page.goto(payment.hpp_url)
    await waitForView(page, 'requisites-none_found')
    assert.equal(await page.locator('a[href*="/hpp/methods"]').count(), 1)
    await page.locator('button.primary').click()
    await waitForView(page, 'requisites-waiting')
  })

  it('a form of another site does nothing', async () => {
    const { id } = await shown()
    const body = new URLSearchParams({ mark: 'x' })
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    for (const act of ['requisites/paid', 'requisites/other', 'requisites/cancel', 'appeal', 'appeal/contest']) {
      const answer = await fetch(`${world.url}/hpp/${act}?cpi=${id}`, { method: 'POST', headers, body })
      assert.equal(answer.status, 403, act)
    }
    await page.reload()
    assert.equal(await viewOf(page), 'requisites-waiting')
  })
})

describe('when the time is over', () => {
  it('the number goes by itself, also without a connection, and a transfer that was sent can be told of', async () => {
    const { id } = await shown()
    const number = (await world.orders(id))[0]?.number ?? ''
    // Long enough that a busy machine has shown the page before.
    await world.endsIn(id, 12)
    const away = await openPayer(browser)
    await away.page.goto(page.url())
    await away.context.setOffline(true)
    await away.page.locator('[data-over]').waitFor()
    assert.ok(!(await away.page.locator('main').innerText()).includes(number.slice(-4)))
    await away.close()
    await waitForView(page, 'requisites-time_over')
    assert.ok(!(await page.content()).includes(number.replace(/\D/g, '').slice(6, 12)))
    await page.locator('button.primary').click()
    await waitForView(page, 'requisites-claimed')
    await world.pay(id)
    await waitForView(page, 'paid')
  })

  it('nobody claimed and nothing came: who has paid complains with a receipt and is told when to expect an answer', async () => {
    const { id } = await shown()
    await world.finish(id)
    await waitForView(page, 'requisites-over')
    await page.locator('a[href*="/hpp/appeal"]').click()
    await waitForView(page, 'appeal')
    await assertAccessible(page, 'appeal form')
    await page.locator('button.primary').click()
    await page.getByText('Please attach the receipt').first().waitFor()
    await page.locator('#reason-wrong_amount').check()
    await page.locator('#amount').fill('nothing')
    await page
      .locator('#receipt')
      .setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('MZ') })
    await page.locator('button.primary').click()
    await page.locator('.alert').waitFor()
    assert.match(await page.locator('.alert').innerText(), /in digits/)
    await page.locator('#amount').fill('4 000,00')
    await page
      .locator('#receipt')
      .setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from('MZ') })
    await page.locator('button.primary').click()
    await page.getByText('This file cannot be used').first().waitFor()
    assert.equal(await page.locator('#amount').inputValue(), '4 000,00')
    await page.locator('#receipt').setInputFiles({ name: 'receipt.pdf', mimeType: 'application/pdf', buffer: pdf })
    await page.locator('#comment').fill('Я отправил больше <script>alert(1)</script>')
    await page.locator('button.primary').click()
    await page.getByText('Your transfer is being looked for').first().waitFor()
    await page.getByText('4,000.00').waitFor()
    const [appeal] = await world.appeals(id)
    assert.deepEqual([appeal?.reason, appeal?.amount_minor, appeal?.opened_side], ['wrong_amount', 400_000n, 'payer'])
    await takePicture(page, 'phone-appeal-open')
    await page.goto(`${world.url}/hpp/?cpi=${id}`)
    assert.equal(
      await page.locator('[action*="/requisites/other"]').count(),
      0,
      'who has paid is not asked to pay again',
    )
    await page.locator('a[href*="/hpp/appeal"]').click()
    await page.getByText('Your transfer is being looked for').first().waitFor()
    // Long after the end, when the payer has only the link.
    await world.ctx.sql`update payments set status = 'process_failed', resolution = 'expired', due_at = null,
      expires_at = now() - interval '2 days', updated_at = now() - interval '2 days' where id = ${id}`
    await page.goto(`${world.url}/hpp/?cpi=${id}`)
    await page.getByText('Your transfer is being looked for').first().waitFor()
  })

  it('a refused complaint can be objected to, once', async () => {
    const { id } = await shown()
    await world.finish(id)
    await waitForView(page, 'requisites-over')
    await page.goto(`${world.url}/hpp/appeal?cpi=${id}`)
    await page.locator('#reason-not_credited').check()
    await page.locator('#receipt').setInputFiles({ name: 'receipt.pdf', mimeType: 'application/pdf', buffer: pdf })
    await page.locator('button.primary').click()
    await page.getByText('Your transfer is being looked for').first().waitFor()
    await world.reject(id)
    await page.reload()
    await page.getByText('The transfer was not confirmed').waitFor()
    await assertAccessible(page, 'a refused complaint')
    await takePicture(page, 'phone-appeal-rejected')
    await page.locator('#comment').fill('Here is the number of the transfer')
    await page.locator('.contest button').click()
    await page.getByText('Your transfer is being looked for').waitFor()
    assert.equal((await world.appeals(id))[0]?.state, 'arbitration')
  })
})

describe('without JavaScript', () => {
  it('the payer waits, gets other requisites, has paid and is told', async () => {
    const plain = await openPayer(browser, { javaScriptEnabled: false, locale: 'ru-RU' })
    const { id } = await shown(plain.page)
    assert.equal(await plain.page.locator('[data-copy]:visible').count(), 0)
    assert.match(await plain.page.locator('.clock').innerText(), /^\d+:\d\d$/)
    const mark = await markOn(plain.page)
    await askForOther(plain.page)
    await othersOn(plain.page, mark)
    await plain.page.locator('button.primary').click()
    await waitForView(plain.page, 'requisites-claimed')
    await world.pay(id)
    await waitForView(plain.page, 'paid')
    await plain.close()
  })
})
