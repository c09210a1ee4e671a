/** A payer of the Card API with a browser: the confirmation page, the bank, the way back, and how it all looks. */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { type ShopClient, shopClient } from '../../apps/server/src/card-api/sample-shop.ts'
import { openBrowser } from '../browser.ts'
import { assertAccessible, chargesOf, openPayer, takePicture, waitForView } from '../payer.ts'
import { startWorld, type World } from '../world.ts'

const challenged = '4012000000003010'

let world: World
let browser: Browser
let secure: ShopClient
let shop: Server
let shop_url: string
before(async () => {
  world = await startWorld()
  secure = shopClient(world, 362)
  browser = await openBrowser()
  shop = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<title>Shop</title><h1>Back</h1>')
  })
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  shop_url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/back?order=5`
})
after(async () => {
  await browser.close()
  shop.closeAllConnections()
  await new Promise((resolve) => shop.close(resolve))
  await world.close()
})

async function pay(more: Record<string, unknown> = {}, number = challenged) {
  const { body } = await secure.pay(number, { return_url: shop_url, ...more })
  assert.equal(body.transaction.status, 'incomplete', JSON.stringify(body))
  const { uid, redirect_url } = body.transaction as { uid: string; redirect_url: string }
  return { uid, redirect_url, to_shop: (status: string) => `${shop_url}&uid=${uid}&status=${status}` }
}

async function taken(uid: string): Promise<string[]> {
  const [row] = await world.ctx.sql<{ payment_id: string }[]>`
    select payment_id from card_transactions where uid = ${uid}`
  return chargesOf(world, row?.payment_id ?? '').flatMap(({ net_amount }) => (net_amount === '0' ? [] : [net_amount]))
}

const choose = (page: Page, choice: 'confirm' | 'refuse' | 'leave') =>
  page.locator(`[name="choice"][value="${choice}"]`).click()

async function withPayer(work: (page: Page) => Promise<void>, options?: BrowserContextOptions): Promise<void> {
  const payer = await openPayer(browser, options)
  try {
    await work(payer.page)
    assert.deepEqual(payer.complaints, [], 'the browser complained')
  } finally {
    await payer.close()
  }
}

describe('a payer who confirms at the bank', () => {
  for (const [choice, status] of [
    ['confirm', 'successful'],
    ['refuse', 'failed'],
  ] as const) {
    it(`comes to the bank and from there to the shop by himself: ${choice}`, async () => {
      const { uid, redirect_url, to_shop } = await pay()
      await withPayer(async (page) => {
        await page.goto(redirect_url)
        await choose(page, choice)
        await page.waitForURL(to_shop(status))
      })
      assert.deepEqual(await taken(uid), status === 'successful' ? ['100'] : [])
    })
  }

  it('without scripts goes on by the button', async () => {
    const { redirect_url, to_shop } = await pay()
    await withPayer(
      async (page) => {
        await page.goto(redirect_url)
        await page.locator('.actions button.primary').click()
        await choose(page, 'confirm')
        await page.waitForURL(to_shop('successful'))
      },
      { javaScriptEnabled: false },
    )
  })

  it('who leaves is not sent back at once, may go on, and waits where nothing else is offered', async () => {
    const { uid, redirect_url, to_shop } = await pay()
    await withPayer(async (page) => {
      await page.goto(redirect_url)
      await choose(page, 'leave')
      await waitForView(page, 'waiting')
      assert.equal(new URL(page.url()).pathname, `/process/${uid}`)
      assert.equal(await page.locator('main form').count(), 1)
      assert.equal(await page.locator('[data-leave-shop] a').getAttribute('href'), to_shop('incomplete'))
      await page.reload()
      await waitForView(page, 'waiting')
      await page.locator('.actions button').click()
      await choose(page, 'confirm')
      await page.waitForURL(to_shop('successful'))
    })
    assert.deepEqual(await taken(uid), ['100'])
  })

  it('who goes back from the bank sees the button and stays; a reload changes nothing', async () => {
    const { uid, redirect_url, to_shop } = await pay()
    await withPayer(async (page) => {
      await page.goto(redirect_url)
      await page.locator('[name="choice"][value="confirm"]').waitFor()
      await page.goBack()
      await page.goto(redirect_url)
      await waitForView(page, 'confirm')
      await page.reload()
      await waitForView(page, 'confirm')
      assert.equal((await secure.call('GET', `/transactions/${uid}`)).body.transaction.cascade.attempts.length, 1)
      await page.locator('.actions button.primary').click()
      await choose(page, 'confirm')
      await page.waitForURL(to_shop('successful'))
      await page.goBack()
      await page.goto(redirect_url)
      assert.equal(page.url(), to_shop('successful'))
    })
    assert.deepEqual(await taken(uid), ['100'])
  })

  it('in one tab finds the other tab at the shop as well, and pays once', async () => {
    const { uid, redirect_url, to_shop } = await pay()
    await withPayer(async (page) => {
      await page.goto(redirect_url)
      await choose(page, 'leave')
      await waitForView(page, 'waiting')
      const other = await page.context().newPage()
      await other.goto(redirect_url)
      await choose(other, 'confirm')
      await Promise.all([other.waitForURL(to_shop('successful')), page.waitForURL(to_shop('successful'))])
    })
    assert.deepEqual(await taken(uid), ['100'])
  })

  it('sees no other page than the bank`s around ours', async () => {
    const { redirect_url } = await pay()
    const frames = async (address: string) => {
      const policy = (await fetch(address)).headers.get('content-security-policy') ?? ''
      return /frame-ancestors ([^;]*)/.exec(policy)?.[1]
    }
    assert.equal(await frames(redirect_url), `'self' ${new URL(world.simulators.url).origin}`)
    const payer = await openPayer(browser)
    await payer.page.goto(shop_url)
    await payer.page.setContent(`<iframe src="${redirect_url}"></iframe>`)
    await payer.page.waitForLoadState('networkidle')
    assert.equal(await payer.page.frameLocator('iframe').locator('[name="choice"], body[data-view]').count(), 0)
    await payer.close()
  })
})

