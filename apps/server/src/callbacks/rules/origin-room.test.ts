import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nextRoom, roomAtFirst, roomMax, roomMin } from './origin-room.ts'

const after = (results: readonly boolean[]): number => results.reduce(nextRoom, roomAtFirst)

test('the room stays between its limits', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 200 }), (results) => {
      const room = after(results)
      assert.ok(room >= roomMin && room <= roomMax && Number.isInteger(room))
    }),
  )
})

test('a dead origin soon occupies the least, one that keeps up gets the most', () => {
  assert.equal(after([false, false, false]), roomMin)
  assert.equal(after(Array(roomMax).fill(true)), roomMax)
})

test('one failure costs more than one success brings', () => {
  fc.assert(
    fc.property(fc.integer({ min: roomMin + 1, max: roomMax }), (room) => {
      assert.ok(nextRoom(nextRoom(room, false), true) <= room)
    }),
  )
})
