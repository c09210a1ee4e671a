import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOrigins } from './origins.ts'
import { roomAtFirst, roomMin, roomWhenLate } from './rules/origin-room.ts'

const shop = 'https://shop.example'

test('what is in hand takes from the room of its origin, and of no other', () => {
  const origins = createOrigins()
  for (let i = 0; i < roomAtFirst; i += 1) origins.enter(shop)
  assert.equal(origins.room(shop), 0)
  assert.equal(origins.room('https://other.example'), roomAtFirst)
})

test('an origin that takes everything gets more room, one that fails gets less', () => {
  const origins = createOrigins()
  for (let i = 0; i < 5; i += 1) {
    origins.enter(shop)
    origins.leave(shop, true, false)
  }
  assert.equal(origins.room(shop), roomAtFirst + 5)
  for (let i = 0; i < 9; i += 1) {
    origins.enter(shop)
    origins.leave(shop, false, false)
  }
  assert.equal(origins.room(shop), roomMin)
})

test('while an answer is overdue there is hardly any room; when it came to nothing it stays so', () => {
  const origins = createOrigins()
  origins.enter(shop)
  origins.fallBehind(shop)
  assert.equal(origins.room(shop), 0)
  origins.leave(shop, false, true)
  assert.equal(origins.room(shop), roomWhenLate)
  origins.enter(shop)
  origins.leave(shop, false, false)
  assert.equal(origins.room(shop), roomMin)
})

test('an origin that is slow but takes everything keeps its room', () => {
  const origins = createOrigins()
  origins.enter(shop)
  origins.fallBehind(shop)
  origins.leave(shop, true, true)
  assert.equal(origins.room(shop), roomAtFirst + 1)
})

test('a delivery without a result changes nothing', () => {
  const origins = createOrigins()
  origins.enter(shop)
  origins.leave(shop, null, false)
  assert.equal(origins.room(shop), roomAtFirst)
})
