/** Whole payments by a payer with a browser. */
import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser } from '../browser.ts'
import {
  cards,
  chargesOf,
  createPayment,
  fillCard,
  openPayer,
  type Payer,
  readPayment,
  submitCard,
  takePicture,
  waitForView,
} from '../payer.ts'
import { startWorld, type World } from '../world.ts'

let world: World
let browser: Browser
let payer: Payer
before(async () => {
  world = await startWorld()
  browser = await openBrowser()
})
after(async () => {
  await browser.close()
  await world.close()
})
beforeEach(async () => {
  world.simulators.control.reset()
  payer = await openPayer(browser)
})
afterEach(async () => {
  await payer.close()
  assert.deepEqual(payer.complaints, [], 'the browser complained')
})

/** What the payer is out of pocket for, over all gateways. */
function taken(payment_id: string): string[] {
  return chargesOf(world, payment_id)
    .filter(({ net_amount }) => net_amount !== '0')
    .map(({ net_amount }) => net_amount)
}

describe('a payer pays by card', () => {
  it('when the first acquirer declines, the second approves, and the payer sees one success', async () => {
    world.simulators.control.setScript('first', { answer: 'decline', code: '05' })
    const { page } = payer
    const { id, hpp_url } = await createPayment(world)
    await page.goto(hpp_url)
    await fillCard(page, cards.approved)
    assert.equal(await page.locator('#brand').textContent(), 'Mastercard')
    assert.equal(await page.locator('#card_number').inputValue(), '5519 2838 1203 0000')
    assert.equal(await page.locator('#expiry').inputValue(), '12/28')
    await submitCard(page)
    await waitForView(page, 'paid')
    assert.equal((await readPayment(world, id)).status, 'processed')
    assert.deepEqual(
      chargesOf(world, id).map(({ terminal, status }) => [terminal, status]),
      [
        ['first', 'declined'],
        ['second', 'approved'],
      ],
    )
    assert.deepEqual(taken(id), ['10000'])
  })

  it('is told while another bank is tried, and the page moves on by itself', async () => {
    world.simulators.control.setScript('first', { answer: 'decline', code: '05' })
    world.simulators.control.setScript('second', { delay_ms: 2500 })
    const { page } = payer
    const { hpp_url } = await createPayment(world)
    await page.goto(hpp_url)
    await fillCard(page, cards.approved)
    await submitCard(page)
    await waitForView(page, 'waiting')
    await page.getByText('Trying another bank').waitFor()
    await takePicture(page, 'phone-another-bank')
    await waitForView(page, 'paid')
  })

  it('is told not to pay again while the result is unknown', async () => {
    world.simulators.control.setScript('first', { answer: 'timeout_after', lookups: 'error', notifications: 'none' })
    const { page } = payer
    const { hpp_url } = await createPayment(world)
    await page.goto(hpp_url)
    await fillCard(page, cards.approved)
    await submitCard(page)
    await waitForView(page, 'waiting')
    await page.getByText('Please do not pay again').waitFor()
    await takePicture(page, 'phone-asking')
    world.simulators.control.setScript('first', { lookups: 'normal' })
    await waitForView(page, 'paid')
  })

  it('confirms with the bank and has paid', async () => {
    const { page } = payer
    const { id, hpp_url } = await createPayment(world)
    await page.goto(hpp_url)
    await fillCard(page, cards.three_ds)
    await submitCard(page)
    await page.locator('[name="choice"][value="confirm"]').click()
    await waitForView(page, 'paid')
    assert.deepEqual(taken(id), ['10000'])
  })

  it('refuses at the bank: the payment fails and no other bank is asked', async () => {
    const { page } = payer
    const { id, hpp_url } = await createPayment(world)
    await page.goto(hpp_url)
    await fillCard(page, cards.three_ds)
    await submitCard(page)
    await page.locator('[name="choice"][value="decline"]').click()
    await page.getByText('could not confirm that it was you').waitFor()
    assert.equal((await readPayment(world, id)).resolution, 'invalid_3ds_code')
    assert.equal(chargesOf(world, id).length, 1)
    assert.deepEqual(taken(id), [])
  })

  it('goes back from the bank without an answer and is not sent forward again by itself', async () => {
    const { page } = payer
    const { id, hpp_url } = await createPayment(world)
    await page.goto(hpp_url)
    await fillCard(page, cards.three_ds)
    await submitCard(page)
    await page.locator('[name="choice"]').first().waitFor()
    await page.goto(`${world.url}/hpp/?cpi=${id}`)
    await waitForView(page, 'confirm')
    await page.locator('form button.primary').click()
    await page.locator('[name="choice"][value="confirm"]').click()
    await waitForView(page, 'paid')
  })

  it('after a decline pays with another card', async () => {
    const { page } = payer
    const { id, hpp_url } = await createPayment(world)
    await page.goto(hpp_url)
    await fillCard(page, cards.declined, '0529')
    await submitCard(page)
    await waitForView(page, 'retry')
    await page.getByText('There is not enough money on the card').waitFor()
    await page.locator('a.button.primary').click()
    await fillCard(page, cards.approved)
    await submitCard(page)
    await waitForView(page, 'paid')
    assert.deepEqual(taken(id), ['10000'])
  })

  it('after a decline pays in another way', async () => {
    const { page } = payer
    const { id, hpp_url } = await createPayment(world)
    await page.goto(hpp_url)
    await fillCard(page, cards.declined, '0529')
    await submitCard(page)
    await waitForView(page, 'retry')
    await page.getByText('Choose another method').click()
    await waitForView(page, 'methods')
    await page.getByRole('button', { name: 'PayPal' }).click()
    await page.locator('[name="choice"][value="pay"]').click()
    await waitForView(page, 'paid')
    assert.equal((await readPayment(world, id)).service_currency, 'USD')
    assert.deepEqual(taken(id), ['10000'])
  })

  it('and returns to the shop, with what the shop asked to be told', async () => {
    const { page } = payer
    const { id, hpp_url } = await createPayment(world, {
      reference_id: 'order-77',
      return_url: `${world.url}/health/live?from=shop`,
      options: { send_operation_context_on_return: true },
    })
    await page.goto(hpp_url)
    await fillCard(page, cards.approved)
    await submitCard(page)
    await waitForView(page, 'paid')
    await page.getByText('Return to the shop').click()
    await page.waitForURL(/health\/live/)
    const query = new URL(page.url()).searchParams
    assert.deepEqual(Object.fromEntries(query), {
      from: 'shop',
      id,
      serial_number: id.slice(4),
      reference_id: 'order-77',
      amount: '100',
      currency: 'USD',
      status: 'processed',
    })
  })

  it('without a status page goes straight back to the shop', async () => {
    const { page } = payer
    const { hpp_url } = await createPayment(world, {
      return_url: `${world.url}/health/live?from=shop`,
      options: { bypass_hpp: true },
    })
    await page.goto(hpp_url)
    await fillCard(page, cards.approved)
    await submitCard(page)
    await page.waitForURL(/health\/live\?from=shop/)
  })
})

