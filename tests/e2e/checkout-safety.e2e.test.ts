/** What must not happen on the payer's pages: a second charge, a script of somebody else, a way out to somebody else. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import type { Browser } from 'playwright-core'
import { openBrowser } from '../browser.ts'
import {
  assertAccessible,
  cards,
  chargesOf,
  createPayment,
  fillCard,
  openPayer,
  type Payer,
  readPayment,
  submitCard,
  viewOf,
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

const form = (fields: Record<string, string>, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  redirect: 'manual',
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  body: new URLSearchParams(fields).toString(),
})

const goodCard = { card_number: cards.approved, expiry: '12/28', cvv: '123', submission: '0' }

function cardUrl(attributes: { flow_data: { action: string } }): string {
  return attributes.flow_data.action
}

describe('one payment is charged once', () => {
  it('by a double click', async () => {
    world.simulators.control.setScript('first', { delay_ms: 300 })
    const { page } = payer
    const { id, hpp_url } = await createPayment(world)
    await page.goto(hpp_url)
    await fillCard(page, cards.approved)
    await page.locator('.card-form button.primary').dblclick()
    await waitForView(page, 'paid')
    assert.equal(chargesOf(world, id).length, 1)
  })

  it('by two tabs, the back button and a reload', async () => {
    const { page, context } = payer
    const { id, hpp_url } = await createPayment(world)
    const other = await context.newPage()
    await page.goto(hpp_url)
    await other.goto(hpp_url)
    await fillCard(page, cards.approved)
    await fillCard(other, cards.approved)
    await Promise.all([submitCard(page), submitCard(other)])
    await waitForView(page, 'paid')
    await waitForView(other, 'paid')
    await page.reload()
    await page.goBack()
    await waitForView(page, 'paid')
    assert.equal(chargesOf(world, id).length, 1)
  })

  it('by a form of an earlier try, sent again after a decline', async () => {
    const { id, attributes } = await createPayment(world)
    const first = { ...goodCard, card_number: cards.declined, expiry: '05/29' }
    await fetch(cardUrl(attributes), form(first))
    const before = chargesOf(world, id).length
    const again = await fetch(cardUrl(attributes), form(first))
    assert.equal(again.status, 303)
    assert.equal(again.headers.get('location'), `/hpp/?cpi=${id}`)
    assert.equal(chargesOf(world, id).length, before)
  })

  it('by twenty forms at once', async () => {
    const { id, attributes } = await createPayment(world)
    const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(cardUrl(attributes), form(goodCard))))
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [303])
    assert.equal(chargesOf(world, id).length, 1)
  })

  it('by a link that is opened again and again', async () => {
    const entry = `${world.url}/hpp/?public_key=${world.account.test_public_key}&amount=7&currency=USD&reference_id=again&service=payment_card_usd_hpp`
    const first = await fetch(entry, { redirect: 'manual' })
    const second = await fetch(entry, { redirect: 'manual' })
    assert.equal(first.status, 302)
    assert.equal(second.headers.get('location'), first.headers.get('location'))
  })
})

describe('without scripts', () => {
  it('a payment with 3-D Secure goes through', async () => {
    const plain = await openPayer(browser, { javaScriptEnabled: false })
    const { page } = plain
    await page.goto(
      `${world.url}/hpp/?public_key=${world.account.test_public_key}&amount=10&currency=USD&reference_id=no-script`,
    )
    await page.locator('#q').fill('card')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page.getByRole('button', { name: 'Payment card' }).click()
    await page.locator('#card_number').fill('1')
    await page.locator('.card-form button.primary').click()
    await page.locator('.alert a').first().waitFor()
    assert.equal(await page.locator('#card_number').inputValue(), '', 'a card number is never sent back')
    await page.locator('#card_number').fill(cards.three_ds)
    await page.locator('#expiry').fill('12/28')
    await page.locator('#cvv').fill('123')
    await page.locator('.card-form button.primary').click()
    await waitForView(page, 'confirm')
    await page.locator('form button.primary').click()
    await page.locator('[name="choice"][value="confirm"]').click()
    await waitForView(page, 'paid')
    await plain.close()
  })

  it('the waiting page moves on', async () => {
    world.simulators.control.setScript('first', { delay_ms: 2600 })
    const plain = await openPayer(browser, { javaScriptEnabled: false })
    const { page } = plain
    const { hpp_url } = await createPayment(world)
    await page.goto(hpp_url)
    await page.locator('#card_number').fill(cards.approved)
    await page.locator('#expiry').fill('12/28')
    await page.locator('#cvv').fill('123')
    await page.locator('.card-form button.primary').click()
    await waitForView(page, 'waiting')
    await waitForView(page, 'paid')
    await plain.close()
  })
})

describe('by keyboard only', () => {
  it('a payer finds a method, pays, and is led to what is wrong', async () => {
    const { page } = payer
    await page.goto(
      `${world.url}/hpp/?public_key=${world.account.test_public_key}&amount=10&currency=USD&reference_id=keyboard`,
    )
    await tabTo(page, '#q')
    await page.keyboard.type('payment card')
    await tabTo(page, '.method')
    await page.keyboard.press('Enter')
    await waitForView(page, 'card')
    await tabTo(page, '.card-form button.primary')
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate('document.activeElement?.id'), 'card_number')
    await page.keyboard.type(cards.approved)
    assert.equal(await page.evaluate('document.activeElement?.id'), 'expiry')
    await page.keyboard.type('1228')
    assert.equal(await page.evaluate('document.activeElement?.id'), 'cvv')
    await page.keyboard.type('123')
    await page.keyboard.press('Enter')
    await waitForView(page, 'paid')
  })

  async function tabTo(page: Payer['page'], selector: string): Promise<void> {
    for (let i = 0; i < 40; i += 1) {
      await page.keyboard.press('Tab')
      if (await page.locator(`${selector}:focus`).count()) return
    }
    assert.fail(`Tab never reaches ${selector}`)
  }
})

describe('hostile text', () => {
  const bad = `"><script>window.owned=1</script><img src=x onerror=window.owned=1>'\`\${7*7}\${\u2028}`

  it('in every field of a payment and of a link shows as text', async () => {
    const { page } = payer
    const { hpp_url } = await createPayment(world, {
      description: bad,
      metadata: { note: bad },
      reference_id: `r${bad}`,
    })
    await page.goto(`${hpp_url}&locale=en&style[primary]=${encodeURIComponent(`red;}</style>${bad}`)}`)
    await page.getByText('"><script>window.owned=1</script>').waitFor()
    await fillCard(page, cards.declined, '0529')
    await page.locator('#holder').fill(bad.slice(0, 90))
    await submitCard(page)
    await waitForView(page, 'retry')
    const link = new URLSearchParams({
      public_key: world.account.test_public_key,
      amount: '10',
      currency: 'USD',
      description: bad,
      q: bad,
      category: bad,
      'metadata[a"><script>]': bad,
      'customer[reference_id]': bad,
      'customer[name]': bad,
      'display[show_methods]': bad,
      'style[font_family]': `x;}</style><script>window.owned=1</script>`,
      'style[success_color]': 'url(javascript:alert(1))',
      locale: bad,
    })
    await page.goto(`${world.url}/hpp/?${link}`)
    await page.goto(`${world.url}/hpp/?${link}&service=test_usd_test`)
    await page.locator('input[type="text"]').fill(bad)
    await page.locator('button.primary').click()
    await page.locator('.problem').waitFor()
    assert.equal(await page.locator('input[type="text"]').inputValue(), bad)
    assert.equal(await page.evaluate('window.owned'), undefined)
  })

  it('in a 422 page shows as text', async () => {
    const { page } = payer
    await page.goto(
      `${world.url}/hpp/?public_key=${world.account.test_public_key}&amount=${encodeURIComponent(bad)}&currency=${encodeURIComponent(bad)}`,
    )
    assert.equal(await viewOf(page), 'refused')
    assert.equal(await page.evaluate('window.owned'), undefined)
  })
})

describe('languages', () => {
  it('follow the parameter, then the browser, and switch in place', async () => {
    const { page } = payer
    const { hpp_url } = await createPayment(world)
    await page.goto(`${hpp_url}&lang=uk`)
    await page.getByText('Оплата карткою').waitFor()
    assert.equal(await page.locator('html').getAttribute('lang'), 'uk')
    await page.locator('.languages a[lang="ru"]').click()
    await page.getByText('Оплата картой').waitFor()
    await submitCard(page)
    await page.getByText('Введите номер карты.').waitFor()
    await fillCard(page, cards.approved)
    await submitCard(page)
    await page.getByText('Оплата прошла').waitFor()
    const answer = await fetch(`${world.url}/hpp/?cpi=none`, {
      headers: { 'accept-language': 'de, uk;q=0.7, ru;q=0.9' },
    })
    assert.match(await answer.text(), /<html lang="ru"/)
  })
})

describe('in a frame', () => {
  it('the page tells the page around it with the words it listens for', async () => {
    const { page } = payer
    const { id, hpp_url } = await createPayment(world)
    const shop = createServer((_, response) => {
      response
        .setHeader('content-type', 'text/html')
        .end(
          `<!doctype html><html lang="en"><title>Shop</title><script>heard=[];addEventListener('message',(e)=>heard.push(e.data))</script>` +
            `<iframe title="Payment" src="${hpp_url}" width="400" height="700"></iframe>`,
        )
    })
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
    await page.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`)
    const frame = page.frameLocator('iframe')
    await frame.locator('[data-frame="close"]').click()
    await frame.locator('.cancel summary').click()
    await frame.locator('.cancel button').click()
    await frame.locator('[data-frame="reinit"]').click()
    await frame.locator('[data-frame="delete"]').click()
    await page.waitForFunction('heard.length === 3')
    assert.deepEqual(await page.evaluate('heard'), ['close', 'reinit', 'delete'])
    assert.equal((await readPayment(world, id)).status, 'terminated')
    shop.close()
  })
})

describe('a shop that sets the look', () => {
  it('gets its colours, and the page stays accessible without header, footer and steps', async () => {
    const { page } = payer
    const { hpp_url } = await createPayment(world)
    const look =
      'style[theme]=dark&style[primary]=%23ffcc00&style[on_primary_color]=%23000000&display[hide_header]=1&display[hide_footer]=true&display[hide_progress_bar]=1&display[hide_lifetime_counter]=1&style[pay_button_label]=donate'
    await page.goto(`${hpp_url}&${look}`)
    const button = page.locator('.card-form button.primary')
    assert.equal(
      await page.evaluate(`getComputedStyle(document.querySelector('.card-form .primary')).backgroundColor`),
      'rgb(255, 204, 0)',
    )
    assert.match((await button.textContent()) ?? '', /^Donate 100\.00/)
    for (const part of ['.bar', '.foot', '.steps', '.countdown'])
      assert.equal(await page.locator(part).count(), 0, part)
    await assertAccessible(page, 'own look')
  })
})
