/** What a merchant of the Card API is promised, asked over HTTP in both versions of the answers. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { paymentRequest, type ShopClient, shopClient } from '../../apps/server/src/card-api/sample-shop.ts'
import { callsOf, chargesOf, refused, seen, speaking, versions } from '../card-shop.ts'
import { startWorld, type World } from '../world.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const approved = '4200000000000000'
const books = () => ({ sql: world.ctx.sql, simulators: world.simulators })

async function transactions(): Promise<number> {
  const [row] = await world.ctx.sql<{ count: number }[]>`select count(*)::int as count from card_transactions`
  return row?.count ?? 0
}

/** The request of the published guide as JSON, with a test card in it; every `nil` of the guide is `null`. */
const guideRequest = {
  dynamic_billing_descriptor: null,
  billing_address: {
    first_name: null,
    last_name: null,
    address: 'Baker street 221b',
    city: 'London',
    country: 'GB',
    state: null,
    phone: null,
    zip: null,
    email: 'john@example.com',
    birth_date: null,
    device_id: null,
  },
  customer: { ip: '127.0.0.1', email: 'john@example.com' },
  test: false,
  notification_url: null,
  return_url:
    'https://example.com/widget/confirm.html?token=e3266138b6bf0789d4bb12f584130bbe8d181199682dc3fc86b1df38c94c3a',
  language: 'ru',
  credit_card: {
    number: approved,
    verification_value: '123',
    holder: 'John Doe',
    save_card: false,
    exp_month: '08',
    exp_year: '2036',
  },
  currency: 'USD',
  amount: 100,
  description: 'Test async #1',
  tracking_id: 'async-123',
  additional_data: {
    request_id: 'f3c809d1-6dfe-41f8-b803-6a15782e3de0',
    browser: {
      screen_width: 1680,
      screen_height: 1050,
      screen_color_depth: 24,
      language: 'ru',
      java_enabled: false,
      user_agent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36',
      time_zone: -180,
      accept_header: 'application/json',
    },
    vendor: { name: 'CTP', token: 'e3266138b6bfb0789d4bb12f584130bbe8dd181199682dc3fc86b1df38c94c3a' },
    excluded_gateways: ['408', '409'],
  },
  expired_at: null,
  duplicate_check: false,
}

