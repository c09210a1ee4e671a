import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Breaker,
  closedBreaker,
  endProbe,
  judgeBreaker,
  type OperatorAct,
  opensBreaker,
  operateBreaker,
  pause_max_s,
  probesToClose,
  startProbe,
  tripBreaker,
  usualBreaker,
  windowEdge,
} from './breaker.ts'

const start = new Date('2026-03-02T10:15:30Z')
const later = (seconds: number): Date => new Date(start.getTime() + seconds * 1000)
const trip = (): Breaker => tripBreaker(closedBreaker, start, usualBreaker) as Breaker
const probe = (breaker: Breaker, at: Date, payment = 'pay_1'): Breaker => {
  const taken = startProbe(breaker, payment, at, 30)
  assert.ok(taken, `no probe at ${at.toISOString()}`)
  return taken
}
const ended = (breaker: Breaker, result: 'healthy' | 'failure' | 'none', at: Date, payment = 'pay_1'): Breaker =>
  endProbe(breaker, payment, result, at, usualBreaker) as Breaker

const counts: readonly [failures: number, healthy: number, opens: boolean][] = [
  [0, 0, false],
  [4, 0, false],
  [5, 0, true],
  [5, 5, true],
  [5, 6, false],
  [6, 6, true],
  [49, 51, false],
  [50, 50, true],
]
for (const [failures, healthy, opens] of counts) {
  test(`${failures} failures beside ${healthy} healthy results ${opens ? 'open' : 'leave closed'}`, () => {
    assert.equal(opensBreaker({ failures, healthy }, usualBreaker), opens)
  })
}

test('settings of a gateway move every threshold', () => {
  const strict = { window_s: 60, failures_min: 2, ratio_percent: 20, pause_s: 30 }
  assert.equal(opensBreaker({ failures: 2, healthy: 8 }, strict), true)
  assert.equal(opensBreaker({ failures: 2, healthy: 9 }, strict), false)
  assert.deepEqual(tripBreaker(closedBreaker, start, strict)?.open_until, later(30))
  assert.deepEqual(windowEdge(null, start, strict), later(-60))
})

test('an open breaker stops everybody for 600 s, to the second', () => {
  const open = trip()
  assert.deepEqual(judgeBreaker(open, 'pay_1', start), { result: 'stop', detail: 'open until 10:25:30Z' })
  assert.equal(judgeBreaker(open, 'pay_1', later(599)).result, 'stop')
  assert.equal(judgeBreaker(open, 'pay_1', later(600)).result, 'probe')
  assert.equal(tripBreaker(open, later(10), usualBreaker), null)
})

test('half-open lets one payment probe at a time, and one in ten seconds', () => {
  const probing = probe(trip(), later(600))
  assert.equal(startProbe(probing, 'pay_2', later(611), 30), null, 'one is under way')
  assert.equal(judgeBreaker(probing, 'pay_1', later(601)).result, 'probe', 'the one that probes may go on')
  const free = ended(probing, 'healthy', later(602))
  assert.equal(startProbe(free, 'pay_2', later(609), 30), null, 'ten seconds are not over')
  assert.ok(startProbe(free, 'pay_2', later(610), 30))
})

test('a probe whose process died is free after its lease', () => {
  const probing = probe(trip(), later(600))
  assert.equal(judgeBreaker(probing, 'pay_2', later(629)).result, 'stop')
  assert.equal(judgeBreaker(probing, 'pay_2', later(630)).result, 'probe')
})

test('three healthy probes in a row close it, and what was before no longer counts', () => {
  let breaker = trip()
  for (let i = 0; i < probesToClose; i += 1) {
    assert.equal(breaker.state, 'open')
    breaker = ended(probe(breaker, later(600 + i * 10)), 'healthy', later(601 + i * 10))
  }
  assert.equal(breaker.state, 'closed')
  assert.equal(judgeBreaker(breaker, 'any', later(622)).result, 'pass')
  assert.deepEqual(windowEdge(breaker, later(622), usualBreaker), later(621))
  assert.deepEqual(windowEdge(breaker, later(2000), usualBreaker), later(1700))
})

