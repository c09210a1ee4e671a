import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { eventNames } from './events.ts'
import { type CascadeHandlers, Conflict, createCascadeHandler, NotFound, Refusal } from './provider-kit.ts'
import { publishedExamples } from './published-examples.ts'
import { api_key, testProvider } from './test-provider.ts'
import { writeEvent } from './write-event.ts'

const create = publishedExamples.CREATE_PAYMENT.request
const get = publishedExamples.GET_PAYMENT.request
const throwing = (error: unknown): Partial<CascadeHandlers> => ({
  createPayment: async () => {
    throw error
  },
})

describe('the published examples', () => {
  for (const event of eventNames) {
    test(`${event} is answered as published`, async () => {
      const { request, answer } = publishedExamples[event]
      const { send, heard } = testProvider()
      const got = await send(request)
      assert.equal(got.status, event === 'CREATE_PAYMENT' ? 201 : 200)
      assert.deepEqual(got.document, JSON.parse(answer ?? '{}'))
      const { data } = JSON.parse(request)
      const texts = Object.entries(data).map(([name, value]) => [
        name,
        name === 'amount' || name === 'currencyRate' ? String(value) : value,
      ])
      assert.deepEqual(heard[0]?.data, Object.fromEntries(texts))
      assert.deepEqual(await send(request.replace('CascadeEvents.', '')), got)
    })
  }

  test('each method is answered with its own number', async () => {
    const { send } = testProvider()
    assert.equal((await send(create.replace('card', 'sbp'))).document.sbpNumber, '+79001231234')
    assert.equal((await send(create.replace('card', 'account'))).document.accountNumber, '40817810000000001234')
  })
})

describe('401, 405, 413, 400', () => {
  test('without the right key nothing else is told', async () => {
    const { send, heard } = testProvider()
    for (const key of [undefined, '', 'wrong', `${api_key} `, api_key.slice(0, -1), api_key.toUpperCase()]) {
      const answer = await send('no json', { 'x-api-key': key }, 'GET')
      assert.equal(answer.status, 401)
      assert.equal(answer.document.code, 'UNAUTHORIZED')
    }
    assert.equal(heard.length, 0)
  })

  test('two keys are good while one replaces the other', async () => {
    const keys = ['the-old-key-of-a-provider', 'the-new-key-of-a-provider']
    const { send } = testProvider({}, { apiKey: keys })
    for (const key of keys) assert.equal((await send(get, { 'x-api-key': key })).status, 200)
    assert.equal((await send(get)).status, 401)
  })

  test('a key nobody could type into the dashboard is refused at once', () => {
    const { handlers } = { handlers: {} as CascadeHandlers }
    for (const apiKey of ['', 'short', 'ключ-из-шестнадцати-знаков', 'with blank in the middle', 'a'.repeat(257), []]) {
      assert.throws(() => createCascadeHandler({ apiKey, handlers }), TypeError)
    }
  })

  test('only POST', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'HEAD']) {
      const { status, headers, document } = await testProvider().send('', {}, method)
      assert.deepEqual([status, headers.allow, document.code], [405, 'POST', 'METHOD_NOT_ALLOWED'])
    }
  })

  test('64 KiB are read, one byte more is not', async () => {
    const { send } = testProvider()
    const filled = get + ' '.repeat(65_536 - get.length)
    assert.equal((await send(filled)).status, 200)
    const more = await send(`${filled} `)
    assert.deepEqual([more.status, more.document.code], [413, 'BODY_TOO_LARGE'])
  })

  test('what is no JSON object', async () => {
    const { send } = testProvider()
    for (const body of ['', '[]', '"x"', 'null', '{', new Uint8Array([0x7b, 0xff, 0x7d])]) {
      const { status, document } = await send(body)
      assert.deepEqual([status, document.code], [400, 'BAD_JSON'])
    }
  })

  test('events that do not exist', async () => {
    const { send } = testProvider()
    for (const event of [
      '',
      'create_payment',
      'CascadeEvents.',
      'Other.GET_PAYMENT',
      'CascadeEvents.CascadeEvents.GET_PAYMENT',
      5,
      null,
    ]) {
      const { status, document } = await send(JSON.stringify({ event, data: { id: 'a' } }))
      assert.deepEqual([status, document.code], [400, 'UNKNOWN_EVENT'])
    }
  })
})

