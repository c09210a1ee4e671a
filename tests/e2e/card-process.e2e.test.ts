/** 3-D Secure of the Card API over HTTP: every published card, the way back, merchants with forms of their own, late payers. */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { demoShops } from '../../apps/server/demo/shops.ts'
import { statusOf } from '../../apps/server/src/card-api/rules/status.ts'
import {
  paymentRequest,
  type ShopAnswer,
  type ShopClient,
  shopClient,
} from '../../apps/server/src/card-api/sample-shop.ts'
import { demoShopSecret } from '../../apps/server/src/demo/seed-shops.ts'
import { loadState } from '../../apps/server/src/payments/find-payment.ts'
import { chargesOf } from '../payer.ts'
import { until, untilIdle } from '../product/time.ts'
import { type Answer, startWorld, type World } from '../world.ts'

let world: World
let plain: ShopClient
let secure: ShopClient
let receiver: Server
let hook: string
let shift_ms = 0
const told: Answer[] = []
before(async () => {
  world = await startWorld()
  Object.assign(world.ctx, { now: () => new Date(Date.now() + shift_ms) })
  plain = shopClient(world, 361)
  secure = shopClient(world, 362)
  receiver = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    told.push(JSON.parse(Buffer.concat(chunks).toString()))
    response.end('ok')
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
})
after(async () => {
  receiver.closeAllConnections()
  await new Promise((resolve) => receiver.close(resolve))
  await world.close()
})

function secretOf(shop_id: number): string {
  const demo = demoShops.find((shop) => shop.shop_id === shop_id)
  assert.ok(demo)
  return demoShopSecret(world.ctx, demo)
}

const challenged = '4012000000001097'
const back = 'https://shop.example/back?order=5&sig=a%2Fb~c'

async function charges(uid: string) {
  const [row] = await world.ctx.sql<{ payment_id: string }[]>`
    select payment_id from card_transactions where uid = ${uid}`
  assert.ok(row)
  return chargesOf(world, row.payment_id)
}

const taken = async (uid: string) =>
  (await charges(uid)).map(({ net_amount }) => net_amount).filter((amount) => amount !== '0')

/** A browser without scripts that follows nothing by itself. */
async function open(address: string, form?: Record<string, string>) {
  const response = await fetch(new URL(address, world.url), {
    redirect: 'manual',
    ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
  })
  return {
    status: response.status,
    to: response.headers.get('location'),
    text: await response.text(),
    headers: response.headers,
  }
}

const processPath = ({ body }: ShopAnswer): string => new URL(body.transaction.redirect_url).pathname

/** From our page to the bank's, where the payer chooses; to where the bank sends him then. */
async function answerAtBank(path: string, choice: 'confirm' | 'refuse' | 'leave'): Promise<string> {
  const { status, text } = await open(path)
  assert.equal(status, 200, text)
  const action = /<form method="post" action="([^"]+)" data-leave/.exec(text)?.[1]
  const inputs = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)]
  assert.ok(action, text)
  const form = Object.fromEntries(inputs.map(([, name, value]) => [name ?? '', value ?? '']))
  const asked = await open(action, form)
  assert.equal(asked.status, 303)
  const answered = await open(new URL('/acquirer/acs/answer', action).href, { ...form, choice })
  assert.equal(answered.status, 303, answered.text)
  return answered.to ?? ''
}

async function shown(shop: ShopClient, uid: string): Promise<Answer> {
  const { status, body } = await shop.call('GET', `/transactions/${uid}`)
  assert.equal(status, 200)
  return body.transaction
}

