/** Fields with a form of their own: amounts, URLs, addresses, dates, times. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Fields } from './fields.ts'
import { type JsonObject, parseBody } from './json.ts'
import { InvalidFields } from './problem.ts'

function errorsOf(fields: Fields): Record<string, string> {
  try {
    fields.check()
    return {}
  } catch (error) {
    assert.ok(error instanceof InvalidFields)
    return { ...error.fields }
  }
}

/** Minor units, or the message. */
function amount(json: string, exponent: number): bigint | string | null {
  const fields = new Fields(parseBody(`{"amount":${json}}`))
  const minor = fields.amount('amount', exponent, { required: true })
  return errorsOf(fields).amount ?? minor
}

const notANumber = 'This value is not a valid number.'
const notPositive = 'This value should be greater than 0.'
const blank = 'This value should not be blank.'

test('amounts: accepted forms', () => {
  const table: [string, number, bigint][] = [
    ['10', 2, 1000n],
    ['10.5', 2, 1050n],
    ['"10.5"', 2, 1050n],
    ['10.000', 2, 1000n],
    ['"10.000"', 2, 1000n],
    ['1e2', 2, 10000n],
    ['1.5E+1', 0, 15n],
    ['125e-2', 2, 125n],
    ['10.00', 0, 10n],
    ['"007"', 2, 700n],
    ['0.1', 2, 10n],
    ['0.00000001', 8, 1n],
    ['1.001', 3, 1001n],
    ['1000000000', 2, 100000000000n],
    ['"1000000000.00"', 2, 100000000000n],
    ['999999999.99', 2, 99999999999n],
  ]
  for (const [json, exponent, minor] of table) assert.equal(amount(json, exponent), minor, json)
})

test('amounts: refusals, the first rule that fails', () => {
  const table: [string, number, string][] = [
    ['null', 2, blank],
    ['""', 2, blank],
    ['" "', 2, blank],
    ['"ten"', 2, notANumber],
    ['"1e2"', 2, notANumber],
    ['"+1"', 2, notANumber],
    ['" 1"', 2, notANumber],
    ['"1."', 2, notANumber],
    ['".5"', 2, notANumber],
    ['"1,5"', 2, notANumber],
    ['"0x10"', 2, notANumber],
    ['"NaN"', 2, notANumber],
    ['"١٢"', 2, notANumber],
    ['true', 2, notANumber],
    ['{}', 2, notANumber],
    ['[10]', 2, notANumber],
    ['[]', 2, notANumber],
    ['0', 2, notPositive],
    ['-0', 2, notPositive],
    ['"0.000"', 2, notPositive],
    ['0e500', 2, notPositive],
    ['-1', 2, notPositive],
    ['-0.001', 2, notPositive],
    ['"-5"', 2, notPositive],
    ['10.001', 2, 'This value should have no more than 2 decimal places.'],
    ['1e-400', 2, 'This value should have no more than 2 decimal places.'],
    ['10.5', 0, 'This value should be a whole number.'],
    ['1000000000.01', 2, 'This value should be less than or equal to 1000000000.'],
    ['1e300', 2, 'This value should be less than or equal to 1000000000.'],
    ['9007199254740993', 2, 'This value should be less than or equal to 1000000000.'],
  ]
  for (const [json, exponent, message] of table) assert.equal(amount(json, exponent), message, json)
})

test('an amount that is not required may be left out, but not be empty text', () => {
  assert.equal(new Fields({}).amount('amount', 2), null)
  const fields = new Fields({ amount: '' })
  fields.amount('amount', 2)
  assert.deepEqual(errorsOf(fields), { amount: notANumber })
})

test('an amount means the same written as a number, as text, with an exponent and with zeros behind', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 10n ** 11n), fc.constantFrom(0, 2, 3, 8), fc.nat(6), (minor, exponent, zeros) => {
      fc.pre(minor <= 10n ** (9n + BigInt(exponent)))
      const digits = minor.toString().padStart(exponent + 1, '0')
      const plain =
        exponent === 0 ? `${digits}` : `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}${'0'.repeat(zeros)}`
      assert.equal(amount(plain, exponent), minor)
      assert.equal(amount(`"${plain}"`, exponent), minor)
      assert.equal(amount(`${minor}e-${exponent}`, exponent), minor)
    }),
    { numRuns: 300 },
  )
})

test('URLs: absolute http and https without user info, at most 2048 characters', () => {
  const good = [
    'https://shop.example',
    'http://shop.example/a?b=c#d',
    'HTTPS://Shop.Example:8443/',
    'https://мерчант.укр/шлях',
    'http://127.0.0.1:3000/x',
    'http://[::1]/x',
    `https://shop.example/${'a'.repeat(2027)}`,
  ]
  for (const url of good) {
    const fields = new Fields({ url: ` ${url}\n` })
    assert.equal(fields.url('url'), url)
    assert.deepEqual(errorsOf(fields), {})
  }
  const bad = [
    '',
    'shop.example',
    '//shop.example',
    '/path',
    'https:shop.example',
    'https:///shop.example',
    'https://',
    'http://?x',
    'ftp://shop.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://user@shop.example',
    'https://user:pw@shop.example',
    'https://@shop.example',
    'https://shop.example\\@evil.example',
    'https://shop.exa mple',
    'https://shop.example/\u0001',
    'https://shop.example/\nx',
    'https://shop.example:99999',
    'https://%00/',
    'https://shop.example/"><script>',
  ]
  for (const url of bad) {
    const fields = new Fields({ url })
    assert.equal(fields.url('url'), null, url)
    assert.deepEqual(errorsOf(fields), { url: 'This value is not a valid URL.' }, url)
  }
  const long = new Fields({ url: `https://shop.example/${'a'.repeat(2028)}` })
  long.url('url')
  assert.deepEqual(errorsOf(long), { url: 'This value is too long. The limit is 2048 characters.' })
})

