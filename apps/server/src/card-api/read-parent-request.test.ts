import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBody } from '../http/json.ts'
import type { Errors } from './errors.ts'
import { readParentRequest } from './read-parent-request.ts'
import { mistakes, withField } from './sample-mistakes.ts'
import { bodyOf, cardFields, refusalOf, requestFields, sampleNow, shopWith } from './sample-requests.ts'

const shop = shopWith()
const read = (request: object | null, of = shop) => readParentRequest(bodyOf(request), of, sampleNow)
const refusal = (request: object | null, of = shop) => refusalOf(() => read(request, of))

function nestedUnder(path: string, text: string): Errors {
  const [first = '', second] = path.split('.')
  return second === undefined ? { [first]: [text] } : { [first]: { [second]: [text] } }
}

const blank = "can't be blank"
const invalid = 'is invalid'
const notANumber = 'is not a number'

for (const [path, value, text] of mistakes) {
  const sent = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 40)
  test(`${path} = ${sent}: ${text}`, () => {
    const refused = refusal(withField(path, value))
    assert.deepEqual([refused?.http, refused?.code, refused?.errors], [422, 'E.1025', nestedUnder(path, text)])
  })
}

test('fields of a test are checked in a test only', () => {
  const wrong: readonly (readonly [string, unknown])[] = [
    ['expected_bank_code', 'E.1025'],
    ['expected_bank_code', 'F.105'],
    ['expected_bank_code', {}],
    ['test_scenario', 'approve'],
    ['test_scenario', { abc: 'approve' }],
    ['test_scenario', { '408': 'explode' }],
    ['test_scenario', { '*': [] }],
    ['test_scenario', { '*': 7 }],
  ]
  for (const [name, value] of wrong) {
    const request = withField('additional_data', { [name]: value })
    const errors = { additional_data: { [name]: [invalid] } }
    assert.deepEqual(refusal({ ...request, test: true })?.errors, errors)
    assert.deepEqual(refusal(request, shopWith({ test_mode: true }))?.errors, errors)
    const live = read(request)
    assert.deepEqual([live.expected_bank_code, live.test_scenario], [null, null])
  }
})

test('every step of a scenario is accepted, and the scenario is not shown again', () => {
  const steps = [
    'approve',
    'decline:05',
    'decline:1A:03',
    'code:F.0105',
    'refuse_connection',
    'timeout:charged',
    'timeout:not_charged',
    'http500:charged',
    'http500:not_charged',
    'malformed:charged',
    'late:5:charged',
    '3ds:C',
    'slow:250',
  ]
  const additional_data = { test_scenario: { '408': steps, '*': 'approve' }, expected_bank_code: 'S.0000', meta: [] }
  const wish = read({ ...requestFields, test: true, additional_data })
  assert.deepEqual({ ...wish.test_scenario }, additional_data.test_scenario)
  assert.equal(wish.expected_bank_code, 'S.0000')
  assert.deepEqual(wish.additional_data, { expected_bank_code: 'S.0000', meta: [] })
})

test('what is missing and what is wrong is told at once, what was sent in its order', () => {
  const refused = refusal({
    customer: { ip: 'here' },
    description: '',
    amount: 0,
    credit_card: { ...cardFields, exp_year: '2010', holder: '' },
  })
  assert.deepEqual(Object.keys(refused?.errors ?? {}), ['currency', 'customer', 'description', 'amount', 'credit_card'])
  assert.equal(
    refused?.message,
    "Currency can't be blank. Ip is invalid. Description can't be blank. Amount must be greater than 0. " +
      "Holder can't be blank. Date is expired.",
  )
})

test('nothing at all sent: the description is missed before the amount', () => {
  assert.equal(
    refusal({})?.message,
    "Description can't be blank. Amount must be greater than 0. Currency can't be blank. Credit card can't be blank.",
  )
  assert.deepEqual(refusal([] as object)?.errors, refusal({})?.errors)
})

test('a body without its root object', () => {
  for (const body of [{}, { request: null }, { request: 'x' }, { request: [1] }, { amount: 100 }]) {
    const refused = refusalOf(() => readParentRequest(parseBody(JSON.stringify(body)), shop, sampleNow))
    assert.deepEqual(refused, {
      http: 422,
      code: 'E.1025',
      errors: { base: ['request is missing'] },
      message: 'request is missing',
    })
  }
})