describe('the published cards of 3-D Secure', () => {
  for (const [number, status, code, verification, pa_status] of [
    ['4012000000001006', 'successful', 'S.0000', 'successful', 'Y'],
    ['5204240000015003', 'successful', 'S.0000', 'successful', 'Y'],
    ['4012000000001055', 'successful', 'S.0000', 'successful', 'A'],
    ['5204240000015011', 'successful', 'S.0000', 'successful', 'A'],
    ['4012000000001022', 'failed', 'F.4003', 'unavailable', 'U'],
    ['5204240000015045', 'failed', 'F.4003', 'unavailable', 'U'],
    ['4012000000001030', 'failed', 'F.4002', 'failed', 'R'],
    ['5204240000015052', 'failed', 'F.4002', 'failed', 'R'],
    ['4012000000001014', 'failed', 'F.4001', 'failed', 'N'],
    ['5204240000015060', 'failed', 'F.4001', 'failed', 'N'],
  ] as const) {
    it(`${number} is ${pa_status} without the payer: ${status}`, async () => {
      const { body } = await secure.pay(number, { return_url: back })
      const { transaction } = body
      const three_ds = transaction.three_d_secure_verification
      assert.deepEqual(
        [transaction.status, transaction.code, three_ds.status, three_ds.pa_status],
        [status, code, verification, pa_status],
        JSON.stringify(body),
      )
      assert.deepEqual(await taken(transaction.uid), status === 'successful' ? ['100'] : [])
      assert.equal((await charges(transaction.uid)).length, 1, 'another gateway was asked')
    })
  }

  for (const [number, choice, status, code, pa_status] of [
    ['4012000000003010', 'confirm', 'successful', 'S.0000', 'Y'],
    ['4012000000001097', 'confirm', 'successful', 'S.0000', 'Y'],
    ['5204240000015029', 'confirm', 'successful', 'S.0000', 'Y'],
    ['5123817234060000', 'confirm', 'successful', 'S.0000', 'Y'],
    ['4412397212080000', 'confirm', 'failed', 'F.0999', 'Y'],
    ['4012000000003010', 'refuse', 'failed', 'F.4001', 'N'],
    ['5204240000015029', 'refuse', 'failed', 'F.4001', 'N'],
  ] as const) {
    for (const type of ['payments', 'authorizations'] as const) {
      it(`${number}, ${choice} at the bank: ${status} (${type})`, async () => {
        const made = await secure.call('POST', `/transactions/${type}`, {
          request: paymentRequest(number, { return_url: back }),
        })
        const { transaction } = made.body
        assert.deepEqual(
          [transaction.status, transaction.code, transaction.message, transaction.three_d_secure_verification.status],
          ['incomplete', 'P.9998', null, 'incomplete'],
          JSON.stringify(made.body),
        )
        assert.equal(new URL(transaction.redirect_url).pathname, `/process/${transaction.uid}`)
        const from_bank = await answerAtBank(processPath(made), choice)
        assert.equal(from_bank, `${world.url}/process/${transaction.uid}/return`)
        const to_shop = await open(from_bank)
        assert.deepEqual([to_shop.status, to_shop.to], [302, `${back}&uid=${transaction.uid}&status=${status}`])
        const now = await shown(secure, transaction.uid)
        assert.deepEqual(
          [now.status, now.code, now.three_d_secure_verification.pa_status, now.three_d_secure_verification.status],
          [status, code, pa_status, pa_status === 'Y' ? 'successful' : 'failed'],
        )
        assert.equal((await charges(transaction.uid)).length, 1, 'a second charge, or another gateway')
        if (type === 'payments') assert.deepEqual(await taken(transaction.uid), status === 'successful' ? ['100'] : [])
      })
    }
  }

  it('a card that wants 3-D Secure is charged once more at the same gateway, with it', async () => {
    const { body } = await secure.pay('4200000000100115', {
      credit_card: {
        ...(paymentRequest('4200000000100115').credit_card as object),
        skip_three_d_secure_verification: true,
      },
    })
    assert.equal(body.transaction.status, 'successful', JSON.stringify(body))
    assert.deepEqual(
      body.transaction.cascade.attempts.map((one: Answer) => [one.gateway_id, one.status, one.bank_code]),
      [
        [408, 'failed', '1A'],
        [408, 'successful', '00'],
      ],
    )
    assert.deepEqual(await taken(body.transaction.uid), ['100'])
  })

  for (const [choice, status] of [
    ['confirm', 'successful'],
    ['refuse', 'failed'],
  ] as const) {
    it(`the challenge of such a second try is asked on the same page: ${choice}`, async () => {
      const made = await plain.pay('4200000000000000', {
        return_url: back,
        additional_data: { test_scenario: { '*': ['decline:1A', '3ds:C'] } },
      })
      const { transaction } = made.body
      assert.equal(transaction.status, 'incomplete', JSON.stringify(made.body))
      const to_shop = await open(await answerAtBank(processPath(made), choice))
      assert.equal(to_shop.to, `${back}&uid=${transaction.uid}&status=${status}`)
      const now = await shown(plain, transaction.uid)
      assert.deepEqual(
        now.cascade.attempts.map((one: Answer) => [one.gateway_id, one.status]),
        [
          [408, 'failed'],
          [408, status],
        ],
      )
      assert.deepEqual(await taken(transaction.uid), status === 'successful' ? ['100'] : [])
    })
  }
})

