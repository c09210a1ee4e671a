import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { draw } from '../../draw.ts'
import { countKey, countOf, smoothedRates } from './conversion.ts'
import { expectedCost, type Prices, type Tariff } from './cost.ts'
import { compare, decimalText, exactText, type Fraction, fraction, parseExact, parseFraction } from './fraction.ts'
import { type RankFacts, type RankOrder, rankCandidates } from './rank.ts'

const [a, b, c] = [1, 2, 3]
const prices: Prices = {
  exponents: new Map([
    ['USD', 2],
    ['EUR', 2],
    ['JPY', 0],
  ]),
  rates: new Map([
    ['EUR', '1.1'],
    ['JPY', '0.0067'],
  ]),
}
const tariff = (rate_percent: string, fix_minor: bigint, changes: Partial<Tariff> = {}): Tariff => ({
  currency: 'USD',
  rate_percent,
  fix_minor,
  min_minor: null,
  max_minor: null,
  ...changes,
})
const never = { draw: () => 2n ** 64n - 1n, hop_text: 'hop', explore_text: 'explore' }
const facts = (gateway_id: number, changes: Partial<RankFacts> = {}): RankFacts => ({
  gateway_id,
  priority: 0,
  cost: null,
  count: { approved: 0, counted: 0 },
  ...changes,
})
const orderOf = (strategy: RankOrder, ...candidates: RankFacts[]) => rankCandidates(strategy, candidates, never).order

const costs: readonly [what: string, tariff: Tariff, amount_minor: bigint, cost: string][] = [
  ['2.5 % + 0.10 of 100', tariff('2.5', 10n), 10_000n, '260.0000'],
  ['1.8 % + 0.90 of 100', tariff('1.8', 90n), 10_000n, '270.0000'],
  ['2.5 % + 0.10 of 10', tariff('2.5', 10n), 1_000n, '35.0000'],
  ['1.8 % + 0.90 of 10', tariff('1.8', 90n), 1_000n, '108.0000'],
  ['parts of a cent stay', tariff('2.75', 0n), 101n, '2.7775'],
  ['at least the minimum', tariff('1', 0n, { min_minor: 30n }), 1_000n, '30.0000'],
  ['at most the maximum', tariff('1', 50n, { max_minor: 100n }), 1_000_000n, '100.0000'],
  ['a fix amount in euros', tariff('1', 10n, { currency: 'EUR' }), 1_000n, '21.0000'],
  ['a minimum in yen, which have no cents', tariff('0', 0n, { currency: 'JPY', min_minor: 100n }), 1_000n, '67.0000'],
]
for (const [what, terms, amount_minor, cost] of costs) {
  test(`expected cost: ${what}`, () => {
    assert.equal(decimalText(expectedCost(terms, amount_minor, 'USD', prices) as Fraction, 4), cost)
  })
}

test('the cheaper route changes with the amount', () => {
  const at = (amount_minor: bigint) =>
    orderOf(
      { type: 'cost' },
      facts(a, { cost: expectedCost(tariff('2.5', 10n), amount_minor, 'USD', prices) }),
      facts(b, { cost: expectedCost(tariff('1.8', 90n), amount_minor, 'USD', prices) }),
    )
  assert.deepEqual(at(10_000n), [a, b])
  assert.deepEqual(at(1_000n), [a, b])
  assert.deepEqual(at(20_000n), [b, a])
})

test('a route without a tariff, or with one that cannot be converted, comes last', () => {
  assert.equal(expectedCost(null, 1n, 'USD', prices), null)
  assert.equal(expectedCost(tariff('1', 0n, { currency: 'GBP' }), 1n, 'USD', prices), null)
  assert.deepEqual(orderOf({ type: 'cost' }, facts(a), facts(b, { cost: fraction(999n) })), [b, a])
})

test('rates are smoothed towards the rate of all, as the contract reckons', () => {
  const counts = [
    { approved: 180, counted: 200 },
    { approved: 8, counted: 10 },
    { approved: 0, counted: 0 },
  ] as const
  assert.deepEqual(
    smoothedRates(counts).map((rate) => decimalText(rate, 6)),
    ['0.899048', '0.879365', '0.895238'],
  )
  const candidates = counts.map((count, index) => facts([a, b, c][index] as number, { count }))
  assert.deepEqual(orderOf({ type: 'conversion' }, ...candidates), [a, c, b])
  assert.deepEqual(
    smoothedRates([{ approved: 0, counted: 0 }]).map((rate) => decimalText(rate, 6)),
    ['0.500000'],
  )
})

test('a kind of card speaks for itself from 100 counted attempts on', () => {
  const route = { gateway_id: a, method: 'payment_card', currency: 'USD' }
  const card = { brand: 'visa', issuer_country: 'DE' }
  const whole = { approved: 500, counted: 1000 }
  const statistics = (counted: number) =>
    new Map([
      [countKey(route), whole],
      [countKey(route, card), { approved: 90, counted }],
    ])
  assert.deepEqual(countOf(statistics(99), route, card), whole)
  assert.deepEqual(countOf(statistics(100), route, card), { approved: 90, counted: 100 })
  assert.deepEqual(countOf(statistics(100), route, null), whole)
  assert.deepEqual(countOf(statistics(100), { ...route, currency: 'EUR' }, card), { approved: 0, counted: 0 })
})

test('ties go by priority, then by the lower gateway id', () => {
  const cost = fraction(5n)
  assert.deepEqual(orderOf({ type: 'cost' }, facts(c, { cost }), facts(b, { cost, priority: 1 }), facts(a, { cost })), [
    b,
    a,
    c,
  ])
})