test('a card is good to the end of its month, UTC', () => {
  const at = (now: string) =>
    refusalOf(() =>
      readParentRequest(
        bodyOf({ ...requestFields, credit_card: { ...cardFields, exp_month: 11, exp_year: 2026 } }),
        shop,
        new Date(now),
      ),
    )
  assert.equal(at('2026-11-30T23:59:59.999Z'), null)
  assert.deepEqual(at('2026-12-01T00:00:00.000Z')?.errors, { credit_card: { date: ['is expired'] } })
})

const sample = `{
  "request": {
    "dynamic_billing_descriptor": null,
    "billing_address": {
      "first_name": null, "last_name": null, "address": "Baker street 221b", "city": "London", "country": "GB", "state": null,
      "phone": null, "zip": null, "email": "john@example.com", "birth_date": null, "device_id": null
    },
    "customer": { "ip": "127.0.0.1", "email": "john@example.com" },
    "test": false,
    "notification_url": null,
    "return_url": "https://example.com/widget/confirm.html?token=e3266138b6bf0789d4bb12f584130bbe8d181199682dc3fc86b1df38c94c3a",
    "language": "ru",
    "credit_card": {
      "number": "4200 0000 0000 0000", "verification_value": "123", "holder": "John Doe", "save_card": false,
      "exp_month": "08", "exp_year": "2030"
    },
    "currency": "USD",
    "amount": 100,
    "description": "Test async #1",
    "tracking_id": "async-123",
    "additional_data": {
      "request_id": "f3c809d1-6dfe-41f8-b803-6a15782e3de0",
      "browser": {
        "screen_width": 1680, "screen_height": 1050, "screen_color_depth": 24, "language": "ru", "java_enabled": false,
        "user_agent": "Mozilla/5.0", "time_zone": -180, "accept_header": "application/json"
      },
      "vendor": { "name": "CTP", "token": "e3266138b6bfb0789d4bb12f584130bbe8dd181199682dc3fc86b1df38c94c3a" },
      "excluded_gateways": ["408", "409"]
    },
    "expired_at": null,
    "duplicate_check": false
  }
}`

test('the published sample is accepted as it stands', () => {
  const wish = readParentRequest(parseBody(sample), shop, sampleNow)
  assert.equal(wish.amount_minor, 100n)
  assert.deepEqual(wish.excluded_gateways, [408, 409])
  assert.deepEqual([wish.language, wish.duplicate_check, wish.test, wish.expired_at], ['ru', false, false, null])
  assert.deepEqual(
    [wish.card.number, wish.card.exp_month, wish.card.exp_year, wish.card.save_card],
    ['4200000000000000', 8, 2030, false],
  )
  assert.deepEqual(wish.browser, {
    screen_width: '1680',
    screen_height: '1050',
    screen_color_depth: '24',
    language: 'ru',
    java_enabled: 'false',
    user_agent: 'Mozilla/5.0',
    time_zone: '-180',
    accept_header: 'application/json',
  })
  assert.deepEqual(wish.additional_data, JSON.parse(sample).request.additional_data)
})

test('what is not sent has its default', () => {
  const wish = read(requestFields)
  assert.deepEqual(
    [wish.duplicate_check, wish.test, wish.language, wish.expired_at, wish.notification_url, wish.return_url],
    [true, false, 'en', null, null, null],
  )
  assert.deepEqual([wish.customer, wish.billing_address, wish.descriptor], [null, null, null])
  assert.deepEqual([wish.excluded_gateways, wish.cascade, wish.contract, wish.additional_data], [null, null, [], {}])
})

test('null, empty text, and an empty list for an object are the same as nothing', () => {
  const optional = [
    'tracking_id',
    'expired_at',
    'notification_url',
    'return_url',
    'language',
    'test',
    'duplicate_check',
  ]
  const plain = read({ ...requestFields, tracking_id: null })
  for (const name of optional) {
    assert.deepEqual(read({ ...requestFields, tracking_id: null, [name]: '' }), plain)
    assert.deepEqual(read({ ...requestFields, tracking_id: null, [name]: null }), plain)
  }
  for (const name of ['customer', 'billing_address', 'additional_data']) {
    assert.deepEqual(read({ ...requestFields, tracking_id: null, [name]: [] }), plain)
  }
  const lists = { meta: [], fiscalization: [], browser: [], vendor: [], card_on_file: null, avs_cvc_verification: [] }
  assert.deepEqual(read(withField('additional_data', lists)).additional_data, lists)
})

