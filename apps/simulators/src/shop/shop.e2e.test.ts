/** A whole purchase in a browser without scripts, through each door of the platform, and the callbacks it brings. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import Fastify, { type FastifyInstance } from 'fastify'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { openBrowser } from '../../../../tests/browser.ts'
import { assertAccessible, cards, fillCard, openPayer, submitCard, waitForView } from '../../../../tests/payer.ts'
import { startWorld, type World } from '../../../../tests/world.ts'
import { demoCredentials } from '../demo-credentials.ts'
import { shopRoutes } from './routes.ts'

let world: World
let shop: FastifyInstance
let url: string
let browser: Browser
before(async () => {
  world = await startWorld()
  shop = Fastify({ forceCloseConnections: true })
  shopRoutes(shop, { cascad_url: world.url, credentials: demoCredentials(world.url) })
  await shop.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(shop.server.address() as AddressInfo).port}/shop`
  browser = await openBrowser()
})
after(async () => {
  await browser?.close()
  await shop?.close()
  await world?.close()
})
beforeEach(async () => {
  await post('/callbacks/forget', {})
  await post('/callbacks/answer', { kind: 'accept', times: '' })
})

function post(path: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url + path, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
}

async function withPayer(options: BrowserContextOptions, buy: (page: Page) => Promise<void>): Promise<void> {
  const payer = await openPayer(browser, options)
  try {
    await buy(payer.page)
    assert.deepEqual(payer.complaints, [], 'the browser complained')
  } finally {
    await payer.close()
  }
}

/** Opens the list of callbacks until it shows what is waited for. */
async function callbacksUntil(page: Page, seen: (items: string[]) => boolean): Promise<string[]> {
  for (let tries = 0; tries < 100; tries += 1) {
    await page.goto(`${url}/callbacks`)
    const items = await page.locator('.events > li').allInnerTexts()
    if (seen(items)) return items
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  assert.fail('the callbacks did not come')
}

const product = (page: Page, name: string) => page.locator('.products > li', { hasText: name })
const has = (items: string[], ...texts: string[]) => items.some((item) => texts.every((text) => item.includes(text)))

describe('a purchase', () => {
  it('without scripts: pay by card, come back, and the callbacks are genuine', async () => {
    await withPayer({ javaScriptEnabled: false }, async (page) => {
      await page.goto(url)
      await product(page, 'Wool socks').getByRole('button', { name: 'Pay', exact: true }).click()
      await fillCard(page, cards.approved, '12/49')
      await submitCard(page)
      for (let looks = 0; looks < 40 && (await page.locator('body').getAttribute('data-view')) !== 'paid'; looks += 1) {
        await page.reload()
      }
      await page.locator('a[href*="/return"]').first().click()
      assert.equal(await page.locator('h1').textContent(), 'Thank you')
      const items = await callbacksUntil(page, (seen) => has(seen, 'processed\n') && has(seen, 'process_pending\n'))
      for (const item of items) assert.match(item, /X-Signature right · webhook-signature right/)
      assert.ok(has(items, '10.91 USD', '4Docs', 'evt_', 'cpi_', 'attempt 1, answered 200'))
      await page.goBack()
      await page.getByRole('link', { name: 'Look again' }).click()
      assert.match(await page.locator('.note').innerText(), /says processed, 10\.91 USD/)
    })
  })

  it('the form of the public API and the hosted page lead to a payment of the same order', async () => {
    await withPayer({}, async (page) => {
      await page.goto(url)
      await product(page, 'Storm lantern').getByRole('button', { name: 'Pay by form' }).click()
      await fillCard(page, cards.approved)
      assert.ok(page.url().startsWith(world.url))
      await page.goto(url)
      await product(page, 'Storm lantern').getByRole('button', { name: 'Choose how to pay' }).click()
      assert.equal(await page.locator('body').getAttribute('data-view'), 'methods')
    })
  })

  it('Pay pressed twice is one invoice', async () => {
    const order = { product: 'tent', reference_id: 'shop-tent-AAAAbbbb1111' }
    const [first, second] = [await post('/orders', order), await post('/orders', order)]
    assert.equal(first.status, 303)
    assert.equal(second.headers.get('location'), first.headers.get('location'))
  })

  it('what the shop does not sell is refused, and no order number reaches the page unread', async () => {
    assert.equal((await post('/orders', { product: 'moon', reference_id: 'shop-moon-AAAAbbbb1111' })).status, 422)
    assert.equal((await post('/orders', { product: 'tent', reference_id: 'shop-socks-AAAAbbbb1111' })).status, 422)
    assert.equal((await fetch(`${url}/orders/%3Cscript%3E/success`)).status, 404)
    assert.equal((await fetch(`${url}/orders/shop-tent-AAAAbbbb1111/elsewhere`)).status, 404)
    const nowhere = await fetch(`${url}/nowhere`)
    assert.equal(nowhere.status, 404)
    assert.match(await nowhere.text(), /The shop has no such page/)
  })
})

describe('a cruise, paid by transfer', () => {
  const buy = async (page: Page, name: string): Promise<void> => {
    await page.goto(url)
    await product(page, name).getByRole('button', { name: 'Pay', exact: true }).click()
  }

  it('is refused by the first desk, given a card by the second, and paid; the callbacks are of its own merchant', async () => {
    await withPayer({}, async (page) => {
      await buy(page, 'Three days to Yaroslavl')
      await waitForView(page, 'requisites-waiting')
      const { desks } = world.simulators
      const [order] = desks.payments('neva')
      assert.deepEqual(
        [desks.payments('volga').length, order?.asked.amount, order?.asked.method],
        [0, '8900.17', 'card'],
      )
      assert.match(await page.locator('main').innerText(), /8,900\.17/)
      desks.advance({ advance_s: 15 })
      await page.getByRole('button', { name: 'I have paid' }).click()
      await waitForView(page, 'paid')
      const items = await callbacksUntil(page, (seen) => has(seen, 'processed\n', '8900.17 RUB'))
      const own = items.filter((item) => item.includes('shop-yaroslavl-'))
      for (const item of own) assert.match(item, /X-Signature right · webhook-signature right Волна/)
    })
  })

  it('that no desk takes leads to the page of a bank', async () => {
    await withPayer({}, async (page) => {
      await buy(page, 'White nights on the Neva')
      await page.waitForURL(`${world.simulators.url}/redirect/**`)
      assert.match(await page.locator('body').innerText(), /5,200\.10\sRUB/)
    })
  })

  it('can be bought by form, and the payer may choose another way to transfer', async () => {
    await withPayer({}, async (page) => {
      await page.goto(url)
      await product(page, "Captain's dinner").getByRole('button', { name: 'Pay by form' }).click()
      await waitForView(page, 'requisites-waiting')
      await page.goto(url)
      await product(page, "Captain's dinner").getByRole('button', { name: 'Choose how to pay' }).click()
      assert.equal(await page.locator('body').getAttribute('data-view'), 'methods')
    })
  })
})

describe('callbacks', () => {
  const createInvoice = async (reference_id: string) => {
    const { status } = await world.call('POST', '/payment-invoices', {
      reference_id,
      service: 'test_usd_test',
      service_fields: { status: 'success' },
      currency: 'USD',
      amount: 5,
      test_mode: true,
      callback_url: `${url}/callbacks`,
    })
    assert.equal(status, 201)
  }

  it('refused ones come again with the same id and a fresh signature', async () => {
    await post('/callbacks/answer', { kind: 'refuse', times: '2' })
    await createInvoice('refused-first')
    await withPayer({}, async (page) => {
      const items = await callbacksUntil(page, (seen) => has(seen, 'answered 500') && has(seen, 'attempt 2'))
      const again = items.find((item) => item.includes('attempt 2')) ?? ''
      const event = /evt_\w{16}/.exec(again)?.[0] ?? 'none'
      assert.ok(has(items, event, 'attempt 1, answered 500, next at'))
      assert.match(again, /X-Signature right · webhook-signature right/)
    })
  })

  it('a forged one is shown as such, and its text stays text', async () => {
    const body = JSON.stringify({
      data: {
        id: '<img src=x>',
        attributes: { status: '<script>alert(1)</script>', reference_id: 'shop-tent-AAAAbbbb2222' },
      },
    })
    const answer = await fetch(`${url}/callbacks`, { method: 'POST', body, headers: { 'x-signature': 'AAAA' } })
    assert.equal(answer.status, 200)
    await withPayer({}, async (page) => {
      const items = await callbacksUntil(page, (seen) => has(seen, '<script>alert(1)</script>'))
      // A genuine one of an order before may have come since.
      const forged = items.find((item) => item.includes('<script>alert(1)</script>')) ?? ''
      assert.match(forged, /X-Signature wrong · webhook-signature wrong by nobody we know/)
      await page.goto(`${url}/orders/shop-tent-AAAAbbbb2222/success`)
      assert.match(await page.locator('.note').innerText(), /No callback about this order/)
    })
  })

  it('a body that cannot be read is taken and kept', async () => {
    const answer = await fetch(`${url}/callbacks`, {
      method: 'POST',
      body: 'not json',
      headers: { 'content-type': 'a/b' },
    })
    assert.equal(answer.status, 200)
    assert.match(await (await fetch(`${url}/callbacks`)).text(), /not readable/)
  })
})

describe('notifications of the Card API', () => {
  const pay = async (request: object) => {
    const { secret, shop_id } = (await demoCredentials(world.url)()).shops[0]!
    const answer = await fetch(`${world.url}/transactions/payments`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${shop_id}:${secret}`).toString('base64')}` },
      body: JSON.stringify({
        request: {
          amount: 1250,
          currency: 'USD',
          description: 'Storm lantern',
          notification_url: `${url}/notifications`,
          credit_card: {
            number: '4200000000000000',
            verification_value: '123',
            holder: 'Wanda Lamp',
            exp_month: '08',
            exp_year: '2049',
          },
          ...request,
        },
      }),
    })
    assert.equal(answer.status, 200)
  }

  it('are genuine, checked with the keys the platform hands out', async () => {
    await pay({ tracking_id: 'lamp-1' })
    await withPayer({}, async (page) => {
      const [item = ''] = await callbacksUntil(page, (seen) => has(seen, 'lamp-1'))
      assert.match(item, /^successful\n/)
      assert.match(item, /payment of 1250 USD in minor units · Successfully processed/)
      assert.match(item, /Authorization right · Content-Signature right Test shop/)
      assert.match(item, /attempt 1, answered 200/)
    })
  })

  it('forged ones are shown as such', async () => {
    const body = JSON.stringify({ transaction: { uid: '<img src=x>', status: 'successful', type: 'payment' } })
    const headers = { authorization: 'Basic MzYxOndyb25n', 'content-signature': 'AAAA' }
    const answer = await fetch(`${url}/notifications`, { method: 'POST', body, headers })
    assert.equal(answer.status, 200)
    await withPayer({}, async (page) => {
      const [item = ''] = await callbacksUntil(page, (seen) => has(seen, '<img src=x>'))
      assert.match(item, /Authorization wrong · Content-Signature wrong by nobody we know/)
    })
  })
})