describe('the way back', () => {
  it('a repeated return answers what is stored, whoever comes, and nothing is charged again', async () => {
    const made = await secure.pay(challenged, { return_url: back })
    const { uid } = made.body.transaction
    const from_bank = await answerAtBank(processPath(made), 'confirm')
    const expected = `${back}&uid=${uid}&status=successful`
    const together = await Promise.all(Array.from({ length: 8 }, () => open(from_bank, { cres: 'anything' })))
    assert.deepEqual(
      together.map(({ status, to }) => [status, to]),
      together.map(() => [303, expected]),
    )
    assert.equal((await open(from_bank)).to, expected)
    assert.equal((await open(processPath(made))).to, expected, 'an open page of a transaction that is over')
    assert.deepEqual(await taken(uid), ['100'])
    assert.equal((await charges(uid)).length, 1)
  })

  it('what the browser brings proves nothing', async () => {
    const made = await secure.pay(challenged, { return_url: back })
    const { uid } = made.body.transaction
    const forged = { PaRes: 'Y', MD: uid, cres: 'eyJ0cmFuc1N0YXR1cyI6IlkifQ', status: 'successful' }
    const { status, to } = await open(`${processPath(made)}/return`, forged)
    assert.deepEqual([status, to], [303, `/process/${uid}?returned=1`])
    assert.equal((await shown(secure, uid)).status, 'incomplete')
  })

  it('an address of letters of any kind is one a browser can follow', async () => {
    const made = await secure.pay(challenged, { return_url: 'https://магазин.example/назад?замовлення=5#кінець' })
    const { uid } = made.body.transaction
    const { to } = await open(await answerAtBank(processPath(made), 'confirm'))
    const url = new URL(to ?? '')
    assert.deepEqual(
      [url.searchParams.get('замовлення'), url.searchParams.get('uid'), url.searchParams.get('status')],
      ['5', uid, 'successful'],
    )
    assert.equal(decodeURIComponent(url.hash), '#кінець')
  })

  for (const type of ['payments', 'authorizations'] as const) {
    it(`without an address the result is shown, for good (${type})`, async () => {
      const made = await secure.call('POST', `/transactions/${type}`, { request: paymentRequest(challenged) })
      const path = processPath(made)
      const { to } = await open(await answerAtBank(path, 'confirm'))
      assert.equal(to, `${path}?returned=1`)
      for (const address of [to ?? '', path]) {
        const { status, text } = await open(address)
        assert.equal(status, 200)
        assert.match(text, /data-view="paid"/)
        assert.match(text, /Payment successful/)
      }
    })
  }

  it('only the payment has pages: its children, other uids and the state of neither are not found', async () => {
    const { body } = await plain.pay('4200000000000000')
    const refund = await plain.call('POST', '/transactions/refunds', {
      request: { parent_uid: body.transaction.uid, amount: 10, reason: 'part' },
    })
    for (const uid of [refund.body.transaction.uid, '0190f0a0-0000-7000-8000-000000000001', 'x']) {
      for (const path of [`/process/${uid}`, `/process/${uid}/state`, `/process/${uid}/return`]) {
        assert.equal((await open(path)).status, 404, path)
      }
    }
  })
})

