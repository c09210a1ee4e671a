/** The payer's pages as answers of HTTP: statuses, headers, sizes, ends of time. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { demoAccounts } from '../../apps/server/demo/accounts.ts'
import { forgetAccount } from '../../apps/server/src/accounts/find-account.ts'
import { demoKeys } from '../../apps/server/src/demo/demo-keys.ts'
import { cards, createPayment } from '../payer.ts'
import { startWorld, type World } from '../world.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(path.startsWith('http') ? path : world.url + path, { redirect: 'manual', headers })

const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(path.startsWith('http') ? path : world.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  })

const viewOf = (html: string): string | undefined => /<body data-view="(\w+)"/.exec(html)?.[1]

/** Ends the time of a payment; its worker then does what it does at the end. */
async function endTime(id: string): Promise<void> {
  await world.ctx.sql`update payments set expires_at = now() - interval '1 second', due_at = now() where id = ${id}`
}

async function waitForStatus(id: string, status: string): Promise<void> {
  for (let i = 0; i < 100; i += 1) {
    const [row] = await world.ctx.sql`select status from payments where id = ${id}`
    if (row?.status === status) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.fail(`the payment never became ${status}`)
}

describe('entries', () => {
  it('lead a payment to its card page, and keep the look', async () => {
    const { id, hpp_url, attributes } = await createPayment(world)
    const first = await get(`${hpp_url}&locale=ru&style[theme]=dark&nonsense=1`)
    assert.equal(first.status, 302)
    const look = '?locale=ru&style%5Btheme%5D=dark'
    assert.equal(first.headers.get('location'), `${attributes.flow_data.action}${look}`)
    const second = await get(`/hpp?cpi=${id}&locale=ru&theme=dark`)
    assert.equal(second.headers.get('location'), `${new URL(attributes.flow_data.action).pathname}${look}`)
    const page = await (await get(second.headers.get('location') as string)).text()
    assert.match(page, /<html lang="ru" data-theme="dark">/)
  })

  it('with a service and good fields make the payment at once', async () => {
    const key = world.account.test_public_key
    const query = `public_key=${key}&amount=5&currency=USD&reference_id=at-once&service=test_usd_test&service_fields[status]=success`
    const made = await get(
      `/hpp/?${query}&customer[reference_id]=c1&metadata[a]=b&return_urls[pending]=https://shop.example/p`,
    )
    assert.equal(made.status, 302)
    const id = /cpi=(cpi_\w+)$/.exec(made.headers.get('location') ?? '')?.[1] as string
    await waitForStatus(id, 'processed')
    const { body } = await world.call('GET', `/payment-invoices/${id}`)
    assert.equal(body.data.attributes.source, 'platform_public_api')
    assert.equal(body.data.attributes.metadata.a, 'b')
    assert.equal(viewOf(await (await get(`/hpp/?cpi=${id}`)).text()), 'paid')
    const back = await get(`/return?id=${id}`)
    assert.equal(back.headers.get('location'), 'https://shop.example/p')
  })

  it('take the parameters as a form of the shop', async () => {
    const answer = await post(
      '/hpp/',
      { public_key: world.account.test_public_key, amount: '5', currency: 'USD' },
      { origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' },
    )
    assert.equal(answer.status, 200)
    assert.match(await answer.text(), /class="payment-wrap__items"/)
  })

  it('show and hide methods as the shop wishes', async () => {
    const entry = `/hpp/?public_key=${world.account.test_public_key}&amount=5&currency=USD`
    const services = async (query: string) =>
      [...(await (await get(entry + query)).text()).matchAll(/name="service" value="(\w+)"/g)].map((match) => match[1])
    const all = await services('')
    assert.ok(all.length > 3)
    assert.deepEqual(await services('&display[show_methods]=paypal,payment_card'), [
      'payment_card_usd_hpp',
      'paypal_usd_hpp',
    ])
    assert.deepEqual(
      await services('&display[hide_methods][]=paypal'),
      all.filter((service) => service !== 'paypal_usd_hpp'),
    )
  })

  it('say the total beside a method where the payer bears the fee', async () => {
    const account = demoAccounts.find(({ settings }) => settings.options?.fee_strategy === 'external')
    assert.ok(account)
    const { public_key } = demoKeys(world.ctx, account).test
    const html = await (await get(`/hpp/?public_key=${public_key}&amount=450&currency=UAH&locale=uk`)).text()
    const totals = [...html.matchAll(/<small>Разом 461,25\sUAH/g)]
    // The card, the bank that asks for a phone number first, and the two test services.
    assert.ok(totals.length >= 4, `${totals.length} methods say what they cost`)
    const free = await (await get(`/hpp/?public_key=${world.account.test_public_key}&amount=450&currency=USD`)).text()
    assert.doesNotMatch(free, /Total/)
  })

  it('leave out what cannot take the amount', async () => {
    const html = await (await get(`/hpp/?public_key=${world.account.test_public_key}&amount=70000&currency=USD`)).text()
    assert.doesNotMatch(html, /value="paypal_usd_hpp"/)
    assert.match(html, /value="payment_card_usd_hpp"/)
  })
})

describe('refusals are pages', () => {
  const pages: [name: string, path: () => string, status: number][] = [
    ['no key', () => '/hpp/?amount=5&currency=USD', 401],
    ['a key of nobody', () => `/hpp/?public_key=pk_test_${'x'.repeat(43)}&amount=5&currency=USD`, 401],
    ['two keys', () => '/hpp/?public_key=a&public_key=b', 400],
    ['broken encoding', () => '/hpp/?public_key=%E0%A4%A', 400],
    ['an unknown payment', () => '/hpp/?cpi=cpi_0000000000000000', 404],
    ['no id at all', () => '/hpp/?cpi=../../etc', 404],
    ['an unknown session', () => '/hpp/cgi_0000000000000000', 404],
    ['an unknown return', () => '/return?id=cpi_0000000000000000', 404],
    ['an unknown redirect', () => '/redirect/hpp/?cpi=x', 404],
    [
      'wrong fields',
      () => `/hpp/?public_key=${world.account.test_public_key}&amount=x&currency=USD&return_url=nope`,
      422,
    ],
    [
      'an unknown service',
      () => `/hpp/?public_key=${world.account.test_public_key}&amount=5&currency=USD&service=nope`,
      422,
    ],
  ]
  for (const [name, path, status] of pages) {
    it(`${name}: ${status}`, async () => {
      const answer = await get(path(), { 'accept-language': 'uk' })
      assert.equal(answer.status, status)
      assert.match(answer.headers.get('content-type') ?? '', /^text\/html/)
      const html = await answer.text()
      assert.equal(viewOf(html), 'refused')
      assert.match(html, /<html lang="uk"/)
    })
  }

  it('names the wrong fields, all of them', async () => {
    const html = await (
      await get(
        `/hpp/?public_key=${world.account.test_public_key}&amount=x&currency=USD&return_url=nope&expires=${Math.floor(Date.now() / 1000) + 60}`,
      )
    ).text()
    assert.deepEqual(
      [...html.matchAll(/<code>(\w+)<\/code>/g)].map((match) => match[1]),
      ['amount', 'return_url', 'expires'],
    )
  })

  it('a shop that may not take payments: 403', async () => {
    const waiting = demoAccounts.find(({ settings }) => settings.status === 'moderation_pending')
    assert.ok(waiting)
    const { test } = demoKeys(world.ctx, waiting)
    assert.equal((await get(`/hpp/?public_key=${test.public_key}&amount=5&currency=USD`)).status, 403)
  })

  it('a form that another site posts: 403, and nothing happens', async () => {
    const { id, attributes } = await createPayment(world)
    const foreign = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    assert.equal((await post(`/hpp/cancel?cpi=${id}`, {}, foreign)).status, 403)
    assert.equal((await post(attributes.flow_data.action, {}, foreign)).status, 403)
    const { body } = await world.call('GET', `/payment-invoices/${id}`)
    assert.equal(body.data.attributes.status, 'process_pending')
  })
})

describe('safety of every page', () => {
  it('strict policy, no caching, no cookies, no address told on', async () => {
    const { hpp_url } = await createPayment(world)
    const answer = await fetch(hpp_url)
    const policy = answer.headers.get('content-security-policy') ?? ''
    const html = await answer.text()
    const nonce = /script-src 'nonce-([\w-]{20,})'/.exec(policy)?.[1]
    assert.ok(nonce)
    assert.match(policy, /^default-src 'none'; /)
    assert.doesNotMatch(policy, /unsafe|\*[^.]*;.*\*/)
    assert.match(policy, /form-action 'self'; /)
    assert.match(policy, /frame-ancestors \*$/)
    assert.equal(html.split(nonce).length - 1, 2)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer')
    assert.equal(answer.headers.get('x-frame-options'), null)
    assert.equal(answer.headers.get('set-cookie'), null)
    assert.notEqual((await (await fetch(hpp_url)).text()).includes(nonce), true, 'a nonce is used once')
  })

  it('no address in a request leads anywhere', async () => {
    const { id, hpp_url } = await createPayment(world)
    const evil = 'https://evil.example/'
    for (const path of [
      `/return?id=${id}&return_url=${evil}`,
      `/hpp/?cpi=${id}&return_url=${evil}`,
      `/hpp/return/${id}?url=${evil}`,
      `${hpp_url}&to=${evil}`,
    ]) {
      const { headers } = await get(path)
      assert.doesNotMatch(headers.get('location') ?? '', /evil/, path)
    }
  })

  it('neither number nor security code is ever sent back', async () => {
    const { attributes } = await createPayment(world)
    const sent = { card_number: '5519283812030001', expiry: '12/28', cvv: '987', holder: 'ANNA', submission: '0' }
    const answer = await post(attributes.flow_data.action, sent)
    assert.equal(answer.status, 422)
    const html = await answer.text()
    assert.match(html, /value="12\/28"/)
    assert.match(html, /value="ANNA"/)
    assert.doesNotMatch(html, /551928|987/)
  })

  it('a whole page is at most 40 KB on the wire', async () => {
    const html = await (await get(`/hpp/?public_key=${world.account.test_public_key}&amount=5&currency=USD`)).text()
    const assets = [...html.matchAll(/"(\/hpp\/assets\/[^"]+)"/g)].map((match) => match[1] as string)
    assert.equal(assets.length, 2)
    let bytes = gzipSync(html).length
    for (const path of assets) {
      const answer = await get(path)
      assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable')
      bytes += gzipSync(await answer.text()).length
    }
    assert.ok(bytes <= 40_000, `${bytes} bytes`)
  })
})

describe('the end of time', () => {
  it('a payment that nobody paid says that time is over', async () => {
    const { id, hpp_url, attributes } = await createPayment(world)
    await endTime(id)
    const card = await get(attributes.flow_data.action)
    assert.equal(card.headers.get('location'), `/hpp/?cpi=${id}`)
    const late = await post(attributes.flow_data.action, {
      card_number: cards.approved,
      expiry: '12/28',
      cvv: '123',
      submission: '0',
    })
    assert.equal(late.headers.get('location'), `/hpp/?cpi=${id}`)
    assert.equal(viewOf(await (await fetch(hpp_url)).text()), 'time_over')
    await waitForStatus(id, 'process_failed')
    assert.equal(viewOf(await (await fetch(hpp_url)).text()), 'time_over')
  })

  it('half an hour after the end the page is gone, amounts and all', async () => {
    const { id, hpp_url } = await createPayment(world, { amount: 4321 })
    await endTime(id)
    await waitForStatus(id, 'process_failed')
    await world.ctx.sql`update payments set updated_at = now() - interval '31 minutes' where id = ${id}`
    const answer = await fetch(hpp_url)
    assert.equal(answer.status, 410)
    assert.doesNotMatch(await answer.text(), /4,321|4Docs/)
  })
})

describe('a shop that takes its payers back by itself', () => {
  it('does so after five seconds, without scripts as well', async () => {
    const { id } = world.account
    await world.ctx
      .sql`update accounts set options = jsonb_set(options::jsonb, '{auto_return}', 'true') where id = ${id}`
    forgetAccount(world.ctx, id)
    const payment = await createPayment(world, { return_url: 'https://shop.example/thanks' })
    const card = { card_number: cards.approved, expiry: '12/28', cvv: '123', submission: '0' }
    await post(payment.attributes.flow_data.action, card)
    const html = await (await get(`/hpp/?cpi=${payment.id}`)).text()
    assert.equal(viewOf(html), 'paid')
    const refresh = /<meta http-equiv="refresh" content="([^"]+)">/.exec(
      html.replace(/<noscript>.*?<\/noscript>/gs, ''),
    )
    assert.equal(refresh?.[1]?.replaceAll('&#61;', '='), `5;url=/return?id=${payment.id}`)
    assert.match(html, /taken back to the shop in a few seconds/)
  })
})
