import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readServiceTerms } from './read-service-terms.ts'

const euro = { code: 'EUR', exponent: 2 }
const both = [true, false]

const taken: readonly [words: string, terms: object, modes?: readonly boolean[]][] = [
  ['', {}],
  ['on', { active: true }],
  ['off', { active: false }],
  ['off mode=live', { active: false }, [false]],
  ['mode=test', {}, [true]],
  ['fee_rate=2.9', { fee_rate: '2.9' }],
  ['fee_rate=99.999999', { fee_rate: '99.999999' }],
  ['fee_fix=0.3', { fee_fix_minor: 30n }],
  ['fee_min=0 fee_max=20', { fee_min_minor: 0n, fee_max_minor: 2000n }],
  [
    'on reserve_rate=100 reserve_lifetime_minutes=60',
    { active: true, reserve_rate: '100', reserve_lifetime_minutes: 60 },
  ],
  ['enabled=false', { enabled: false }],
]
for (const [words, terms, modes = both] of taken) {
  test(`"${words}" is taken`, () =>
    assert.deepEqual(readServiceTerms(words === '' ? [] : words.split(' '), euro), {
      wish: { terms, modes },
      mistake: null,
    }))
}

test('an amount has the decimals of the base currency', () => {
  const fix = (code: string, exponent: number, text: string) =>
    readServiceTerms([`fee_fix=${text}`], { code, exponent }).wish?.terms.fee_fix_minor
  assert.deepEqual([fix('JPY', 0, '30'), fix('KWD', 3, '0.125'), fix('BTC', 8, '0.00000001')], [30n, 125n, 1n])
  assert.equal(fix('JPY', 0, '0.5'), undefined)
  assert.equal(fix('ETH', 18, '9.223372036854775807'), 2n ** 63n - 1n)
  assert.equal(fix('ETH', 18, '9.223372036854775808'), undefined)
})

const refused: readonly [words: string, pattern: RegExp][] = [
  ['fee=3', /^there is no term "fee"; there are fee_rate, fee_fix, fee_min,/],
  ['fee_rate=3 on', /there is no term "on"/],
  ['fee_rate=100', /fee_rate takes percent from 0 to below 100 with at most 6 decimals/],
  ['fee_rate=2,9', /fee_rate takes/],
  ['fee_rate=-1', /fee_rate takes/],
  ['fee_rate=1e1', /fee_rate takes/],
  ['fee_rate=0.1234567', /fee_rate takes/],
  ['fee_fix=0.301', /fee_fix takes an amount in EUR with at most 2 decimals, such as 0.30/],
  ['fee_fix=30c', /fee_fix takes/],
  ['fee_min=', /fee_min takes/],
  ['fee_max=-5', /fee_max takes/],
  ['reserve_rate=101', /reserve_rate takes percent from 0 to 100/],
  ['reserve_lifetime_minutes=525601', /reserve_lifetime_minutes takes a whole number of minutes from 0 to 525600/],
  ['enabled=1', /enabled takes true or false/],
  ['mode=both', /mode takes test or live/],
  ['fee_rate=2 fee_rate=3', /fee_rate is given twice/],
]
for (const [words, pattern] of refused) {
  test(`"${words}" is refused`, () => assert.match(readServiceTerms(words.split(' '), euro).mistake ?? '', pattern))
}
