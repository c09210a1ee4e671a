import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { chainOf, type Earlier } from './chain.ts'

const earlier = (
  uid: string,
  status: Earlier['status'],
  gateways: number[],
  binding_id: string | null = null,
): Earlier => ({
  uid,
  binding_id,
  status,
  gateways,
})

test('a request that names the gateway of a failed transaction joins it, and its gateways are tried', () => {
  assert.deepEqual(chainOf([earlier('a', 'failed', [408])], [408]), { type: 'joined', binding_id: 'a', tried: [408] })
  const second = [earlier('a', 'failed', [408], 'a'), earlier('b', 'failed', [409], 'a')]
  assert.deepEqual(chainOf(second, [408]), { type: 'joined', binding_id: 'a', tried: [408, 409] })
})

test('a request that names no gateway of an earlier one joins nothing', () => {
  assert.deepEqual(chainOf([earlier('a', 'failed', [408])], [409]), { type: 'none' })
  assert.deepEqual(chainOf([earlier('a', 'failed', [])], [408]), { type: 'none' })
  assert.deepEqual(chainOf([earlier('a', 'expired', [408])], [408]), { type: 'none' })
  assert.deepEqual(chainOf([earlier('a', 'successful', [408])], [409]), { type: 'none' })
})

test('whoever takes a success for a failure is told that it is paid; a failure after it is another sale', () => {
  const paid = { type: 'refused', because: 'paid' }
  assert.deepEqual(chainOf([earlier('a', 'successful', [408])], [408]), paid)
  assert.deepEqual(chainOf([earlier('a', 'failed', [408]), earlier('b', 'successful', [408])], [408]), paid)
  const again = [earlier('a', 'successful', [408]), earlier('b', 'failed', [408])]
  assert.deepEqual(chainOf(again, [408]), { type: 'joined', binding_id: 'b', tried: [408] })
})

test('nothing joins a chain with an unfinished or a successful transaction', () => {
  const paid = [earlier('a', 'failed', [408], 'a'), earlier('b', 'successful', [409], 'a')]
  assert.deepEqual(chainOf(paid, [408]), { type: 'refused', because: 'paid' })
  const waiting = [earlier('a', 'failed', [408], 'a'), earlier('b', 'pending', [], 'a')]
  assert.deepEqual(chainOf(waiting, [408]), { type: 'refused', because: 'unfinished' })
  assert.deepEqual(chainOf([earlier('a', 'incomplete', [408])], [408]), { type: 'refused', because: 'unfinished' })
})

test('a new sale of the same order is no part of the chain that was paid before it', () => {
  const rows = [
    earlier('a', 'failed', [408], 'a'),
    earlier('b', 'successful', [409], 'a'),
    earlier('c', 'failed', [408]),
  ]
  assert.deepEqual(chainOf(rows, [408]), { type: 'joined', binding_id: 'c', tried: [408] })
})

const statuses = ['successful', 'failed', 'incomplete', 'pending', 'expired'] as const
const gateway = fc.constantFrom(408, 409, 410)
const rows = fc
  .array(
    fc.record({
      status: fc.constantFrom(...statuses),
      gateways: fc.uniqueArray(gateway),
      bound: fc.option(fc.nat({ max: 3 }), { nil: null }),
    }),
    { maxLength: 6 },
  )
  .map((list) =>
    list.map(({ status, gateways, bound }, i) =>
      earlier(`t${i}`, status, gateways, bound !== null && bound <= i ? `t${bound}` : null),
    ),
  )

test('who joins a chain shares it with no unfinished and no successful transaction, and every gateway of it is tried', () => {
  fc.assert(
    fc.property(rows, fc.uniqueArray(gateway, { minLength: 1 }), (list, excluded) => {
      const chain = chainOf(list, excluded)
      if (chain.type !== 'joined') return
      const members = list.filter(({ uid, binding_id }) => (binding_id ?? uid) === chain.binding_id)
      assert.ok(members.every(({ status }) => status === 'failed' || status === 'expired'))
      for (const { gateways } of members) for (const one of gateways) assert.ok(chain.tried.includes(one))
    }),
  )
})
