import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type Doubt, judgeRate, type RateReading } from './judge-rate.ts'

const at = (rate: string, minute: number): RateReading => ({ rate, as_of_ms: minute * 60_000 })

test('a first rate is used, and so is one within the limit, the limit included', () => {
  for (const [rate, before, percent] of [
    ['5', null, 20],
    ['101.58420', '84.6535', 20],
    ['67.7228', '84.6535', 20],
    ['84.6535', '84.6535', 1],
    ['169.307', '84.6535', 100],
    ['0.000000000012', '0.00000000001', 20],
  ] as const)
    assert.deepEqual(judgeRate(at(rate, 0), { rate: before, doubt: null }, percent), { type: 'use', confirmed: false })
})

test('one step beyond the limit is doubted', () => {
  for (const rate of ['101.584200000001', '67.722799999999']) {
    const verdict = judgeRate(at(rate, 0), { rate: '84.6535', doubt: null }, 20)
    assert.deepEqual(verdict, { type: 'doubt', doubt: { ...at(rate, 0), count: 1 } })
  }
})

test('three readings in a row confirm a jump; the same reading again is none', () => {
  let doubt: Doubt | null = null
  const say = (rate: string, minute: number) => {
    const verdict = judgeRate(at(rate, minute), { rate: '84', doubt }, 20)
    doubt = verdict.type === 'doubt' ? verdict.doubt : null
    return verdict.type === 'doubt' ? verdict.doubt.count : verdict.confirmed
  }
  assert.deepEqual([say('120', 1), say('120', 1), say('121', 2), say('120', 2), say('125', 3)], [1, 1, 2, 2, true])
})

test('a reading that agrees with neither begins again; one near the old rate ends the doubt', () => {
  const doubt = { ...at('120', 1), count: 2 }
  assert.deepEqual(judgeRate(at('170', 2), { rate: '84', doubt }, 20), {
    type: 'doubt',
    doubt: { ...at('170', 2), count: 1 },
  })
  assert.deepEqual(judgeRate(at('85', 2), { rate: '84', doubt }, 20), { type: 'use', confirmed: false })
})

const rate = fc.integer({ min: 1, max: 400 }).map(String)
const near = (a: string, b: string, percent: number): boolean =>
  Math.abs(Number(a) - Number(b)) * 100 <= Number(b) * percent

test('whatever comes: nothing near is doubted, and nothing far is used but after three readings that agree', () => {
  const readings = fc.array(fc.record({ rate, step: fc.nat(1) }), { maxLength: 30 })
  fc.assert(
    fc.property(readings, fc.integer({ min: 1, max: 100 }), (given, percent) => {
      let [kept, doubt, minute]: [string | null, Doubt | null, number] = [null, null, 0]
      let far: RateReading[] = []
      for (const { rate, step } of given) {
        minute += step
        const reading = at(rate, minute)
        const verdict = judgeRate(reading, { rate: kept, doubt }, percent)
        const isNear: boolean = kept === null || near(rate, kept, percent)
        if (isNear) far = []
        else {
          const last = far.at(-1)
          if (!last || !near(rate, last.rate, percent)) far = [reading]
          else if (reading.as_of_ms > last.as_of_ms) far.push(reading)
        }
        assert.equal(verdict.type === 'use', isNear || far.length === 3)
        if (verdict.type === 'use') {
          assert.equal(verdict.confirmed, !isNear)
          ;[kept, doubt, far] = [rate, null, []]
        } else {
          assert.equal(verdict.doubt.count, far.length)
          doubt = verdict.doubt
        }
      }
    }),
    { numRuns: 500 },
  )
})
