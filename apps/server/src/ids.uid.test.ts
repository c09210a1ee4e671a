import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstUidAt, isUid, newUid } from './ids.ts'

test('uids are UUIDs of version 7 that sort by creation', () => {
  const now = new Date('2026-11-21T10:15:30.123Z')
  const uids = Array.from({ length: 1000 }, () => newUid(now))
  assert.deepEqual([...uids].sort(), uids)
  assert.equal(new Set(uids).size, uids.length)
  for (const uid of uids) {
    assert.match(uid, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.ok(isUid(uid))
  }
})

test('the first uid of a time sorts before those made then, and after those before', () => {
  const time = new Date('2030-01-01T00:00:00.000Z')
  assert.ok(firstUidAt(time) <= newUid(time))
  assert.ok(firstUidAt(new Date(time.getTime() + 60_000)) > newUid(time))
})

test('other text is no uid', () => {
  for (const text of ['', 'x', '0193500A-6D2E-7B1C-9A53-2F1C7F6A1E11', `${newUid(new Date())} `])
    assert.ok(!isUid(text))
})
