/** After card payments that ended in every way: no number, code, token or secret where none belongs. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { demoShops } from '../../apps/server/demo/shops.ts'
import { paymentRequest, type ShopClient, shopClient } from '../../apps/server/src/card-api/sample-shop.ts'
import { demoShopSecret } from '../../apps/server/src/demo/seed-shops.ts'
import { seen } from '../card-shop.ts'
import { untilIdle } from '../product/time.ts'
import { openStage, type Stage } from './stage.ts'

/** Four digits, so that a find is a find. */
const cvv = '7391'
const numbers = ['4200000000000000', '4200000000100024', '4005550000000019', '4012000000003010', '4200000000100081']

let stage: Stage
let secret = ''
const tokens: string[] = []

before(async () => {
  stage = await openStage()
  const { ctx, shop: receiver } = stage.product
  const demo = demoShops.find(({ shop_id }) => shop_id === 362)
  assert.ok(demo)
  secret = demoShopSecret(ctx, demo)
  const shop: ShopClient = shopClient({ ctx, url: stage.api.url }, 362)
  const card = (number: string) => ({ ...(paymentRequest(number).credit_card as object), verification_value: cvv })
  for (const number of numbers) {
    const got = seen(await shop.pay(number, { credit_card: card(number), notification_url: receiver.url }))
    assert.ok(got.uid)
    if (got.card.token) tokens.push(got.card.token)
  }
  const request = { number: numbers[0], holder: 'John', exp_month: 2, exp_year: 2030 }
  const { body } = await shop.call('POST', '/credit_cards', { request }, { requestid: 'kept' })
  tokens.push(body.token)
  await shop.pay('', { credit_card: { token: body.token, verification_value: cvv } })
  await shop.call('POST', `/credit_cards/${body.token}`, { request: { holder: 'Jane' } })
  // What is refused as it comes in: broken numbers, broken bodies, cards where none belong.
  await shop.pay(`${numbers[0]?.slice(0, 15)}1`, { credit_card: card(`${numbers[0]?.slice(0, 15)}1`) })
  await fetch(`${stage.api.url}/transactions/payments`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`362:${secret}`)}` },
    body: `{"request": {"credit_card": {"number": "${numbers[0]}", "verification_value": "${cvv}"`,
  })
  await fetch(`${stage.api.url}/transactions/tracking_id/${numbers[0]}?cvv=${cvv}&number=${numbers[0]}`)
  await untilIdle(stage.sql)
})
after(() => stage.close())

const alone = new RegExp(`(?<![0-9A-Za-z.])${cvv}(?![0-9A-Za-z])`)

test('A23: the processes log none of it', () => {
  assert.ok(tokens.length > 2)
  for (const { output, role } of [stage.api, stage.worker]) {
    const text = output()
    assert.ok(text.includes(`"role":"${role}"`), `the ${role} logs what it does`)
    for (const one of [...numbers, ...tokens, secret, btoa(`362:${secret}`)])
      assert.ok(!text.includes(one), `the ${role} logs ${one}: ${text.split('\n').find((line) => line.includes(one))}`)
    assert.ok(!text.split('\n').some((line) => alone.test(line)), `the ${role} logs the security code`)
  }
})

test('no row holds a number, a security code or the secret', async () => {
  const tables = await stage.sql<{ name: string }[]>`
    select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`
  const kept = new Set<string>()
  for (const { name } of tables) {
    const lines = await stage.sql<{ line: string }[]>`select t::text as line from ${stage.sql.unsafe(name)} as t`
    for (const { line } of lines) {
      for (const one of [...numbers, secret]) assert.ok(!line.includes(one), `${name} holds ${one}: ${line}`)
      assert.ok(!alone.test(line), `${name} holds the security code: ${line}`)
      if (line.includes(tokens.at(-1) ?? '-')) kept.add(name)
    }
  }
  assert.ok(
    [...kept].some((name) => name.includes('vault_cards')),
    'a token is found where it is kept',
  )
})

test('notifications hold no number and no security code', () => {
  const { received } = stage.product.shop
  assert.ok(received.length >= 3)
  for (const { body } of received) {
    for (const number of numbers) assert.ok(!body.includes(number))
    assert.ok(!alone.test(body))
  }
})
