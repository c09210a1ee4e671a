import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recent } from './recent.ts'

test('callers at the same time share one load', async () => {
  const memory = recent<number>({ entries_max: 10 })({})
  let loads = 0
  const load = async () => {
    loads += 1
    return loads
  }
  assert.deepEqual(await Promise.all([memory.get('a', load), memory.get('a', load)]), [1, 1])
})

test('a value read before a change is never kept after forget', async () => {
  const memory = recent<string>({ entries_max: 10 })({})
  const { promise, resolve } = Promise.withResolvers<string>()
  const slow = memory.get('key', () => promise)
  memory.forget('key')
  resolve('old')
  assert.equal(await slow, 'old')
  assert.equal(await memory.get('key', async () => 'new'), 'new')
})

test('a failed load is tried again by the next caller', async () => {
  const memory = recent<string>({ entries_max: 10 })({})
  await assert.rejects(
    memory.get('key', () => Promise.reject(new Error('no database'))),
    /no database/,
  )
  assert.equal(await memory.get('key', async () => 'there'), 'there')
})

test('the oldest value goes when the limit is reached', async () => {
  const memory = recent<string>({ entries_max: 2 })({})
  for (const key of ['a', 'b', 'c']) await memory.get(key, async () => key)
  assert.equal(await memory.get('a', async () => 'again'), 'again')
  assert.equal(await memory.get('c', async () => 'again'), 'c')
})

test('two owners never see each other’s values', async () => {
  const of = recent<string>({ entries_max: 2 })
  const [one, two] = [{}, {}]
  await of(one).get('key', async () => 'one')
  assert.equal(await of(two).get('key', async () => 'two'), 'two')
})