test('an amount may be digits in text, a currency in small letters, a card number with blanks and dashes', () => {
  const wish = read({
    ...requestFields,
    amount: '999999999999',
    currency: 'usd',
    credit_card: { ...cardFields, number: '4200-0000 0000-0000', exp_month: 8, exp_year: 2030 },
  })
  assert.deepEqual([wish.amount_minor, wish.currency, wish.card.number], [999_999_999_999n, 'USD', '4200000000000000'])
  assert.deepEqual([wish.card.exp_month, wish.card.exp_year], [8, 2030])
})

test('gateways to leave out: numbers and text alike, each once; an empty list is another wish than none', () => {
  const excluded = (list: unknown) => read(withField('additional_data.excluded_gateways', list)).excluded_gateways
  assert.deepEqual(excluded(['408', 408, 409, '0409', '999999999999999']), [408, 409, 999_999_999_999_999])
  assert.deepEqual(excluded([]), [])
  assert.equal(excluded(null), null)
})

test('with a token the card needs nothing else; a number beside it is not read', () => {
  const card = read({ ...requestFields, credit_card: { token: 'tok', number: 'nonsense' } }).card
  assert.deepEqual([card.token, card.number, card.verification_value, card.holder], ['tok', null, null, null])
  const wrong = refusal({ ...requestFields, credit_card: { token: 'tok', verification_value: 'x' } })
  assert.deepEqual(wrong?.errors, { credit_card: { verification_value: [notANumber] } })
})

test('a merchant who starts the payment himself needs no security code', () => {
  const { verification_value: _, ...card } = cardFields
  const request = { ...requestFields, credit_card: card }
  const asked = (initiator: string) =>
    refusal({ ...request, additional_data: { card_on_file: { initiator, type: 'resubmission' } } })
  assert.equal(asked('merchant'), null)
  assert.deepEqual(asked('customer')?.errors, { credit_card: { verification_value: [blank] } })
  assert.deepEqual(asked('nobody')?.errors, {
    credit_card: { verification_value: [blank] },
    additional_data: { card_on_file: { initiator: [invalid] } },
  })
})

test('a shop that may not send card numbers is refused, whatever else is wrong; tokens it may send', () => {
  const closed = shopWith({ raw_card_data: false })
  for (const request of [requestFields, { credit_card: { number: 'x' } }]) {
    assert.deepEqual(refusal(request, closed), { http: 403, code: 'E.1065', errors: null, message: null })
  }
  assert.equal(refusal({ ...requestFields, credit_card: { token: 'tok', number: '4200000000000000' } }, closed), null)
})

test('an address may say what the customer does not', () => {
  const address = { email: 'a@b.example', birth_date: '1990-01-02', device_id: 'd', phone: 380_441_234_567 }
  const { customer, billing_address } = read({
    ...requestFields,
    customer: { email: 'c@d.example' },
    billing_address: address,
  })
  assert.deepEqual(customer, {
    ip: null,
    email: 'c@d.example',
    phone: '380441234567',
    device_id: 'd',
    birth_date: '1990-01-02',
    external_id: null,
  })
  assert.equal(billing_address?.phone, '380441234567')
})

test('zip codes have a form in the United States only', () => {
  const zip = (country: string, code: string) =>
    refusal({ ...requestFields, billing_address: { country, zip: code } })?.errors ?? null
  assert.equal(zip('us', '90210-1234'), null)
  assert.equal(zip('GB', 'NW1 6XE'), null)
  assert.deepEqual(zip('US', 'NW1 6XE'), { billing_address: { zip: [invalid] } })
})

test('a shop may want fields of every request', () => {
  const strict = shopWith({
    required_customer_fields: ['customer.ip', 'customer.email', 'billing_address.email', 'billing_address.zip'],
  })
  assert.equal(
    refusal(requestFields, strict)?.message,
    "Ip can't be blank. Email can't be blank. Email can't be blank. Zip can't be blank.",
  )
  const good = { ...requestFields, customer: { ip: '::1' }, billing_address: { zip: '1', email: 'a@b.example' } }
  assert.equal(refusal(good, strict), null)
  assert.deepEqual(refusal({ ...good, customer: { ip: 'x' } }, strict)?.errors, { customer: { ip: [invalid] } })
  assert.deepEqual(refusal({ ...good, customer: 'x' }, strict)?.errors, { customer: [invalid] })
  assert.deepEqual(refusal({ ...good, customer: { ip: {} } }, strict)?.errors, { customer: { ip: [invalid] } })
})

test('custom fields are shown again inside additional_data', () => {
  const wish = read({ ...requestFields, custom_fields: { a: 1 }, additional_data: { referer: 'x' } })
  assert.deepEqual(wish.additional_data, { referer: 'x', custom_fields: { a: 1 } })
})
