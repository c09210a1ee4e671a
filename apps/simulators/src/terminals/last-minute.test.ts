import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Operation, OperationStatus } from '../operations/operation.ts'
import { type Arrival, lastMinute, noteArrival } from './last-minute.ts'

const at = (ms: number): Date => new Date(1_000_000 + ms)
const operation = (status: OperationStatus): Operation => ({ status }) as Operation

test('every charge of the last minute counts once, in the way it ended', () => {
  const arrivals: Arrival[] = []
  const arrive = (ms: number, end: Partial<Arrival>) => Object.assign(noteArrival(arrivals, at(ms)), end)
  arrive(0, { operation: operation('approved') })
  arrive(10, { operation: operation('voided') })
  arrive(20, { operation: operation('declined') })
  arrive(30, { operation: operation('action_required') })
  arrive(40, { operation: operation('approved'), unanswered: true })
  arrive(50, { refused: true })
  arrive(60, {})
  assert.deepEqual(lastMinute(arrivals, at(59_999)), {
    asked: 7,
    approved: 2,
    declined: 1,
    waiting: 2,
    unanswered: 1,
    refused: 1,
  })
  assert.equal(lastMinute(arrivals, at(60_000)).asked, 6)
  assert.equal(lastMinute(arrivals, at(60_060)).asked, 0)
})

test('a charge the payer agreed to later moves from waiting to approved', () => {
  const arrivals: Arrival[] = []
  const asked = operation('action_required')
  noteArrival(arrivals, at(0)).operation = asked
  assert.equal(lastMinute(arrivals, at(1)).waiting, 1)
  asked.status = 'approved'
  assert.deepEqual([lastMinute(arrivals, at(1)).waiting, lastMinute(arrivals, at(1)).approved], [0, 1])
})

test('the figures are those of a list that forgets nothing', () => {
  const pauses = fc.array(fc.nat(40_000), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(pauses, fc.nat(70_000), (all, wait) => {
      const arrivals: Arrival[] = []
      const times: number[] = []
      let now = 0
      for (const pause of all) {
        now += pause
        times.push(now)
        noteArrival(arrivals, at(now))
      }
      const { asked } = lastMinute(arrivals, at(now + wait))
      assert.equal(asked, times.filter((time) => time > now + wait - 60_000).length)
    }),
  )
})

test('a storm of charges is kept within bounds', () => {
  const arrivals: Arrival[] = []
  for (let i = 0; i < 20_500; i += 1) noteArrival(arrivals, at(0))
  assert.equal(arrivals.length, 20_000)
})
