/** A payer with the page of one transfer open twice: what one tab did, the other is told. Cascade API contract 7.4, 14.3. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from '../browser.ts'
import { assertAccessible, openPayer, type Payer, takePicture, waitForView } from '../payer.ts'
import { openTransfers, pdf, type Transfers } from '../transfers.ts'

let world: Transfers
let browser: Browser
let payer: Payer
let page: Page
let old: Payer
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
  // A tab that is not told by itself what the other one does.
  old = await openPayer(browser, { javaScriptEnabled: false })
})
afterEach(async () => {
  await payer.close()
  await old.close()
  assert.deepEqual(payer.complaints, [], 'the browser complained')
})

/** The same requisites in both tabs. */
async function shownTwice(): Promise<string> {
  const { id, hpp_url } = await world.transfer()
  await page.goto(hpp_url)
  await waitForView(page, 'requisites-waiting')
  await old.page.goto(page.url())
  await waitForView(old.page, 'requisites-waiting')
  return id
}

async function press(on: Page, act: 'paid' | 'other' | 'cancel'): Promise<void> {
  const form = on.locator(`[action*="/requisites/${act}"]`)
  if (act !== 'paid') await on.locator('details.cancel', { has: form }).locator('summary').click()
  await form.locator('button').click()
}

const attemptsOf = (id: string) => world.ctx.sql<{ attempt_id: string; state: string; claimed: boolean }[]>`
  select attempt_id, state, claimed_at is not null as claimed from provider_payments
  where payment_id = ${id} order by attempt_number`

describe('"I have paid" to details that another tab has replaced', () => {
  it('touches neither set, says so, and leads to an appeal about the ones that were paid', async () => {
    const id = await shownTwice()
    await press(page, 'other')
    await page.locator('body[data-view="requisites-waiting"]:not([data-mark*="-1-"])').waitFor()
    await press(old.page, 'paid')
    await waitForView(old.page, 'requisites-waiting')
    await old.page.getByText('The earlier details are no longer valid').waitFor()
    const rows = await attemptsOf(id)
    assert.deepEqual(
      rows.map(({ state, claimed }) => [state, claimed]),
      [
        ['cancelled', false],
        ['issued', false],
      ],
    )
    await old.page.reload()
    await old.page.getByText('The earlier details are no longer valid').waitFor()

    await page.goto(old.page.url())
    await page.locator('.notice').waitFor()
    assert.equal(await page.evaluate("document.activeElement?.classList.contains('notice')"), true)
    await assertAccessible(page, 'a claim that came too late')
    await takePicture(page, 'phone-requisites-late-claim')
    await page.locator('.notice a').click()
    await waitForView(page, 'appeal')
    await page.locator('#reason-not_credited').check()
    await page.locator('button.primary').click()
    await page.getByText('Please attach the receipt').first().waitFor()
    await page.locator('#receipt').setInputFiles({ name: 'receipt.pdf', mimeType: 'application/pdf', buffer: pdf })
    await page.locator('button.primary').click()
    await page.getByText('Your transfer is being looked for').first().waitFor()
    const [appeal] = await world.appeals(id)
    assert.deepEqual([appeal?.attempt_id, appeal?.reason], [rows[0]?.attempt_id, 'not_credited'])
  })
})

describe('a transfer to the first of several details', () => {
  it('when nobody has others, and when all are over, is told of with the ones that were paid', async () => {
    const id = await shownTwice()
    await press(page, 'other')
    await page.locator('body[data-view="requisites-waiting"]:not([data-mark*="-1-"])').waitFor()
    world.refuse(1)
    await press(page, 'other')
    await waitForView(page, 'requisites-none_found')
    await page.locator('a[href*="/hpp/appeal"]').click()
    await waitForView(page, 'appeal')
    const choice = page.locator('input[name="set"]')
    assert.equal(await choice.count(), 2)
    assert.equal(await choice.nth(1).isChecked(), true)
    await assertAccessible(page, 'the choice of details')
    await choice.first().check()
    await page.locator('button.primary').click()
    await page.getByText('Please attach the receipt').first().waitFor()
    assert.equal(await choice.first().isChecked(), true)
    await takePicture(page, 'phone-appeal-which')
    await page.locator('#receipt').setInputFiles({ name: 'receipt.pdf', mimeType: 'application/pdf', buffer: pdf })
    await page.locator('button.primary').click()
    await page.getByText('Your transfer is being looked for').first().waitFor()
    const [first] = await attemptsOf(id)
    const [appeal] = await world.appeals(id)
    assert.deepEqual(
      [appeal?.attempt_id, appeal?.reason, appeal?.amount_minor],
      [first?.attempt_id, 'not_credited', 390_000n],
    )
  })
})

describe('other details, or giving up, after "I have paid" in another tab', () => {
  for (const act of ['other', 'cancel'] as const) {
    it(`${act}: the claim stands, and the page says why nothing was given up`, async () => {
      const id = await shownTwice()
      await press(page, 'paid')
      await waitForView(page, 'requisites-claimed')
      await press(old.page, act)
      await waitForView(old.page, 'requisites-claimed')
      await old.page.getByText('You have said that the transfer is on its way').waitFor()
      assert.equal(await page.getByText('You have said that the transfer is on its way').count(), 0)
      assert.deepEqual(
        (await attemptsOf(id)).map(({ state, claimed }) => [state, claimed]),
        [['issued', true]],
      )
      assert.equal((await world.payment(id)).status, 'process_pending')
    })
  }

  it('pressed together over HTTP, round after round: either the claim stands or the details are gone, and both are told', async () => {
    for (let round = 0; round < 6; round += 1) {
      const id = await shownTwice()
      const post = async (act: string): Promise<string> => {
        const form = { method: 'POST', body: new URLSearchParams({ mark: '1' }), redirect: 'manual' } as const
        const answer = await fetch(`${world.url}/hpp/requisites/${act}?cpi=${id}`, form)
        assert.equal(answer.status, 303)
        return answer.headers.get('location') ?? ''
      }
      const acts = round % 2 === 0 ? ['paid', 'other'] : ['other', 'paid']
      const places = await Promise.all(acts.map(post))
      const [first] = await attemptsOf(id)
      const stands = first?.state === 'issued'
      assert.deepEqual([first?.state, first?.claimed], stands ? ['issued', true] : ['cancelled', false])
      assert.deepEqual(
        [places.some((place) => place.includes('late=1')), places.some((place) => place.includes('kept=1'))],
        [!stands, stands],
      )
    }
  })
})
