import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { draw } from '../../draw.ts'
import { type Candidate, drawText, orderCandidates, randomBucket, takeFirst } from './order.ts'

const [a, b, c] = [1, 2, 3]
const shares = [
  { gateway_id: a, weight: 3 },
  { gateway_id: b, weight: 1 },
  { gateway_id: c, weight: 1 },
] as const satisfies readonly Candidate[]
const version_id = 'scheme_1.v1'

/** Draws of the contract: the route of hop 1 with its x, and the route of hop 2 among the rest. */
const vectors: readonly [payment_id: string, first: number, x: number | null, second: number][] = [
  ['pay_0001', b, 3, a],
  ['pay_0002', a, 0, b],
  ['pay_0003', a, 1, c],
  ['pay_0004', c, 4, a],
]
for (const [payment_id, first, x, second] of vectors) {
  test(`${payment_id} is drawn as the contract says`, () => {
    const one = takeFirst('weight', shares, draw, drawText(payment_id, version_id, 1))
    assert.equal(shares[one.index]?.gateway_id, first)
    assert.equal(one.draw?.x, x)
    assert.equal(one.draw?.sum, 5)
    const rest = shares.filter(({ gateway_id }) => gateway_id !== first)
    const two = takeFirst('weight', rest, draw, drawText(payment_id, version_id, 2))
    assert.equal(rest[two.index]?.gateway_id, second)
    const order = orderCandidates('weight', shares, draw, { payment_id, version_id, hop: 1 })
    assert.deepEqual(
      order.slice(0, 2).map(({ gateway_id }) => gateway_id),
      [first, second],
    )
  })
}

test('the text of a draw names payment, version and hop; its number is the first eight bytes', () => {
  assert.equal(drawText('pay_0001', version_id, 2), 'pay_0001:scheme_1.v1:2')
  // SHA-256 of "abc" begins with ba7816bf8f01cfea.
  assert.equal(draw('abc'), 0xba7816bf8f01cfean)
})

test('shares of 3, 1 and 1 come out within half a point over 100,000 payments', () => {
  const counts = [0, 0, 0]
  const payments = 100_000
  for (let i = 0; i < payments; i += 1) {
    const { index } = takeFirst('weight', shares, draw, drawText(`pay_${i}`, version_id, 1))
    counts[index] = (counts[index] ?? 0) + 1
  }
  for (const [index, percent] of [60, 20, 20].entries()) {
    const measured = ((counts[index] ?? 0) / payments) * 100
    assert.ok(Math.abs(measured - percent) <= 0.5, `${measured} % instead of ${percent} %`)
  }
})

const candidates = fc
  .uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 12 })
  .chain((ids) =>
    fc
      .array(fc.integer({ min: 1, max: 1000 }), { minLength: ids.length, maxLength: ids.length })
      .map((weights) => ids.map((gateway_id, i): Candidate => ({ gateway_id, weight: weights[i] ?? 1 }))),
  )

test('the route drawn is the first whose cumulative weight is above x, at both ends of u', () => {
  fc.assert(
    fc.property(candidates, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (list, u) => {
      const { index, draw: drawn } = takeFirst('weight', list, () => u, 'any')
      const sum = list.reduce((total, { weight }) => total + (weight ?? 0), 0)
      assert.equal(BigInt(drawn?.x ?? -1), (u * BigInt(sum)) / 2n ** 64n)
      const upTo = (end: number) => list.slice(0, end).reduce((total, { weight }) => total + (weight ?? 0), 0)
      assert.ok(upTo(index) <= (drawn?.x ?? -1) && (drawn?.x ?? -1) < upTo(index + 1))
    }),
  )
  assert.equal(takeFirst('weight', shares, () => 0n, 'any').index, 0)
  assert.equal(takeFirst('weight', shares, () => 2n ** 64n - 1n, 'any').index, 2)
})

test('an order has every candidate once; direct and priority keep what is written', () => {
  fc.assert(
    fc.property(candidates, fc.string({ minLength: 1 }), (list, payment_id) => {
      const run = { payment_id, version_id, hop: 1 }
      const drawn = orderCandidates('weight', list, draw, run)
      assert.deepEqual(new Set(drawn), new Set(list))
      assert.equal(drawn.length, list.length)
      assert.deepEqual(orderCandidates('priority', list, draw, run), list)
      assert.deepEqual(takeFirst('priority', list, draw, 'any'), { index: 0, draw: null })
    }),
  )
})

test('the same payment and version draw the same again, another version draws anew', () => {
  const drawn = (version: string) =>
    Array.from({ length: 200 }, (_, i) => takeFirst('weight', shares, draw, drawText(`pay_${i}`, version, 1)).draw?.x)
  assert.deepEqual(drawn('scheme_1.v1'), drawn('scheme_1.v1'))
  assert.notDeepEqual(drawn('scheme_1.v1'), drawn('scheme_1.v2'))
})

test('the random bucket is one of 100, fills them evenly, and stays with the payment over versions', () => {
  const counts = new Array<number>(100).fill(0)
  for (let i = 0; i < 20_000; i += 1) {
    const bucket = randomBucket(draw, `pay_${i}`, 'scheme_1')
    assert.ok(Number.isInteger(bucket) && bucket >= 0 && bucket < 100)
    counts[bucket] = (counts[bucket] ?? 0) + 1
  }
  // Expected 200 each; six standard deviations are 85.
  assert.ok(Math.min(...counts) > 115 && Math.max(...counts) < 285, counts.join())
  assert.equal(
    randomBucket(() => 0n, 'pay', 'scheme'),
    0,
  )
  assert.equal(
    randomBucket(() => 2n ** 64n - 1n, 'pay', 'scheme'),
    99,
  )
})