test('then orders ties, and what lies within the tolerance of the best', () => {
  const candidates = [
    facts(a, { cost: fraction(100n), count: { approved: 10, counted: 100 } }),
    facts(b, { cost: fraction(110n), count: { approved: 90, counted: 100 } }),
    facts(c, { cost: fraction(111n), count: { approved: 99, counted: 100 } }),
  ]
  const order = (tolerance_percent: number) =>
    orderOf({ type: 'cost', then: 'conversion', tolerance_percent }, ...candidates)
  assert.deepEqual(order(0), [a, b, c])
  assert.deepEqual(order(10), [b, a, c])
  assert.deepEqual(order(11), [c, b, a])
  assert.deepEqual(orderOf({ type: 'conversion', then: 'cost', tolerance_percent: 50 }, ...candidates), [b, c, a])
  assert.deepEqual(orderOf({ type: 'cost', then: 'priority' }, facts(c), facts(a)), [c, a])
})

test('one payment in twenty tries its routes by equal chance, the same one on every machine', () => {
  const candidates = [facts(a), facts(b), facts(c)]
  const counts = new Map<number, number>()
  let exploring = 0
  const payments = 40_000
  for (let i = 0; i < payments; i += 1) {
    const run = { draw, hop_text: `pay_${i}:v1:1`, explore_text: `pay_${i}:v1:explore` }
    const ranking = rankCandidates({ type: 'conversion' }, candidates, run)
    assert.deepEqual(ranking, rankCandidates({ type: 'conversion' }, candidates, run))
    if (!ranking.explore) continue
    exploring += 1
    counts.set(ranking.order[0] as number, (counts.get(ranking.order[0] as number) ?? 0) + 1)
  }
  // 2,000 expected; six standard deviations are 262. Of each route 667 and 127.
  assert.ok(Math.abs(exploring - 2000) < 262, String(exploring))
  for (const id of [a, b, c]) assert.ok(Math.abs((counts.get(id) ?? 0) - exploring / 3) < 127, String(counts.get(id)))
})

test('exploring stops below its share, is off at 0, and belongs to conversion only', () => {
  const edge = (5n << 64n) / 100n
  const run = (u: bigint) => ({ ...never, draw: () => u })
  assert.equal(rankCandidates({ type: 'conversion' }, [facts(a)], run(edge)).explore, true)
  assert.equal(rankCandidates({ type: 'conversion' }, [facts(a)], run(edge + 1n)).explore, false)
  assert.equal(rankCandidates({ type: 'conversion', explore_percent: 0 }, [facts(a)], run(0n)).explore, false)
  assert.equal(rankCandidates({ type: 'cost' }, [facts(a)], run(0n)).explore, false)
})

const amount = fc.bigInt({ min: 0n, max: 10n ** 12n })
const candidate = fc.record({
  priority: fc.integer({ min: 0, max: 2 }),
  cost: fc.option(fc.tuple(amount, fc.constantFrom(1n, 3n, 100n)).map(([n, d]) => fraction(n, d))),
  count: fc.nat(300).chain((counted) => fc.nat(counted).map((approved) => ({ approved, counted }))),
})
const strategy: fc.Arbitrary<RankOrder> = fc.constantFrom<RankOrder>(
  { type: 'cost' },
  { type: 'conversion' },
  { type: 'cost', then: 'conversion', tolerance_percent: 10 },
  { type: 'conversion', then: 'cost', tolerance_percent: 3 },
  { type: 'cost', then: 'priority', tolerance_percent: 5 },
)

test('an order holds every candidate once, the best first, whatever order they are written in', () => {
  fc.assert(
    fc.property(fc.array(candidate, { minLength: 1, maxLength: 8 }), strategy, fc.nat(), (list, by, turn) => {
      const written = list.map((one, index) => ({ ...one, gateway_id: index + 1 }))
      const { order, scores } = rankCandidates(by, written, never)
      assert.deepEqual([...order].sort(), written.map(({ gateway_id }) => gateway_id).sort())
      if (by.then === undefined) {
        const known = order.map((id) => scores.get(id) ?? null)
        const values = known.filter((value) => value !== null)
        assert.ok(known.slice(values.length).every((value) => value === null))
        for (let i = 1; i < values.length; i += 1) {
          const step = compare(values[i - 1] as Fraction, values[i] as Fraction)
          assert.ok(by.type === 'cost' ? step <= 0 : step >= 0)
        }
      }
      if (by.then !== 'priority') {
        const turned = [...written.slice(turn % written.length), ...written.slice(0, turn % written.length)]
        assert.deepEqual(rankCandidates(by, turned, never).order, order)
      }
    }),
  )
})

test('fractions are exact, and read back from their text', () => {
  assert.throws(() => parseFraction('1e3'))
  fc.assert(
    fc.property(amount, fc.bigInt({ min: 1n, max: 10n ** 9n }), (n, d) => {
      assert.deepEqual(parseExact(exactText({ n, d })), { n, d })
      assert.equal(compare({ n, d }, { n: n * 7n, d: d * 7n }), 0)
      assert.equal(compare({ n, d }, { n: n + 1n, d }), -1)
    }),
  )
  assert.equal(decimalText(fraction(1n, 3n), 4), '0.3333')
  assert.equal(decimalText(fraction(2n, 3n), 0), '1')
  assert.deepEqual(parseFraction('12.50'), { n: 1250n, d: 100n })
})