describe('422: data', () => {
  const good = { amount: 3900, method: 'card', currencyRate: 85.5, currency: 'RUB', transactionWindowInMin: 30 }
  const wrong: [string, unknown][] = [
    ['amount', 0],
    ['amount', -1],
    ['amount', '3900'],
    ['amount', null],
    ['amount', 1e30],
    ['amount', undefined],
    ['method', 'cash'],
    ['method', ['card']],
    ['method', undefined],
    ['currencyRate', 0],
    ['currencyRate', true],
    ['currencyRate', undefined],
    ['currency', 'rub'],
    ['currency', 643],
    ['currency', undefined],
    ['transactionWindowInMin', 0],
    ['transactionWindowInMin', 1.5],
    ['transactionWindowInMin', '30'],
    ['transactionWindowInMin', null],
  ]
  for (const [field, value] of wrong) {
    test(`CREATE_PAYMENT with ${field} ${JSON.stringify(value) ?? 'missing'}`, async () => {
      const { send, heard } = testProvider()
      const { status, document } = await send(
        JSON.stringify({ event: 'CREATE_PAYMENT', data: { ...good, [field]: value } }),
      )
      assert.deepEqual([status, document.code, Object.keys(document.errors)], [422, 'INVALID_DATA', [field]])
      assert.equal(heard.length, 0)
    })
  }

  test('every mistake is told at once', async () => {
    const { document } = await testProvider().send('{"event":"CREATE_PAYMENT","data":{}}')
    assert.deepEqual(Object.keys(document.errors).sort(), ['amount', 'currency', 'currencyRate', 'method'])
  })

  test('ids and links', async () => {
    const { send } = testProvider()
    const status = async (event: string, data: unknown) => (await send(JSON.stringify({ event, data }))).status
    for (const id of ['', 'a'.repeat(129), 'a\nb', '\ud800', 5, null, undefined]) {
      for (const event of eventNames.slice(1))
        assert.equal(await status(event, { id, amount: 1, url: 'http://a' }), 422)
    }
    assert.equal(await status('GET_PAYMENT', { id: 'a'.repeat(128) }), 200)
    for (const url of ['', '/receipt.pdf', 'ftp://a/b', 'javascript:alert(1)', `http://a/${'b'.repeat(2048)}`, 5]) {
      assert.equal(await status('CREATE_APPEAL', { id: 'a', amount: 1, url }), 422)
    }
    for (const data of [undefined, null, [], 'x', 5]) assert.equal(await status('GET_PAYMENT', data), 422)
  })

  test('3900, 3900.0, 3900.00 and 3.9e3 are one amount; a window may be missing', async () => {
    const { send, heard } = testProvider()
    for (const amount of ['3900', '3900.0', '3900.00', '3.9e3']) {
      await send(
        `{"event":"CREATE_PAYMENT","data":{"amount":${amount},"method":"sbp","currencyRate":1,"currency":"EUR"}}`,
      )
    }
    const data = { amount: '3900', method: 'sbp', currencyRate: '1', currency: 'EUR' }
    assert.deepEqual(
      heard.map((one) => one.data),
      [data, data, data, data],
    )
  })
})