test('each failed probe doubles the pause up to an hour; after closing it is 600 s again', () => {
  let breaker = trip()
  const pauses: number[] = []
  let now = 600
  for (let i = 0; i < 5; i += 1) {
    breaker = ended(probe(breaker, later(now)), 'failure', later(now))
    pauses.push(((breaker.open_until as Date).getTime() - later(now).getTime()) / 1000)
    now += pauses.at(-1) as number
  }
  assert.deepEqual(pauses, [1200, 2400, 3600, 3600, 3600])
  for (let i = 0; i < probesToClose; i += 1) {
    breaker = ended(probe(breaker, later(now)), 'healthy', later(now))
    now += 10
  }
  assert.equal(tripBreaker(breaker, later(now), usualBreaker)?.pause_s, 600)
})

test('a failed probe takes the healthy ones before it along', () => {
  let breaker = trip()
  breaker = ended(probe(breaker, later(600)), 'healthy', later(600))
  breaker = ended(probe(breaker, later(610)), 'healthy', later(610))
  breaker = ended(probe(breaker, later(620)), 'failure', later(620))
  assert.equal(breaker.healthy_probes, 0)
  assert.equal(judgeBreaker(breaker, 'pay', later(1819)).result, 'stop')
  assert.equal(judgeBreaker(breaker, 'pay', later(1820)).result, 'probe')
})

test('only the payment that probes ends the probe; a result that says nothing lets the next one try', () => {
  const probing = probe(trip(), later(600))
  assert.equal(endProbe(probing, 'pay_2', 'healthy', later(601), usualBreaker), null)
  const none = ended(probing, 'none', later(601))
  assert.equal(none.healthy_probes, 0)
  assert.equal(judgeBreaker(none, 'pay_2', later(610)).result, 'probe')
})

test('an operator opens for one pause, holds without end, and closes at once', () => {
  const held = operateBreaker('hold', start, usualBreaker)
  assert.equal(judgeBreaker(held, 'pay', later(1e6)).result, 'stop')
  assert.equal(tripBreaker(held, later(1), usualBreaker), null)
  assert.equal(judgeBreaker(operateBreaker('open', start, usualBreaker), 'pay', later(600)).result, 'probe')
  assert.equal(judgeBreaker(operateBreaker('close', start, usualBreaker), 'pay', start).result, 'pass')
})

type Step =
  | { readonly do: 'trip' | 'wait' }
  | { readonly do: 'probe'; readonly by: string }
  | { readonly do: 'end'; readonly by: string; readonly result: 'healthy' | 'failure' | 'none' }
  | { readonly do: OperatorAct }

const payment = fc.constantFrom('pay_1', 'pay_2', 'pay_3')
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('trip' as const, 'wait' as const) }),
  fc.record({ do: fc.constant('probe' as const), by: payment }),
  fc.record({
    do: fc.constant('end' as const),
    by: payment,
    result: fc.constantFrom('healthy' as const, 'failure' as const, 'none' as const),
  }),
  fc.record({ do: fc.constantFrom<OperatorAct>('open', 'close', 'hold') }),
)

test('whatever happens, nobody passes an open breaker but one probe at a time, ten seconds apart', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.integer({ min: 0, max: 900 })), { maxLength: 60 }), (steps) => {
      let breaker = closedBreaker
      let now = 0
      let lastProbe: number | null = null
      for (const [one, pause] of steps) {
        now += pause
        const at = later(now)
        if (one.do === 'trip') breaker = tripBreaker(breaker, at, usualBreaker) ?? breaker
        else if (one.do === 'probe') {
          const taken = startProbe(breaker, one.by, at, 30)
          const running = breaker.probe_until !== null && breaker.probe_until > at ? breaker.probe_by : null
          if (taken && running === null) {
            assert.equal(breaker.state, 'open')
            assert.ok((breaker.open_until as Date) <= at)
            assert.ok(lastProbe === null || now - lastProbe >= 10)
            lastProbe = now
          } else if (taken) assert.equal(running, one.by)
          breaker = taken ?? breaker
        } else if (one.do === 'end') breaker = endProbe(breaker, one.by, one.result, at, usualBreaker) ?? breaker
        else if (one.do !== 'wait') {
          breaker = operateBreaker(one.do, at, usualBreaker)
          lastProbe = null
        }
        assert.equal(breaker.state === 'open', breaker.open_until !== null)
        assert.ok(breaker.pause_s <= pause_max_s && breaker.healthy_probes < probesToClose)
        assert.equal(judgeBreaker(breaker, 'another', at).result === 'pass', breaker.state === 'closed')
      }
    }),
  )
})