describe('a payer pays in other ways', () => {
  const entry = () => `${world.url}/hpp/?public_key=${world.account.test_public_key}&amount=55&currency=USD`

  it('at the page of a provider', async () => {
    const { page } = payer
    await page.goto(`${entry()}&reference_id=shop-1`)
    await page.getByRole('button', { name: 'PayPal' }).click()
    await page.locator('[name="choice"][value="pay"]').click()
    await waitForView(page, 'paid')
    await page.getByText('55.00 USD').waitFor()
  })

  it('gives up at the page of a provider', async () => {
    const { page } = payer
    await page.goto(entry())
    await page.getByRole('button', { name: 'PayPal' }).click()
    await page.locator('[name="choice"][value="cancel"]').click()
    await waitForView(page, 'failed')
  })

  it('fills in what a service asks, after being told what is wrong', async () => {
    const { page } = payer
    await page.goto(entry())
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    await waitForView(page, 'fields')
    await page.locator('input[type="text"]').fill('nonsense')
    await page.locator('button.primary').click()
    await page.locator('#problem-field, #problem-status').waitFor()
    assert.equal(await page.locator('input[type="text"]').inputValue(), 'nonsense')
    await page.locator('input[type="text"]').fill('success')
    await page.locator('button.primary').click()
    await waitForView(page, 'paid')
  })

  it('pays an invoice in test mode by a button', async () => {
    for (const [button, view] of [
      ['Paid', 'paid'],
      ['Failed', 'failed'],
    ] as const) {
      const { page } = payer
      const { id } = await createPayment(world, { service: 'test_usd_invoice' })
      await page.goto(`${world.url}/hpp/?cpi=${id}`)
      await waitForView(page, 'details')
      await page.getByRole('button', { name: button }).click()
      await waitForView(page, view)
    }
  })

  it('need not wait for a confirmation that takes long: the way back to the shop is open', async () => {
    const { page } = payer
    const { id, hpp_url } = await createPayment(world, { return_url: `${world.url}/demo/credentials.json` })
    await page.goto(hpp_url)
    assert.equal(await page.locator('[data-leave-shop]').count(), 0)
    await fillCard(page, cards.approved, '0777')
    await submitCard(page)
    await waitForView(page, 'waiting')
    await page.locator('[data-leave-shop] a').click()
    await page.waitForURL('**/demo/credentials.json')
    assert.equal((await readPayment(world, id)).status, 'process_pending')
  })

  it('cancels before anything was sent', async () => {
    const { page } = payer
    const { id, hpp_url } = await createPayment(world)
    await page.goto(hpp_url)
    await page.locator('.cancel summary').click()
    await page.locator('.cancel button').click()
    await waitForView(page, 'cancelled')
    assert.equal((await readPayment(world, id)).status, 'terminated')
  })
})