for (const version of versions) {
  describe(`version ${version}`, () => {
    let shop: ShopClient
    let secure: ShopClient
    before(() => {
      shop = speaking(shopClient(world, 361), version)
      secure = speaking(shopClient(world, 362), version)
    })
    const hold = (number: string, more = {}) =>
      shop.call('POST', '/transactions/authorizations', { request: paymentRequest(number, more) })
    const child = (type: string, request: object) => shop.call('POST', `/transactions/${type}`, { request })

    test('the request of the guide, as it stands, goes to the gateway that is left', async () => {
      const before = callsOf(world.simulators)
      const answer = await shop.call('POST', '/transactions/payments', { request: guideRequest })
      const got = seen(answer)
      assert.deepEqual([answer.status, got.status, got.section.gateway_id], [200, 'successful', 410])
      assert.equal(got.test, true, 'every transaction of a test shop is a test')
      assert.equal(got.additional_data.request_id, guideRequest.additional_data.request_id)
      assert.equal(got.language, 'ru')
      const [first = 0, second = 0, third = 0] = before
      assert.deepEqual(callsOf(world.simulators), [first, second, third + 1])
    })

    test('A1: an approved payment', async () => {
      const answer = await shop.pay(approved)
      const got = seen(answer)
      assert.equal(answer.status, 200)
      assert.deepEqual([got.status, got.code, got.type], ['successful', 'S.0000', 'payment'])
      assert.equal(got.message, version === '2' ? 'Successfully processed' : 'Approved.')
      assert.match(got.uid, /^[0-9a-f-]{36}$/)
      assert.equal(got.amount, 100)
      assert.equal(got.section.message, 'Payment was approved')
      assert.equal((await chargesOf(books(), got.uid)).length, 1)
    })

    test('A2: a declined payment and a declined authorization', async () => {
      const [payment, authorization] = [seen(await shop.pay('4005550000000019')), seen(await hold('4005550000000019'))]
      for (const got of [payment, authorization])
        assert.deepEqual([got.status, got.code, got.section.bank_code], ['failed', 'F.0105', '05'])
      if (version === '2') {
        assert.equal(payment.message, 'Payment was declined')
        assert.equal(authorization.message, 'Authorization was declined')
      }
    })

    test('A3: a challenge without return_url', async () => {
      const got = seen(await secure.pay('4012000000003010'))
      assert.deepEqual([got.status, got.message, got.code], ['incomplete', null, 'P.9998'])
      assert.match(got.redirect_url, /\/process\//)
      assert.equal((await fetch(got.redirect_url)).status, 200)
    })

    test('A4: an expired card makes no transaction', async () => {
      const count = await transactions()
      const { credit_card } = paymentRequest(approved) as { credit_card: object }
      const answer = await shop.pay(approved, { credit_card: { ...credit_card, exp_year: 2010 } })
      const got = refused(answer)
      assert.equal(got.status, 422)
      assert.match(got.message, /Date is expired/i)
      assert.deepEqual(got.errors, { credit_card: { date: ['is expired'] } })
      if (version === '3') assert.equal(got.code, 'E.1025')
      assert.equal(await transactions(), count)
    })

    for (const [type, path] of [
      ['capture', 'captures'],
      ['void', 'voids'],
    ] as const) {
      test(`A5: a ${type}, and one above its parent`, async () => {
        const { uid: parent_uid } = seen(await hold(approved))
        const over = refused(await child(path, { parent_uid, amount: 101 }))
        assert.equal(over.status, 422)
        assert.match(over.message, /Amount can't be greater than 100\./)
        const got = seen(await child(path, { parent_uid, amount: 100 }))
        assert.deepEqual([got.status, got.parent_uid, got.type, got.amount], ['successful', parent_uid, type, 100])
        const again = refused(await child(path, { parent_uid, amount: 1, duplicate_check: false }))
        assert.equal(again.status, 422)
      })
    }

    test('A6: a refund without reason and above the amount hears both', async () => {
      const { uid: parent_uid } = seen(await shop.pay(approved))
      const got = refused(await child('refunds', { parent_uid, amount: 101 }))
      for (const text of ["Amount can't be greater than 100.", "Reason can't be blank."])
        assert.ok(got.message.includes(text), got.message)
      assert.deepEqual(got.errors, { amount: ["can't be greater than 100"], reason: ["can't be blank"] })
    })

    test('A7: a token is made, changed and charged', async () => {
      const card = { number: approved, holder: 'John Smith', exp_month: 2, exp_year: 2030 }
      const { body: made } = await shop.call('POST', '/credit_cards', { request: { ...card, token: null } })
      assert.deepEqual([made.brand, made.first_1, made.last_4, made.exp_month], ['visa', '4', '0000', 2])
      const { body: changed } = await shop.call('POST', '/credit_cards', {
        request: { number: null, token: made.token, holder: 'Jane Smith', exp_month: 3, exp_year: 2031 },
      })
      assert.deepEqual(changed, { ...made, holder: 'Jane Smith', exp_month: 3, exp_year: 2031 })
      const got = seen(await hold('', { credit_card: { token: made.token, verification_value: '123' } }))
      assert.deepEqual([got.status, got.card.token, got.card.holder], ['successful', made.token, 'Jane Smith'])
      const unknown = refused(await shop.pay('', { credit_card: { token: '2efef4c9-d4de-4603-bc84-7a9bc5456939' } }))
      assert.deepEqual([unknown.status, unknown.message], [422, 'Token does not exist.'])
      if (version === '3') assert.equal(unknown.code, 'E.1037')
    })

    test('A8: an unknown uid and an unknown path', async () => {
      for (const path of [
        '/transactions/0193500a-6d2e-7b1c-9a53-2f1c7f6a1e11',
        '/transactions/nonsense',
        '/transactions/no/such/path',
        '/v2/nothing',
        '/ctp/api/checkouts/1',
        '/async/transactions/payments',
        '/services/credit_cards/charges',
      ]) {
        const got = refused(await shop.call('GET', path))
        assert.deepEqual([got.status, got.message, got.errors], [404, 'Record not found', {}], path)
        if (version === '3') assert.equal(got.code, 'E.1004')
      }
    })

    test('A11: gateway_id is an integer, in its section and nowhere else', async () => {
      const { body } = await shop.pay(approved)
      const found: string[] = []
      const walk = (value: unknown, path: string): void => {
        if (value === null || typeof value !== 'object') return
        for (const [name, inner] of Object.entries(value)) {
          if (name === 'gateway_id') found.push(path)
          walk(inner, `${path}/${name}`)
        }
      }
      walk(body, '')
      const attempts = version === '2' ? '/transaction/cascade/attempts/0' : '/cascade/attempts/0'
      const section = version === '2' ? '/transaction/payment' : '/transaction'
      assert.deepEqual(found.sort(), [attempts, section].sort())
      assert.equal(seen({ body }).section.gateway_id, 408)
    })

    for (const [title, excluded] of [
      ['as text', ['408']],
      ['as a number', [408]],
    ] as const) {
      test(`A12: failed at one gateway, repeated without it, named ${title}`, async () => {
        const request = paymentRequest('4200000000100016')
        const first = seen(await shop.call('POST', '/transactions/payments', { request }))
        assert.deepEqual([first.status, first.section.gateway_id], ['failed', 408])
        const again = { ...request, additional_data: { excluded_gateways: excluded } }
        const second = seen(await shop.call('POST', '/transactions/payments', { request: again }))
        assert.deepEqual([second.status, second.section.gateway_id], ['successful', 409])
        assert.equal(second.binding_id, first.uid)
        assert.notEqual(second.uid, first.uid)
      })
    }

    test('A13: with every gateway excluded none is called', async () => {
      const before = callsOf(world.simulators)
      const got = seen(await shop.pay(approved, { additional_data: { excluded_gateways: [408, '409', 410, 999] } }))
      assert.deepEqual([got.status, got.code, got.section.gateway_id], ['failed', 'F.2002', null])
      assert.equal(got.smart_routing_verification.object, null)
      assert.deepEqual(got.cascade.attempts, [])
      assert.deepEqual(callsOf(world.simulators), before)
    })

    test('A17: a card that must not be tried again is not', async () => {
      // A network remembers the card over all shops: each version has a card of its own.
      const number = version === '2' ? '4200000000100040' : approved
      const scenario = version === '2' ? {} : { additional_data: { test_scenario: { '*': 'decline:43' } } }
      const request = paymentRequest(number, scenario)
      const first = seen(await shop.call('POST', '/transactions/payments', { request }))
      assert.deepEqual([first.status, first.code], ['failed', 'F.0116'])
      const before = callsOf(world.simulators)
      const again = { ...request, additional_data: { ...scenario.additional_data, excluded_gateways: [408] } }
      const second = seen(await shop.call('POST', '/transactions/payments', { request: again }))
      assert.deepEqual([second.status, second.code, second.section.gateway_id], ['failed', 'F.2004', null])
      assert.deepEqual(callsOf(world.simulators), before)
    })

    test('A21: what client libraries send for nothing is accepted', async () => {
      const answer = await shop.pay(approved, {
        notification_url: null,
        return_url: '',
        tracking_id: '',
        billing_address: { state: null, country: 'GB', zip: '' },
        additional_data: { meta: [], fiscalization: [], vendor: [] },
        custom_fields: [],
      })
      const got = seen(answer)
      assert.deepEqual([answer.status, got.status, got.tracking_id], [200, 'successful', null])
      const shown = await shop.call('GET', `/transactions/${got.uid}`, undefined, {
        'content-type': 'application/json',
      })
      assert.equal(seen(shown).uid, got.uid)
    })

    test('A22: nothing is charged again once a chain has paid', async () => {
      const request = paymentRequest('4200000000100016')
      const pay = (excluded_gateways: unknown[]) =>
        shop.call('POST', '/transactions/payments', { request: { ...request, additional_data: { excluded_gateways } } })
      const first = seen(await pay([]))
      assert.deepEqual([first.status, first.section.gateway_id], ['failed', 408])
      assert.equal(seen(await pay([408])).status, 'successful')
      const before = callsOf(world.simulators)
      for (const excluded of [[408], ['408'], [408, 409]]) {
        const got = refused(await pay(excluded))
        assert.deepEqual([got.status, got.message], [422, 'payment is already successful'])
        if (version === '3') assert.equal(got.code, 'F.0108')
      }
      assert.deepEqual(callsOf(world.simulators), before)
    })
  })
}
