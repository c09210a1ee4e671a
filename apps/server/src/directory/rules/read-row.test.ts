import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BadRow } from './bad-row.ts'
import { matchesField } from './match-field.ts'
import { readPattern } from './read-pattern.ts'
import { asRow, readCurrency, readMethod, readService } from './read-row.ts'

const known = {
  methods: new Set(['qiwi', 'test']),
  exponents: new Map(Object.entries({ RUB: 2, JPY: 0, BTC: 8 }).map(([code, exponent]) => [code, { exponent }])),
}
const service = (changes: object) =>
  readService(
    asRow({
      code: 'qiwi_rub_hpp',
      method: 'qiwi',
      flow: 'hpp',
      currency: 'RUB',
      amount_min: 0.01,
      amount_max: 100000,
      ...changes,
    }),
    'payment',
    known,
  )
const why = (read: () => unknown): string => {
  try {
    read()
  } catch (error) {
    if (error instanceof BadRow) return error.message
    throw error
  }
  return 'taken'
}

test('a service is read with its fields in their order', () => {
  const field = (key: string, position: number) => ({
    key,
    position,
    type: 'string',
    label: { en: `L ${key}`, ru: `Л ${key}` },
    hint: 'H',
    regexp: '/^\\+\\d{10,14}$/',
    required: true,
  })
  const read = service({ fields: [field('second', 2), field('first', 1)] })
  assert.deepEqual([read.amount_min_minor, read.amount_max_minor], [1n, 10_000_000n])
  assert.deepEqual(
    read.fields.map(({ key }) => key),
    ['first', 'second'],
  )
  assert.deepEqual(read.fields[0], {
    key: 'first',
    type: 'string',
    label: { en: 'L first', ru: 'Л first', uk: 'L first' },
    hint: { en: 'H', ru: 'H', uk: 'H' },
    example: null,
    regexp: '^\\+\\d{10,14}$',
    required: true,
    position: 1,
  })
})

test('limits may be text, absent or finer than the currency: they never let through more than the file says', () => {
  const limits = (changes: object) => {
    const read = service(changes)
    return [read.amount_min_minor, read.amount_max_minor]
  }
  assert.deepEqual(limits({ amount_min: '0.01000000', amount_max: '100000.00000000' }), [1n, 10_000_000n])
  assert.deepEqual(limits({ amount_min: undefined, amount_max: null }), [1n, 100_000_000_000n])
  assert.deepEqual(limits({ amount_min: 0, amount_max: 1e30 }), [1n, 100_000_000_000n])
  assert.deepEqual(limits({ amount_min: 0.001, amount_max: 9.999 }), [1n, 999n])
  assert.deepEqual(limits({ currency: 'JPY', amount_min: 0.01, amount_max: 1000000 }), [1n, 1_000_000n])
  assert.deepEqual(limits({ currency: 'BTC', amount_min: 0.00000001, amount_max: 5 }), [1n, 500_000_000n])
})