describe('the pages', () => {
  it('say the amount, the shop and the masked card, and nothing else of the payment', async () => {
    const { uid, redirect_url } = await pay({
      amount: 123456,
      return_url: null,
      description: 'Private description',
      billing_address: { first_name: 'Johanna', city: 'Lviv' },
    })
    const [row] = await world.ctx.sql<{ payment_id: string }[]>`
      select payment_id from card_transactions where uid = ${uid}`
    const check = (markup: string) => {
      const text = markup.replaceAll('&nbsp;', '\u00a0')
      assert.match(text, /1,234\.56\sUSD/)
      assert.match(text, /Test shop with 3-D Secure/)
      assert.match(text, /Visa ••••\s3010/)
      for (const secret of [
        'Private',
        'Johanna',
        'John',
        'Lviv',
        '401200',
        challenged,
        row?.payment_id ?? '?',
        'order-',
      ])
        assert.equal(text.includes(secret), false, `${secret} in ${text}`)
    }
    const open = await fetch(redirect_url)
    assert.equal(open.headers.get('cache-control'), 'no-store')
    assert.equal(open.headers.get('referrer-policy'), 'no-referrer')
    check(await open.text())
    await withPayer(async (page) => {
      await page.goto(redirect_url)
      await choose(page, 'leave')
      await waitForView(page, 'waiting')
      check(await page.content())
      await page.locator('.actions button').click()
      await choose(page, 'confirm')
      await waitForView(page, 'paid')
      check(await page.content())
    })
  })

  it('speak the language of the transaction unless another is asked for, also after the bank', async () => {
    const { redirect_url } = await pay({ language: 'uk', return_url: null })
    await withPayer(async (page) => {
      await page.goto(redirect_url)
      await choose(page, 'leave')
      await waitForView(page, 'waiting')
      assert.equal(await page.locator('html').getAttribute('lang'), 'uk')
      assert.match(await page.locator('main').innerText(), /підтверджен/i)
      await page.goto(`${redirect_url}?locale=ru`)
      await page.locator('.actions button.primary').click()
      await choose(page, 'confirm')
      await waitForView(page, 'paid')
      await page.locator('html[lang="ru"]').waitFor()
      assert.match(await page.locator('h1').innerText(), /[а-я]/i)
    })
    const other = await pay({ language: 'fr' })
    const text = await (await fetch(other.redirect_url, { headers: { 'accept-language': 'uk' } })).text()
    assert.match(text, /<html lang="en"/)
  })

  it('offer no other try, method or cancelling after a failure', async () => {
    const { redirect_url } = await pay({ return_url: null })
    await withPayer(async (page) => {
      await page.goto(redirect_url)
      await choose(page, 'refuse')
      await waitForView(page, 'failed')
      assert.equal(await page.locator('main :is(a, button, form)').count(), 0)
      await page.getByText('No money was taken.').waitFor()
    })
  })

  const looks: Record<string, BrowserContextOptions & { language: string }> = {
    phone: { viewport: { width: 360, height: 740 }, language: 'en' },
    'phone-dark-uk': { viewport: { width: 320, height: 640 }, colorScheme: 'dark', language: 'uk' },
    'desktop-ru': { viewport: { width: 1280, height: 860 }, language: 'ru' },
  }
  for (const [look, { language, ...options }] of Object.entries(looks)) {
    it(`look well: ${look}`, async () => {
      const [long] = await world.ctx
        .sql`update shops set name = ${'Гірські лижі та зимовий одяг — Winter Sports & Mountain Equipment Warehouse'}
        where shop_id = 362 and ${look === 'phone-dark-uk'} returning shop_id`
      assert.equal(long !== undefined, look === 'phone-dark-uk')
      await withPayer(async (page) => {
        const keep = async (name: string) => {
          await takePicture(page, `process-${look}-${name}`)
          const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
          assert.ok((wide as number) <= 0, `${look} ${name} is ${wide} pixels too wide`)
          await assertAccessible(page, `${look} ${name}`)
        }
        const first = await pay({ language, amount: 8990 })
        await page.goto(first.redirect_url)
        await page.locator('[name="choice"][value="confirm"]').waitFor()
        await page.goto(first.redirect_url)
        await waitForView(page, 'confirm')
        await keep('confirm')
        await page.goto(`${first.redirect_url}?returned=1`)
        await keep('waiting')
        for (const [choice, view] of [
          ['confirm', 'paid'],
          ['refuse', 'failed'],
        ] as const) {
          const { redirect_url } = await pay({ language, amount: 99999999, return_url: null })
          await page.goto(redirect_url)
          await choose(page, choice)
          await waitForView(page, view)
          await keep(view)
        }
        await page.goto(`${world.url}/process/0190f0a0-0000-7000-8000-000000000001?locale=${language}`)
        await keep('unknown')
      }, options)
    })
  }
})