describe('every page', () => {
  it('is accessible and fits a phone, light and dark', async () => {
    await createAndWait()
    for (const colorScheme of ['light', 'dark'] as const) {
      await withPayer({ colorScheme, viewport: { width: 360, height: 740 } }, async (page) => {
        for (const [name, path] of [
          ['products', ''],
          ['callbacks', '/callbacks'],
          ['success', '/orders/shop-tent-AAAAbbbb3333/success'],
          ['fail', '/orders/shop-tent-AAAAbbbb3333/fail'],
          ['missing', '/orders/none/fail'],
        ] as const) {
          await page.goto(url + path)
          await assertAccessible(page, name)
          const width = await page.evaluate('document.documentElement.scrollWidth')
          assert.equal(width, 360, `${name} is wider than the phone`)
          await picture(page, `${colorScheme}-${name}`)
        }
      })
    }
  })

  it('names no script and no foreign origin in its policy', async () => {
    const policy = (await fetch(url)).headers.get('content-security-policy') ?? ''
    assert.match(policy, /^default-src 'none'/)
    assert.ok(policy.includes(`form-action 'self' ${world.url};`))
    assert.doesNotMatch(policy, /unsafe|script-src|\*/)
  })

  it('says so when the platform is away', async () => {
    const alone = Fastify()
    const away = async () => {
      throw new Error('away')
    }
    shopRoutes(alone, { cascad_url: 'http://127.0.0.1:1', credentials: away })
    const page = await alone.inject('/shop')
    assert.equal(page.statusCode, 503)
    assert.match(page.body, /The platform cannot be reached/)
    await alone.close()
  })

  async function createAndWait(): Promise<void> {
    const body =
      '{"data":{"id":"cpi_0000000000000001","attributes":{"status":"processed","amount":12.5,"currency":"USD"}}}'
    await fetch(`${url}/callbacks`, {
      method: 'POST',
      body,
      headers: { 'retry-count': '3', 'next-retry': '1800000000' },
    })
    const uid = '019a0000-0000-7000-8000-000000000001'
    await fetch(`${url}/notifications`, {
      method: 'POST',
      body: JSON.stringify({
        uid,
        status: 'failed',
        type: 'payment',
        amount: 100,
        currency: 'USD',
        message: 'Declined',
      }),
      headers: { 'x-notification-id': uid, 'x-notification-attempt': '16' },
    })
  }

  async function picture(page: Page, name: string): Promise<void> {
    const folder = fileURLToPath(new URL('../../../../artefacts/shop/', import.meta.url))
    mkdirSync(folder, { recursive: true })
    await page.screenshot({ path: `${folder}${name}.png`, fullPage: true })
  }
})