describe('a merchant with a form of his own', () => {
  for (const [fields, version] of [
    [{ pa_res: 'eJzVWFmT', md: 'abc' }, '2'],
    [{ PaRes: 'eJzVWFmT', MD: 'abc' }, '3'],
    [{ cres: 'eyJ0', threeDSSessionData: 'abc' }, '3'],
  ] as const) {
    it(`hands in ${Object.keys(fields).join(' and ')} and gets the transaction, version ${version}`, async () => {
      const made = await secure.pay(challenged, { return_url: back })
      const path = `${processPath(made)}/return`
      const headers = { 'x-api-version': version, 'content-type': 'application/json' }
      const early = await secure.call('POST', path, fields, headers)
      const of = (answer: ShopAnswer) => (version === '3' ? answer.body : answer.body.transaction)
      assert.deepEqual([early.status, of(early).status], [200, 'incomplete'], JSON.stringify(early.body))
      await answerAtBank(processPath(made), 'confirm')
      for (let times = 0; times < 2; times += 1) {
        const done = await secure.call('POST', path, fields, headers)
        assert.deepEqual(
          [done.status, of(done).uid, of(done).status, of(done).three_d_secure_verification.pa_status],
          [200, made.body.transaction.uid, 'successful', 'Y'],
        )
      }
      assert.deepEqual(await taken(made.body.transaction.uid), ['100'])
    })
  }

  it('may hand them in as a form', async () => {
    const made = await secure.pay(challenged)
    await answerAtBank(processPath(made), 'confirm')
    const authorization = `Basic ${btoa(`362:${secretOf(362)}`)}`
    const response = await fetch(`${world.url}${processPath(made)}/return`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ PaRes: 'eJzVWFmT', MD: 'abc' }),
    })
    const body: Answer = await response.json()
    assert.deepEqual([response.status, body.transaction?.status], [200, 'successful'], JSON.stringify(body))
  })

  it('does not get the transaction of another shop, nor anything with a wrong secret', async () => {
    const made = await secure.pay(challenged)
    const path = `${processPath(made)}/return`
    const foreign = await plain.call('POST', path, { cres: 'x' })
    assert.deepEqual([foreign.status, foreign.body.response.message], [404, 'Record not found'])
    const wrong = await plain.call('POST', path, { cres: 'x' }, { authorization: `Basic ${btoa('362:wrong')}` })
    assert.equal(wrong.status, 401)
  })
})

