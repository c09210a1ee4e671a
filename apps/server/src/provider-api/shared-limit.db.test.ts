/** What all processes count together, on the database. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import type { Context } from '../context.ts'
import { Problem } from '../http/problem.ts'
import { type Bucket, createSharedLimit } from './shared-limit.ts'
import { createSignInLimits } from './sign-in-limits.ts'

const begin = new Date('2026-03-01T10:00:00Z').getTime()
const minute_ms = 60_000
const day_ms = 86_400_000

let t: TestContext
/** A clock of one test's own. */
function clock() {
  let at = begin
  const ctx: Context = { ...t.ctx, now: () => new Date(at) }
  return { ctx, pass: (ms: number) => (at += ms), at: () => at }
}
before(async () => {
  t = await testContext({ config: { rate_limits: true } })
})
after(() => t.close())

/** Seconds to wait, or `null` when it was let through. */
async function refusal(work: Promise<void>): Promise<number | null> {
  try {
    await work
    return null
  } catch (error) {
    assert.ok(error instanceof Problem)
    assert.equal(error.status, 429)
    return Number(error.headers['retry-after'])
  }
}

describe('a bucket', () => {
  const bucket: Bucket = { count: 7, window_ms: minute_ms }

  test('of so many at once lets exactly so many through, however many processes ask together', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { ctx } = clock()
      const processes = [1, 2, 3].map(() => createSharedLimit(ctx, `race ${round}`, bucket))
      const asked = Array.from({ length: 30 }, (_, index) => refusal(processes[index % 3]!.take('somebody')))
      const waits = await Promise.all(asked)
      assert.equal(waits.filter((wait) => wait === null).length, 7)
      assert.ok(waits.every((wait) => wait === null || (wait >= 1 && wait <= 60)))
    }
  })

  test('is somebody’s own, and one of each limit', async () => {
    const { ctx } = clock()
    const [one, other] = ['own 1', 'own 2'].map((name) =>
      createSharedLimit(ctx, name, { count: 1, window_ms: minute_ms }),
    )
    await one!.take('a')
    await one!.take('b')
    await other!.take('a')
    assert.equal(await refusal(one!.take('a')), 60)
    const keys = await t.ctx.sql<{ key: string }[]>`select key from shared_limits where key like 'own %'`
    assert.ok(
      keys.every(({ key }) => /^own \d:[\w-]{43}$/.test(key)),
      'who it is cannot be read',
    )
  })

  test('lets whoever has waited for Retry-After through, and never more than its count and its refill', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 25 }),
        async (count, pauses) => {
          run += 1
          const { ctx, pass, at } = clock()
          const limit = createSharedLimit(ctx, `property ${run}`, { count, window_ms: minute_ms })
          let taken = 0
          for (const pause_ms of pauses) {
            pass(pause_ms)
            const wait = await refusal(limit.take('a'))
            if (wait !== null) {
              pass(wait * 1000)
              assert.equal(await refusal(limit.take('a')), null)
            }
            taken += 1
            const step_ms = Math.floor(minute_ms / count)
            assert.ok(taken <= count + (at() - begin) / step_ms, `${taken} of ${count} after ${at() - begin} ms`)
          }
        },
      ),
      { numRuns: 25 },
    )
  })

  test('that is full again is cleared away by others, and one that is not stays', async () => {
    const { ctx, pass } = clock()
    const limit = createSharedLimit(ctx, 'cleared', bucket)
    const left = async (): Promise<number> => {
      const [row] = await t.ctx.sql<{ count: number }[]>`
        select count(*)::integer as count from shared_limits where key like 'cleared:%'`
      return row!.count
    }
    await t.ctx.sql`delete from shared_limits`
    for (let index = 0; index < 10; index += 1) await limit.take(`stranger ${index}`)
    assert.equal(await left(), 10)
    pass(minute_ms)
    pass(1)
    for (let index = 0; index < 4; index += 1) await limit.take(`comer ${index}`)
    assert.equal(await left(), 10 - 8 + 4)
    for (let index = 0; index < 6; index += 1) await limit.take('comer 0')
    assert.notEqual(await refusal(limit.take('comer 0')), null)
  })

  test('that is cleared away while somebody takes from it is never waited for in a ring', async () => {
    const { ctx, pass } = clock()
    const limit = createSharedLimit(ctx, 'ring', { count: 1000, window_ms: minute_ms })
    for (let round = 0; round < 15; round += 1) {
      const asked = Array.from({ length: 24 }, (_, index) => limit.take(`one of ${index % 8}`))
      assert.deepEqual(await Promise.all(asked.map(refusal)), Array(24).fill(null))
      await t.ctx.sql`delete from shared_limits where key like 'ring:%' and ${round % 3 === 0}`
      pass(2 * minute_ms)
    }
  })
})

describe('tries to sign in', () => {
  const who = (address: string, device: string | null = null) => ({ email: 'ann@desk.example', address, device })
  const letThrough = async (tries: number, one: (index: number) => Promise<void>): Promise<number> => {
    let count = 0
    for (let index = 0; index < tries; index += 1) if ((await refusal(one(index))) === null) count += 1
    return count
  }

  test('of one address for one e-mail are few, and leave the e-mail to others', async () => {
    const { ctx } = clock()
    const limits = createSignInLimits(ctx)
    assert.equal(await letThrough(200, () => limits.person(who('192.0.2.1'))), 10)
    assert.equal(await letThrough(11, () => limits.person(who('192.0.2.2'))), 10)
    assert.equal(await refusal(limits.person({ ...who('192.0.2.1'), email: 'bob@desk.example' })), null)
  })

  test('from everywhere are at most 400 on a first day and 200 on a later one, and a known browser gets in all the while', async () => {
    await t.ctx.sql`delete from shared_limits`
    const { ctx, pass } = clock()
    const limits = createSignInLimits(ctx)
    let turn = 0
    const threeHours = async (): Promise<number> => {
      turn += 1
      const count = await letThrough(55, (index) => limits.person(who(`stranger ${turn} ${index}`)))
      assert.equal(await refusal(limits.person(who('192.0.2.1', 'the desk’s own'))), null)
      pass(180 * minute_ms)
      return count
    }
    const days = [0, 0]
    for (let index = 0; index < 16; index += 1) days[Math.floor(index / 8)]! += await threeHours()
    assert.ok(days[0]! > 300 && days[0]! <= 400, `${days[0]} on the first day`)
    assert.ok(days[1]! > 150 && days[1]! <= 201, `${days[1]} on the second`)
    pass(day_ms)
    assert.equal(await letThrough(60, (index) => limits.person(who(`late ${index}`))), 50)
  })

  test('of a known browser are few as well, and counted by browser', async () => {
    const { ctx, pass } = clock()
    const limits = createSignInLimits(ctx)
    assert.equal(await letThrough(30, (index) => limits.person(who(`moving ${index}`, 'one browser'))), 10)
    assert.equal(await refusal(limits.person(who('192.0.2.9', 'another browser'))), null)
    pass(90_000)
    assert.equal(await letThrough(2, () => limits.person(who('192.0.2.9', 'one browser'))), 1)
  })
})

test('where limits are switched off nothing is counted', async () => {
  const off = await testContext({ config: { rate_limits: false } })
  try {
    const limit = createSharedLimit(off.ctx, 'off', { count: 1, window_ms: minute_ms })
    for (let index = 0; index < 5; index += 1) await limit.take('a')
    assert.deepEqual([...(await off.ctx.sql`select 1 from shared_limits`)], [])
  } finally {
    await off.close()
  }
})