test('limits: every decimal text keeps within what it says', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 9n }), fc.integer({ min: 0, max: 12 }), (digits, decimals) => {
      const text = String(digits).padStart(decimals + 1, '0')
      const literal = decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`
      const least = service({ amount_min: literal, amount_max: '1000000000' }).amount_min_minor
      const scaled = 10n ** BigInt(decimals)
      assert.ok(least * scaled >= digits * 100n && (least - 1n) * scaled < digits * 100n, `${literal} → ${least}`)
    }),
    {
      examples: [
        [10n ** 9n, 0],
        [1n, 12],
      ],
      numRuns: 200,
    },
  )
})

test('what a service must have is named', () => {
  assert.equal(
    why(() => service({ code: undefined })),
    '"code" is missing',
  )
  assert.equal(
    why(() => service({ code: 'a b' })),
    '"code" has characters that a code may not have: a b',
  )
  assert.equal(
    why(() => service({ code: 7 })),
    '"code" is not a text',
  )
  assert.equal(
    why(() => service({ method: 'none' })),
    'method "none" is not in the directory',
  )
  assert.equal(
    why(() => service({ currency: 'ABC' })),
    'currency "ABC" is not in the directory',
  )
  assert.equal(
    why(() => service({ flow: 'h2h' })),
    'flow "h2h" is not one of hpp, invoice, test',
  )
  assert.equal(
    why(() => service({ amount_min: 'free' })),
    '"amount_min" is not an amount: free',
  )
  assert.equal(
    why(() => service({ amount_min: -1 })),
    '"amount_min" is not an amount: -1',
  )
  assert.equal(
    why(() => service({ amount_min: 5, amount_max: 4 })),
    '"amount_min" is above "amount_max"',
  )
  assert.equal(
    why(() => service({ fields: {} })),
    '"fields" is not a list',
  )
  assert.equal(
    why(() => service({ fields: [{ key: 'a' }, { key: 'a' }] })),
    'field "a" stands twice',
  )
  assert.equal(
    why(() => service({ fields: [{ label: 'x' }] })),
    'field 0: "key" is missing',
  )
  assert.equal(
    why(() => service({ fields: [{ key: 'a', regexp: '/^[$/' }] })),
    'field "a": "regexp" cannot be read: /^[$/',
  )
  assert.equal(
    why(() => service({ fields: [{ key: 'a', required: 'yes' }] })),
    'field "a": "required" is not true or false',
  )
  assert.equal(
    why(() => asRow([])),
    'the row is not an object',
  )
  assert.equal(
    why(() => asRow({ name: 'a\0b' })),
    'the row has characters that cannot be stored',
  )
  assert.equal(
    why(() => asRow({ name: '\ud800' })),
    'the row has characters that cannot be stored',
  )
})

test('a flow that is left out is the end of the code', () => {
  assert.equal(service({ flow: undefined }).flow, 'hpp')
})

test('a currency keeps its decimals up to 8', () => {
  assert.deepEqual(readCurrency({ code: 'kwd', name: { en: 'Kuwaiti Dinar' }, type: 'national', exponent: 3 }), {
    code: 'KWD',
    name: 'Kuwaiti Dinar',
    exponent: 3,
    kind: 'fiat',
  })
  assert.equal(readCurrency({ code: 'ETH', exponent: 18, type: 'crypto' }).exponent, 8)
  assert.equal(readCurrency({ code: 'WMZ', exponent: 2, type: 'digital' }).kind, 'virtual')
  assert.equal(readCurrency({ code: 'WMZ', exponent: 2, type: 'toString' }).kind, 'virtual')
  for (const exponent of [undefined, '2', -1, 2.5, 99]) {
    assert.equal(
      why(() => readCurrency({ code: 'AAA', exponent })),
      '"exponent" is not a whole number from 0 to 36',
    )
  }
})

test('a method takes a name as text or as a map, and pictures of its own', () => {
  const method = readMethod({ code: 'm', name: { ru: 'Имя' }, description: { en: 'D' } }, 'payout')
  assert.deepEqual(method, {
    code: 'm',
    category: 'alternative',
    description: 'D',
    name: { en: 'Имя', ru: 'Имя', uk: 'Имя' },
    logo: '/payout_methods/m/logo.svg',
    icon: '/payout_methods/m/icon.svg',
  })
  assert.equal(readMethod({ code: 'm', name: 'Name' }, 'payment').name.uk, 'Name')
  assert.equal(readMethod({ code: 'm' }, 'payment').name.en, 'm')
  assert.equal(
    why(() => readMethod({ code: 'm', name: 7 }, 'payment')),
    '"name" is neither a text nor a map of texts',
  )
})

test('patterns: delimiters, flags and doubled backslashes are understood', () => {
  assert.equal(readPattern('/^\\d{1,15}$/'), '^\\d{1,15}$')
  assert.equal(readPattern('/^\\d{1,15}$/u'), '^\\d{1,15}$')
  assert.equal(readPattern('^\\\\d{1,15}$'), '^\\d{1,15}$')
  assert.equal(readPattern('^\\d{1,15}$'), '^\\d{1,15}$')
  assert.equal(readPattern('^[A-Z\\\\-\\\\sa-z]{2,64}$'), '^[A-Z\\-\\sa-z]{2,64}$')
  assert.equal(readPattern(''), '^.*$')
  assert.ok(matchesField({ regexp: readPattern('/^[a-z]+$/i') }, 'ABC'))
  assert.equal(
    why(() => readPattern('/a/x')),
    '"regexp" has flags that are not supported: x',
  )
})

test('patterns: one given out with doubled backslashes comes back as it was', () => {
  const pieces = ['\\d', '\\s', '\\.', '[a-z\\-]', 'x', '{2,4}', '(a|b)', '\\+']
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...pieces.filter((piece) => piece !== '{2,4}')), { maxLength: 8 }),
      (parts) => {
        const pattern = `^${parts.join('')}$`
        assert.equal(readPattern(pattern.replaceAll('\\', '\\\\')), pattern)
      },
    ),
  )
})

test('a value fits a pattern as a whole or not at all', () => {
  assert.equal(matchesField({ regexp: '\\d{2}|x' }, '12'), true)
  assert.equal(matchesField({ regexp: '\\d{2}|x' }, '123'), false)
  assert.equal(matchesField({ regexp: '\\d{2}|x' }, 'xx'), false)
  assert.equal(matchesField({ regexp: '^\\d*$' }, '12\n'), false)
  assert.equal(matchesField({ regexp: '(' }, '('), false)
  assert.equal(matchesField({ regexp: '^.*$' }, 'a'.repeat(513)), false)
})