describe('a payer who stays away', () => {
  /** Moves the clock, and lets the workers do what has become due. */
  async function letPass(seconds: number): Promise<void> {
    shift_ms += seconds * 1000
  }
  const ended = async (uid: string) => {
    const [row] = await world.ctx.sql<{ account_id: string; payment_id: string }[]>`
      select account_id, payment_id from card_transactions where uid = ${uid}`
    assert.ok(row)
    return statusOf(await loadState(world.ctx, row.account_id, row.payment_id))
  }
  const toldOf = (uid: string) => told.filter(({ transaction }) => transaction.uid === uid)

  it('fails as not finished after half an hour, not before, and is told once', async () => {
    const made = await secure.pay(challenged, { return_url: back, notification_url: hook })
    const { uid } = made.body.transaction
    await letPass(29 * 60)
    assert.equal((await shown(secure, uid)).status, 'incomplete')
    assert.equal((await open(processPath(made))).status, 200)
    await letPass(2 * 60)
    await until('the transaction fails', async () => (await ended(uid)) === 'failed')
    const now = await shown(secure, uid)
    assert.deepEqual([now.status, now.code, now.message], ['failed', 'F.0998', 'Payment was declined'])
    assert.equal((await open(processPath(made))).to, `${back}&uid=${uid}&status=failed`)
    assert.equal((await open(`${processPath(made)}/return`)).to, `${back}&uid=${uid}&status=failed`)
    await until('the merchant is told', () => toldOf(uid).length > 0)
    await untilIdle(world.ctx.sql)
    assert.deepEqual(
      toldOf(uid).map(({ transaction }) => [transaction.status, transaction.code]),
      [['failed', 'F.0998']],
    )
    assert.deepEqual(await taken(uid), [])
  })

  it('is expired when the time the merchant gave is over, and is told once', async () => {
    const expired_at = new Date(world.ctx.now().getTime() + 10 * 60_000).toISOString()
    const made = await secure.pay(challenged, { expired_at, notification_url: hook })
    const { uid } = made.body.transaction
    assert.equal(made.body.transaction.status, 'incomplete')
    await letPass(11 * 60)
    await until('the transaction expires', async () => (await ended(uid)) === 'expired')
    const now = await shown(secure, uid)
    assert.deepEqual([now.code, now.message], ['F.0109', 'Transaction is expired'])
    const { text } = await open(processPath(made))
    assert.match(text, /data-view="time_over"/)
    await until('the merchant is told', () => toldOf(uid).length > 0)
    await untilIdle(world.ctx.sql)
    assert.deepEqual(
      toldOf(uid).map(({ transaction }) => [transaction.status, transaction.code]),
      [['expired', 'F.0109']],
    )
  })

  it('who confirms after the end does not pay: what the bank let through is taken back', async () => {
    const made = await secure.pay(challenged, { return_url: back })
    const { uid } = made.body.transaction
    const { text } = await open(processPath(made))
    const creq = /name="creq" value="([^"]+)"/.exec(text)?.[1] ?? ''
    const action = /action="([^"]+)" data-leave/.exec(text)?.[1] ?? ''
    await letPass(31 * 60)
    await until('the transaction fails', async () => (await ended(uid)) === 'failed')
    const late = await open(new URL('/acquirer/acs/answer', action).href, { creq, choice: 'confirm' })
    const [charge] = await charges(uid)
    assert.equal(charge?.charged, true, 'the bank has taken the money')
    assert.equal((await open(late.to ?? '')).to, `${back}&uid=${uid}&status=failed`)
    await until('the money is back', async () => (await taken(uid)).length === 0)
    assert.equal((await shown(secure, uid)).status, 'failed')
  })
})

describe('the checkout of the merchant API', () => {
  it('does not know the payment behind a transaction: nothing is shown, sent back, cancelled or played there', async () => {
    const made = await secure.pay(challenged, { return_url: back })
    const { uid } = made.body.transaction
    const [row] = await world.ctx.sql<{ payment_id: string }[]>`
      select payment_id from card_transactions where uid = ${uid}`
    const cpi = row?.payment_id ?? ''
    for (const path of [
      `/hpp/?cpi=${cpi}`,
      `/hpp/state?cpi=${cpi}`,
      `/hpp/methods?cpi=${cpi}`,
      `/hpp/return/${cpi}`,
      `/redirect/hpp/?cpi=${cpi}`,
      `/return?id=${cpi}`,
    ]) {
      assert.equal((await open(path)).status, 404, path)
    }
    for (const [path, form] of [
      [`/hpp/cancel?cpi=${cpi}`, {}],
      [`/hpp/simulate?cpi=${cpi}`, { result: 'paid' }],
      [`/hpp/methods?cpi=${cpi}`, { service: 'test_usd_test' }],
      [`/hpp/return/${cpi}`, {}],
    ] as const) {
      assert.equal((await open(path, form)).status, 404, path)
    }
    assert.equal((await shown(secure, uid)).status, 'incomplete')
    const { to } = await open(await answerAtBank(processPath(made), 'confirm'))
    assert.equal(to, `${back}&uid=${uid}&status=successful`)
  })
})