test('callback targets: malformed and refused are two messages', () => {
  const verdict = (callback_url: string, test_mode: boolean, allow_private = false): string | undefined => {
    const fields = new Fields({ callback_url })
    fields.callbackUrl('callback_url', { test_mode, allow_private })
    return errorsOf(fields).callback_url
  }
  assert.equal(verdict('https://shop.example/cb', false), undefined)
  assert.equal(verdict('http://shop.example/cb', true), undefined)
  assert.equal(verdict('http://shop.example/cb', false), 'This URL is not allowed.')
  assert.equal(verdict('https://10.0.0.1/cb', false), 'This URL is not allowed.')
  assert.equal(verdict('https://localhost/cb', true), 'This URL is not allowed.')
  assert.equal(verdict('http://localhost/cb', false, true), undefined)
  assert.equal(verdict('nonsense', true), 'This value is not a valid URL.')
})

test('e-mail addresses', () => {
  const good = ['a@b.co', 'first.last+tag@sub.example.com', "o'neil@example.org", `${'a'.repeat(64)}@example.com`]
  for (const email of good) assert.equal(new Fields({ email: ` ${email} ` }).email('email'), email)
  const bad = [
    '',
    'a',
    'a@b',
    '@b.co',
    'a@',
    'a b@c.co',
    'a@b..co',
    '.a@b.co',
    'a.@b.co',
    'a..b@c.co',
    'a@-b.co',
    'a@b.co,c@d.co',
    'a@b.co\n.x',
  ]
  for (const email of bad) {
    const fields = new Fields({ email })
    assert.equal(fields.email('email'), null, email)
    assert.deepEqual(errorsOf(fields), { email: 'This value is not a valid email address.' }, email)
  }
  const long = new Fields({
    email: `a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(20)}`,
  })
  long.email('email')
  assert.deepEqual(errorsOf(long), { email: 'This value is too long. The limit is 254 characters.' })
})

test('dates exist in the calendar and lie in the past when asked', () => {
  const before = new Date('2026-03-01T10:00:00Z')
  const date = (sent: unknown): string | null => new Fields({ d: sent } as JsonObject).date('d', { before })
  for (const text of ['1990-01-31', '2000-02-29', '2026-02-28', '2026-03-01']) assert.equal(date(text), text)
  for (const text of [
    '2026-03-02',
    '1990-02-30',
    '1900-02-29',
    '1990-1-1',
    '31.01.1990',
    '1990-01-31T00:00:00Z',
    '',
    'x',
    19900131,
  ]) {
    assert.equal(date(text), null, String(text))
  }
  const fields = new Fields({ d: '2026-03-02' })
  fields.date('d', { before })
  assert.deepEqual(errorsOf(fields), { d: 'This value is not a valid date.' })
})

test('countries are assigned alpha-2 codes, in any case', () => {
  for (const [sent, code] of [
    ['ua', 'UA'],
    [' GB ', 'GB'],
    ['Us', 'US'],
  ] as const) {
    assert.equal(new Fields({ c: sent }).country('c'), code)
  }
  for (const c of ['XX', 'UKR', 'U', '', 'EU', '1']) {
    const fields = new Fields({ c })
    assert.equal(fields.country('c'), null)
    assert.deepEqual(errorsOf(fields), { c: 'This value is not a valid country.' })
  }
})

test('times: ISO-8601 with an offset, or unix seconds', () => {
  const table: [unknown, string][] = [
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T10:00Z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01t10:00:00z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T12:00:00+02:00', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T12:00:00+0200', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T04:30:00.25-05:30', '2026-03-01T10:00:00.250Z'],
    ['2026-03-01T10:00:00.123456789Z', '2026-03-01T10:00:00.123Z'],
    [1772359200, '2026-03-01T10:00:00.000Z'],
    [' 1772359200 ', '2026-03-01T10:00:00.000Z'],
  ]
  for (const [sent, iso] of table) {
    assert.equal(new Fields({ t: sent } as JsonObject).time('t')?.toISOString(), iso, String(sent))
  }
  const bad = [
    '2026-03-01T10:00:00',
    '2026-03-01',
    '2026-02-30T10:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T10:60:00Z',
    'tomorrow',
    '',
    -1,
    1.5,
    true,
    {},
    '1e9',
    '99999999999999',
  ]
  for (const sent of bad) {
    const fields = new Fields({ t: sent } as JsonObject)
    assert.equal(fields.time('t'), null, String(sent))
    assert.deepEqual(errorsOf(fields), { t: 'This value is not a valid datetime.' })
  }
})

test('every instant written in any offset is read back', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1970-01-02'), max: new Date('2099-01-01'), noInvalidDate: true }),
      fc.integer({ min: -14 * 60, max: 14 * 60 }),
      (instant, offset_minutes) => {
        const local = new Date(instant.getTime() + offset_minutes * 60_000).toISOString().slice(0, -1)
        const two = (part: number): string => String(Math.trunc(Math.abs(part))).padStart(2, '0')
        const text = `${local}${offset_minutes < 0 ? '-' : '+'}${two(offset_minutes / 60)}:${two(offset_minutes % 60)}`
        assert.equal(new Fields({ t: text }).time('t')?.getTime(), instant.getTime())
      },
    ),
    { numRuns: 200 },
  )
})
