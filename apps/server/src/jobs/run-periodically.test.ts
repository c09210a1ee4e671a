import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { runPeriodically } from './run-periodically.ts'

const yearly = '0 0 1 1 *'
const unexpected = (error: unknown): void => assert.fail(String(error))

test('rounds do not overlap, and a stop waits for the one in hand', async () => {
  let rounds = 0
  let finish: () => void = () => {}
  const work = runPeriodically({
    schedule: yearly,
    round(signal) {
      rounds += 1
      assert.equal(signal.aborted, false)
      return new Promise((resolve) => {
        finish = resolve
      })
    },
    onFault: unexpected,
  })
  work.wake()
  work.wake()
  assert.equal(rounds, 1)
  let stopped = false
  const stop = work.stop().then(() => {
    stopped = true
  })
  await turn()
  assert.equal(stopped, false)
  finish()
  await stop
  work.wake()
  assert.equal(rounds, 1)
})

test('a stop tells the round in hand', async () => {
  const work = runPeriodically({
    schedule: yearly,
    round: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    onFault: unexpected,
  })
  work.wake()
  await work.stop()
})

test('a round that fails is reported, and the next one runs', async () => {
  const faults: unknown[] = []
  const work = runPeriodically({
    schedule: yearly,
    round: () => Promise.reject(new Error('no database')),
    onFault: (error) => faults.push(error),
  })
  work.wake()
  await turn()
  work.wake()
  await work.stop()
  assert.equal(faults.length, 2)
})