describe('what handlers throw', () => {
  for (const [code, status] of [
    ['INSUFFICIENT_BALANCE', 402],
    ['NO_REQUISITES', 409],
    ['DUPLICATE', 409],
    ['THROTTLED', 429],
    ['AMOUNT_OUT_OF_RANGE', 422],
    ['METHOD_UNSUPPORTED', 422],
    ['CURRENCY_UNSUPPORTED', 422],
    ['RATE_REJECTED', 422],
    ['OTHER', 400],
  ] as const) {
    test(`Refusal ${code} is ${status}`, async () => {
      const answer = await testProvider(throwing(new Refusal(code, 'not now'))).send(create)
      assert.deepEqual([answer.status, answer.document], [status, { code, message: 'not now' }])
    })
  }

  test('a refusal may have a status of its own, but only a 4xx', async () => {
    assert.equal((await testProvider(throwing(new Refusal('OTHER', 'gone', 410))).send(create)).status, 410)
    const busy = await testProvider(throwing(new Refusal('THROTTLED', 'busy', undefined, 30))).send(create)
    assert.equal(busy.headers['retry-after'], '30')
    for (const status of [200, 302, 500, 404.5]) assert.throws(() => new Refusal('OTHER', '', status), RangeError)
  })

  test('NotFound is 404, Conflict is 409', async () => {
    const missing = await testProvider(throwing(new NotFound())).send(create)
    assert.deepEqual([missing.status, missing.document.code], [404, 'NOT_FOUND'])
    const late = await testProvider(throwing(new Conflict('paid already'))).send(create)
    assert.deepEqual([late.status, late.document], [409, { code: 'CONFLICT', message: 'paid already' }])
  })

  test('anything else is 500 and tells nothing, not even to the log', async () => {
    for (const error of [new Error('owner Ivan at 5363542310297979'), 'Ivan', null, undefined, { Ivan: 1 }]) {
      const { send, logged } = testProvider(throwing(error))
      const answer = await send(create)
      assert.deepEqual([answer.status, answer.document], [500, { code: 'INTERNAL', message: 'internal error' }])
      assert.equal(logged[0]?.level, 'error')
      assert.doesNotMatch(JSON.stringify(logged), /Ivan|5363542310297979/)
    }
  })

  test('a handler that throws before it returns a promise, and a logger that throws, cost no answer', async () => {
    const sync = () => {
      throw new Conflict()
    }
    const { send } = testProvider({ getPayment: sync, cancelAppeal: sync, createAppeal: sync })
    assert.equal((await send(get)).status, 409)
    assert.equal((await send(publishedExamples.CANCEL_APPEAL.request)).status, 409)
    assert.equal((await send(publishedExamples.CREATE_APPEAL.request)).status, 409)
    const loud = { info: sync, error: sync }
    assert.equal((await testProvider({}, { logger: loud }).send(get)).status, 200)
  })
})

describe('what handlers give back', () => {
  const issued = { id: 'a', status: 'pending', bank: 'B', owner: 'O', cardNumber: '4000000000000002' } as const
  const giving = (result: unknown) => testProvider({ createPayment: async () => result as typeof issued })
  const wrong: [string, unknown][] = [
    ['id', undefined],
    ['id', ''],
    ['id', 5],
    ['status', undefined],
    ['status', 'paid'],
    ['status', 'appeal'],
    ['bank', undefined],
    ['bank', ' '],
    ['owner', 'a'.repeat(257)],
    ['cardNumber', undefined],
    ['cardNumber', '4000'],
    ['cardNumber', 4000000000000002],
  ]
  for (const [field, value] of wrong) {
    test(`${field} ${JSON.stringify(value)?.slice(0, 20) ?? 'missing'} is the provider's own mistake`, async () => {
      const { send, logged } = giving({ ...issued, [field]: value })
      const { status, document } = await send(create)
      assert.deepEqual([status, document], [500, { code: 'INTERNAL', message: 'internal error' }])
      assert.match(JSON.stringify(logged[0]), /must|cannot/)
    })
  }

  test('nothing, and the number of another method', async () => {
    for (const result of [undefined, null, 5, 'x']) assert.equal((await giving(result).send(create)).status, 500)
    assert.equal((await giving(issued).send(create.replace('card', 'sbp'))).status, 500)
    const silent = testProvider({ getPayment: async () => undefined as never })
    assert.equal((await silent.send(get)).status, 500)
  })

  test('fields the contract does not know stay inside; a failed creation is a refusal', async () => {
    assert.deepEqual((await giving({ ...issued, trader: 'secret' }).send(create)).document, issued)
    const failed = await giving({ ...issued, status: 'failed' }).send(create)
    assert.deepEqual([failed.status, failed.document.code], [400, 'OTHER'])
  })

  test('an appeal without an id is {}', async () => {
    const { send } = testProvider({ createAppeal: async () => {} })
    assert.equal((await send(publishedExamples.CREATE_APPEAL.request)).body, '{}')
  })
})

test('the log shows what happened, masked, and never the key', async () => {
  const { send, logged } = testProvider()
  await send(create, { 'x-request-id': 'r-1' })
  await send(writeEvent('CREATE_APPEAL', { id: 'a', amount: '5', url: 'https://a/r.pdf?exp=1&sig=secret' }))
  await send(create, { 'x-api-key': 'a wrong key' })
  const text = JSON.stringify(logged)
  assert.match(text, /"event":"CREATE_PAYMENT","status":201,.*"request_id":"r-1".*536354\*{6}7979/)
  assert.doesNotMatch(text, /5363 5423 1029 7979|Ivan Ivanov|secret|wrong key|a-key-of/)
})
