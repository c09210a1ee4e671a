import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createCallCounter, parseStep, stepOf } from './steps.ts'

test('words that are no steps are none, whatever they look like', () => {
  const near = [
    '',
    'approved',
    'decline',
    'decline:5',
    'decline:05:',
    'decline:05:3',
    'code:E.1000',
    'code:F.1',
    '3ds:X',
    '3ds',
  ]
  const more = [
    'timeout',
    'timeout:later',
    'http500',
    'malformed:not_charged',
    'late:5',
    'late::charged',
    'late:-1:charged',
  ]
  for (const text of [...near, ...more, 'slow', 'slow:x', 'toString', '__proto__'])
    assert.equal(parseStep(text), null, text)
  fc.assert(fc.property(fc.string(), (text) => assert.doesNotThrow(() => parseStep(text))))
})

test('waits have a limit', () => {
  assert.deepEqual(parseStep('slow:999999'), { kind: 'slow', delay_ms: 60_000 })
  assert.deepEqual(parseStep('late:999999:charged'), {
    kind: 'lost',
    answer: 'timeout_after',
    found_after_ms: 86_400_000,
  })
})

test('a gateway takes its own steps, else those of all, and the last one repeats', () => {
  const scenario = { '408': ['approve', 'decline:05'], '*': 'refuse_connection' }
  const kind = (gateway_id: number | null, index: number) => stepOf(scenario, gateway_id, index)?.kind
  assert.deepEqual([kind(408, 0), kind(408, 1), kind(408, 9)], ['approve', 'decline', 'decline'])
  assert.deepEqual([kind(409, 0), kind(null, 3)], ['refuse_connection', 'refuse_connection'])
  for (const silent of [{}, { '408': [] }, { '408': 5 }, { '409': 'approve' }])
    assert.equal(stepOf(silent, 408, 0), null)
})

test('the calls of a payment are numbered by gateway; a repeat keeps its number', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('first', 'second'), fc.nat({ max: 6 })), { maxLength: 30 }),
      (calls) => {
        const counter = createCallCounter()
        const seen = new Map<string, number[]>([
          ['first', []],
          ['second', []],
        ])
        for (const [terminal, attempt] of calls) {
          const known = seen.get(terminal) ?? []
          if (!known.includes(attempt)) known.push(attempt)
          assert.equal(counter.indexOf(terminal, `abc-${attempt}`), known.indexOf(attempt))
        }
      },
    ),
  )
})
