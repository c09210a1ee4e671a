import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Problem } from './problem.ts'
import { addressKey, createLimits, createRateLimit } from './rate-limit.ts'

function clock(): { now: () => Date; pass: (ms: number) => void } {
  let at = 1_772_359_200_000
  return { now: () => new Date(at), pass: (ms) => (at += ms) }
}

function refusal(work: () => void): string | null {
  try {
    work()
    return null
  } catch (error) {
    assert.ok(error instanceof Problem)
    assert.equal(error.status, 429)
    return error.headers['retry-after'] ?? ''
  }
}

test('so many at once, then one by one as time passes, each key for itself', () => {
  const { now, pass } = clock()
  const limit = createRateLimit(30, now)
  for (let i = 0; i < 30; i += 1) limit.take('a')
  assert.equal(
    refusal(() => limit.take('a')),
    '2',
  )
  limit.take('b')
  pass(1_999)
  assert.equal(
    refusal(() => limit.take('a')),
    '1',
  )
  pass(1)
  limit.take('a')
  assert.equal(
    refusal(() => limit.take('a')),
    '2',
  )
  pass(3_600_000)
  for (let i = 0; i < 30; i += 1) limit.take('a')
  assert.notEqual(
    refusal(() => limit.take('a')),
    null,
  )
})

test('a look takes nothing', () => {
  const { now } = clock()
  const limit = createRateLimit(2, now)
  for (let i = 0; i < 10; i += 1) limit.look('a')
  limit.take('a')
  limit.take('a')
  assert.equal(
    refusal(() => limit.look('a')),
    '30',
  )
})

test('whoever waits for Retry-After is let in, and no window holds more than the limit and its refill', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 200 }), (pauses) => {
      const { now, pass } = clock()
      const limit = createRateLimit(12, now)
      let taken = 0
      let elapsed_ms = 0
      for (const pause_ms of pauses) {
        pass(pause_ms)
        elapsed_ms += pause_ms
        const wait = refusal(() => limit.take('a'))
        if (wait === null) {
          taken += 1
          continue
        }
        pass(Number(wait) * 1000)
        elapsed_ms += Number(wait) * 1000
        limit.take('a')
        taken += 1
      }
      assert.ok(taken <= 12 + elapsed_ms / 5_000 + 1e-6)
    }),
    { numRuns: 100 },
  )
})

test('memory is bounded: the key unused for longest is forgotten', () => {
  const { now } = clock()
  const limit = createRateLimit(1, now)
  limit.take('first')
  for (let i = 0; i < 20_000; i += 1) limit.take(`k${i}`)
  assert.equal(
    refusal(() => limit.take('first')),
    null,
    'forgotten, so it starts anew',
  )
  assert.equal(
    refusal(() => limit.take('k19999')),
    '60',
  )
})

test('a clock that runs backwards gives nothing away', () => {
  const { now, pass } = clock()
  const limit = createRateLimit(1, now)
  limit.take('a')
  pass(-3_600_000)
  assert.notEqual(
    refusal(() => limit.take('a')),
    null,
  )
})

test('addresses: IPv6 by /64, mapped IPv4 as IPv4', () => {
  assert.equal(addressKey('2001:db8:1:2::1'), addressKey('2001:db8:1:2:ffff:1:2:3'))
  assert.notEqual(addressKey('2001:db8:1:2::1'), addressKey('2001:db8:1:3::1'))
  assert.equal(addressKey('::ffff:192.0.2.1'), addressKey('192.0.2.1'))
  assert.equal(addressKey('unknown'), 'unknown')
})

test('switched off, nothing is limited', () => {
  const limits = createLimits({ enabled: false, now: () => new Date(0) })
  for (let i = 0; i < 2_000; i += 1) {
    limits.failed_authentications_by_ip.take('a')
    limits.private_by_account.take('a')
    limits.public_by_ip.take('a')
  }
  limits.failed_authentications_by_ip.look('a')
})
