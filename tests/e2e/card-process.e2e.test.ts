/** The way back from the bank, merchants with forms of their own, and the doors that stay shut. */
import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { after, before, describe, it } from 'node:test'
import { demoShops } from '../../apps/server/demo/shops.ts'
import { paymentRequest, type ShopAnswer } from '../../apps/server/src/card-api/sample-shop.ts'
import { demoShopSecret } from '../../apps/server/src/demo/seed-shops.ts'
import { back, challenged, openProcessWorld, type ProcessWorld, processPath, shown } from '../process-world.ts'
import type { Answer } from '../world.ts'

let w: ProcessWorld
before(async () => {
  w = await openProcessWorld()
})
after(() => w.close())

function secretOf(shop_id: number): string {
  const demo = demoShops.find((shop) => shop.shop_id === shop_id)
  assert.ok(demo)
  return demoShopSecret(w.world.ctx, demo)
}

describe('the way back', () => {
  it('a repeated return answers what is stored, whoever comes, and nothing is charged again', async () => {
    const made = await w.secure.pay(challenged, { return_url: back })
    const { uid } = made.body.transaction
    const from_bank = await w.answerAtBank(processPath(made), 'confirm')
    const expected = `${back}&uid=${uid}&status=successful`
    const together = await Promise.all(Array.from({ length: 8 }, () => w.open(from_bank, { cres: 'anything' })))
    assert.deepEqual(
      together.map(({ status, to }) => [status, to]),
      together.map(() => [303, expected]),
    )
    assert.equal((await w.open(from_bank)).to, expected)
    assert.equal((await w.open(processPath(made))).to, expected, 'an open page of a transaction that is over')
    assert.deepEqual(await w.taken(uid), ['100'])
    assert.equal((await w.charges(uid)).length, 1)
  })

  it('browsers that come back together ask the gateway once', async () => {
    const made = await w.secure.pay(challenged, { return_url: back })
    const { uid } = made.body.transaction
    const [charge] = await w.charges(uid)
    const reference = charge?.reference ?? '?'
    const asked: string[] = []
    const note = (message: unknown) => {
      const { path } = (message as { request: { path: string } }).request
      if (path.includes(reference)) asked.push(path)
    }
    // The gateway does not answer, so that all of them come while it is being asked.
    w.world.simulators.control.setScript('first', { lookups: 'timeout' })
    subscribe('undici:request:create', note)
    try {
      const together = await Promise.all(Array.from({ length: 8 }, () => w.open(`${processPath(made)}/return`, {})))
      for (const { status, to } of together)
        assert.deepEqual([status, to], [303, `/process/${uid}?returned=1`], 'the payer waits on our page')
      assert.equal(asked.length, 1)
    } finally {
      unsubscribe('undici:request:create', note)
      w.world.simulators.control.setScript('first', { lookups: 'normal' })
    }
    const { to } = await w.open(await w.answerAtBank(processPath(made), 'confirm'))
    assert.equal(to, `${back}&uid=${uid}&status=successful`)
  })

  it('what the browser brings proves nothing', async () => {
    const made = await w.secure.pay(challenged, { return_url: back })
    const { uid } = made.body.transaction
    const forged = { PaRes: 'Y', MD: uid, cres: 'eyJ0cmFuc1N0YXR1cyI6IlkifQ', status: 'successful' }
    const { status, to } = await w.open(`${processPath(made)}/return`, forged)
    assert.deepEqual([status, to], [303, `/process/${uid}?returned=1`])
    assert.equal((await shown(w.secure, uid)).status, 'incomplete')
  })

  it('an address of letters of any kind is one a browser can follow', async () => {
    const made = await w.secure.pay(challenged, { return_url: 'https://магазин.example/назад?замовлення=5#кінець' })
    const { uid } = made.body.transaction
    const { to } = await w.open(await w.answerAtBank(processPath(made), 'confirm'))
    const url = new URL(to)
    assert.deepEqual(
      [url.searchParams.get('замовлення'), url.searchParams.get('uid'), url.searchParams.get('status')],
      ['5', uid, 'successful'],
    )
    assert.equal(decodeURIComponent(url.hash), '#кінець')
  })

  for (const type of ['payments', 'authorizations'] as const) {
    it(`without an address the result is shown, for good (${type})`, async () => {
      const made = await w.secure.call('POST', `/transactions/${type}`, { request: paymentRequest(challenged) })
      const path = processPath(made)
      const { to } = await w.open(await w.answerAtBank(path, 'confirm'))
      assert.equal(to, `${path}?returned=1`)
      for (const address of [to, path]) {
        const { status, text } = await w.open(address)
        assert.equal(status, 200)
        assert.match(text, /data-view="paid"/)
        assert.match(text, /Payment successful/)
      }
    })
  }

  it('only the payment has pages: its children, other uids and the state of neither are not found', async () => {
    const { body } = await w.plain.pay('4200000000000000')
    const refund = await w.plain.call('POST', '/transactions/refunds', {
      request: { parent_uid: body.transaction.uid, amount: 10, reason: 'part' },
    })
    for (const uid of [refund.body.transaction.uid, '0190f0a0-0000-7000-8000-000000000001', 'x']) {
      for (const path of [`/process/${uid}`, `/process/${uid}/state`, `/process/${uid}/return`]) {
        assert.equal((await w.open(path)).status, 404, path)
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
      const made = await w.secure.pay(challenged, { return_url: back })
      const path = `${processPath(made)}/return`
      const headers = { 'x-api-version': version, 'content-type': 'application/json' }
      const early = await w.secure.call('POST', path, fields, headers)
      const of = (answer: ShopAnswer) => (version === '3' ? answer.body : answer.body.transaction)
      assert.deepEqual([early.status, of(early).status], [200, 'incomplete'], JSON.stringify(early.body))
      await w.answerAtBank(processPath(made), 'confirm')
      for (let times = 0; times < 2; times += 1) {
        const done = await w.secure.call('POST', path, fields, headers)
        assert.deepEqual(
          [done.status, of(done).uid, of(done).status, of(done).three_d_secure_verification.pa_status],
          [200, made.body.transaction.uid, 'successful', 'Y'],
        )
      }
      assert.deepEqual(await w.taken(made.body.transaction.uid), ['100'])
    })
  }

  it('may hand them in as a form', async () => {
    const made = await w.secure.pay(challenged)
    await w.answerAtBank(processPath(made), 'confirm')
    const authorization = `Basic ${btoa(`362:${secretOf(362)}`)}`
    const response = await fetch(`${w.world.url}${processPath(made)}/return`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams({ PaRes: 'eJzVWFmT', MD: 'abc' }),
    })
    const body: Answer = await response.json()
    assert.deepEqual([response.status, body.transaction?.status], [200, 'successful'], JSON.stringify(body))
  })

  it('does not get the transaction of another shop, nor anything with a wrong secret', async () => {
    const made = await w.secure.pay(challenged)
    const path = `${processPath(made)}/return`
    const foreign = await w.plain.call('POST', path, { cres: 'x' })
    assert.deepEqual([foreign.status, foreign.body.response.message], [404, 'Record not found'])
    const wrong = await w.plain.call('POST', path, { cres: 'x' }, { authorization: `Basic ${btoa('362:wrong')}` })
    assert.equal(wrong.status, 401)
  })
})

