/** A merchant that asks for the card itself, and sends the payer to the bank from its own page. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createPayment } from '../payer.ts'
import { type Answer, startWorld, type World } from '../world.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const card = { cvv: '123', exp_month: 12, exp_year: 2031 }
const confirmed = '5123817234060000'

async function sell(attributes: Answer, card_number: string, changes: object = {}): Promise<Answer> {
  const response = await fetch(`${world.url}/payment/sale`, {
    method: 'POST',
    headers: { authorization: `Bearer ${attributes.flow_data.metadata.token}` },
    body: JSON.stringify({ data: { type: 'sale-operation', attributes: { ...card, card_number, ...changes } } }),
  })
  const body = (await response.json()) as Answer
  assert.equal(response.status, 201, JSON.stringify(body))
  return body.data.attributes
}

/** Posts what the sale said to the bank and answers there; the addresses that the browser is sent to, up to a foreign one. */
async function atTheBank({ action, params }: Answer, choice: 'confirm' | 'decline'): Promise<string[]> {
  const page = await (await fetch(action, { method: 'POST', body: new URLSearchParams(params) })).text()
  const form = /<form[^>]* action="([^"]+)"/.exec(page)?.[1]
  assert.ok(form, page)
  const places: string[] = []
  const body = new URLSearchParams({ ...params, choice })
  let answer = await fetch(new URL(form, action), { method: 'POST', body, redirect: 'manual' })
  for (let hops = 0; hops < 5; hops += 1) {
    const to = answer.headers.get('location')
    if (to === null) return places
    const next = new URL(to, places.at(-1) ?? action)
    places.push(next.href)
    if (!next.href.startsWith(world.url)) return places
    answer = await fetch(next, { redirect: 'manual' })
  }
  throw new Error(`the browser is sent round and round: ${places.join(' ')}`)
}

const urls = {
  success: 'https://shop.example/thanks',
  pending: 'https://shop.example/wait',
  fail: 'https://shop.example/sorry?basket=5',
}

test('from the bank the payer comes back to the shop, by the result', async () => {
  for (const [decision, place, status, resolution] of [
    ['confirm', urls.success, 'processed', 'ok'],
    ['decline', urls.fail, 'process_failed', 'invalid_3ds_code'],
  ] as const) {
    const { id, attributes } = await createPayment(world, { return_urls: urls })
    const sold = await sell(attributes, confirmed)
    assert.deepEqual([sold.status, sold.resolution], ['process_pending', 'auth_3ds_required'])
    const places = await atTheBank(sold.auth_payload, decision)
    assert.deepEqual(places.slice(-2), [`${world.url}/return?id=${id}`, place])
    const { body } = await world.call('GET', `/payment-invoices/${id}`)
    assert.deepEqual([body.data.attributes.status, body.data.attributes.resolution], [status, resolution])
  }
})

test('where the bank leaves it open the payer is sent to the page for that', async () => {
  const { attributes } = await createPayment(world, { return_urls: urls })
  const sold = await sell(attributes, confirmed, { exp_month: '07', exp_year: '77' })
  assert.equal((await atTheBank(sold.auth_payload, 'confirm')).at(-1), urls.pending)
})

test('a shop without an address to return to: our page says how it ended', async () => {
  const { id, attributes } = await createPayment(world)
  const sold = await sell(attributes, confirmed)
  const places = await atTheBank(sold.auth_payload, 'confirm')
  assert.equal(places.at(-1), `${world.url}/hpp/?cpi=${id}&returned=1`)
  assert.match(await (await fetch(places.at(-1) as string)).text(), /data-view="paid"/)
})