describe('the checkout of the merchant API', () => {
  it('does not know the payment behind a transaction: nothing is shown, sent back, cancelled or played there', async () => {
    const made = await w.secure.pay(challenged, { return_url: back })
    const { uid } = made.body.transaction
    const { payment_id: cpi } = await w.paymentOf(uid)
    for (const path of [
      `/hpp/?cpi=${cpi}`,
      `/hpp/state?cpi=${cpi}`,
      `/hpp/methods?cpi=${cpi}`,
      `/hpp/return/${cpi}`,
      `/redirect/hpp/?cpi=${cpi}`,
      `/return?id=${cpi}`,
    ]) {
      assert.equal((await w.open(path)).status, 404, path)
    }
    for (const [path, form] of [
      [`/hpp/cancel?cpi=${cpi}`, {}],
      [`/hpp/simulate?cpi=${cpi}`, { result: 'paid' }],
      [`/hpp/methods?cpi=${cpi}`, { service: 'test_usd_test' }],
      [`/hpp/return/${cpi}`, {}],
    ] as const) {
      assert.equal((await w.open(path, form)).status, 404, path)
    }
    assert.equal((await shown(w.secure, uid)).status, 'incomplete')
    const { to } = await w.open(await w.answerAtBank(processPath(made), 'confirm'))
    assert.equal(to, `${back}&uid=${uid}&status=successful`)
  })
})
