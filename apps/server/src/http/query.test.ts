import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { FastifyRequest } from 'fastify'
import { Problem } from './problem.ts'
import { parseQuery, parseQueryForRouter, queryText, readQuery } from './query.ts'

/** Without the missing prototypes, which deepEqual would tell apart. */
const plain = (text: string): unknown => JSON.parse(JSON.stringify(parseQuery(text)))

function refused(text: string): void {
  assert.throws(
    () => parseQuery(text),
    (error) => error instanceof Problem && error.status === 400,
    text.slice(0, 80),
  )
}

test('nested brackets become objects and lists', () => {
  assert.deepEqual(plain(''), {})
  assert.deepEqual(plain('filter[created][gte]=1&filter[status][in]=a,b&page[size]=5'), {
    filter: { created: { gte: '1' }, status: { in: 'a,b' } },
    page: { size: '5' },
  })
  assert.deepEqual(plain('customer[address][country]=UA'), { customer: { address: { country: 'UA' } } })
  assert.deepEqual(plain('service_fields[0][key]=k&service_fields[0][value]=v&a[]=1&a[]=2'), {
    service_fields: [{ key: 'k', value: 'v' }],
    a: ['1', '2'],
  })
  assert.deepEqual(plain('filter%5Breference_id%5D=a%20b+c%2Bd'), { filter: { reference_id: 'a b c+d' } })
  assert.deepEqual(plain('a=1&a=2'), { a: ['1', '2'] })
  assert.deepEqual(plain('a.b=1&c='), { 'a.b': '1', c: '' })
})

test('keys that reach prototypes are refused, plain or encoded', () => {
  for (const text of [
    '__proto__=1',
    '__proto__[a]=1',
    'a[__proto__][b]=1',
    '%5F_proto__[a]=1',
    'a%5B__proto__%5D=1',
    'constructor[prototype][a]=1',
    'a[constructor][prototype]=1',
    'a.__proto__.b=1',
  ])
    refused(text)
  assert.equal(({} as { a?: unknown }).a, undefined)
})

test('parsed objects inherit nothing', () => {
  const query = parseQuery('a[b]=1&toString=2&hasOwnProperty[x]=3')
  assert.equal(query.constructor, undefined)
  assert.equal((query.a as { constructor?: unknown }).constructor, undefined)
  assert.equal(query.toString, '2')
})

test('depth, number and lists have limits', () => {
  assert.ok(parseQuery('a[b][c][d][e][f][g]=1'))
  refused('a[b][c][d][e][f][g][h]=1')
  assert.ok(parseQuery(Array.from({ length: 300 }, (_, i) => `k${i}=1`).join('&')))
  refused(Array.from({ length: 301 }, (_, i) => `k${i}=1`).join('&'))
  refused('a[101]=1')
  refused(Array.from({ length: 102 }, () => 'a[]=1').join('&'))
})

test('broken percent-encoding and broken UTF-8 are refused', () => {
  for (const text of ['a=%', 'a=%zz', '%=1', 'a=%ff', 'a=%C3', 'a=%ED%A0%80']) refused(text)
})

test('the router gets no exception, the reader gets the problem', () => {
  const query = parseQueryForRouter('__proto__=1')
  assert.throws(
    () => readQuery({ query } as FastifyRequest),
    (error) => error instanceof Problem && error.status === 400,
  )
  assert.deepEqual({ ...readQuery({ query: parseQueryForRouter('a=1') } as FastifyRequest) }, { a: '1' })
})

test('one text of a query', () => {
  const query = parseQuery('a=1&b[c]=1&d=1&d=2')
  assert.equal(queryText(query, 'a'), '1')
  assert.equal(queryText(query, 'x'), null)
  for (const key of ['b', 'd']) assert.throws(() => queryText(query, key), Problem)
})

test('no text makes parsing fail in another way than a problem, or touches Object', () => {
  const piece = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.constantFrom(
      'a',
      '[',
      ']',
      '=',
      '&',
      '%5B',
      '%5d',
      '%',
      '__proto__',
      'constructor',
      'prototype',
      'length',
      '0',
      '[]',
      '+',
      ';',
    ),
  )
  const before = Object.getOwnPropertyNames(Object.prototype).length
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      try {
        const query = parseQuery(pieces.join(''))
        assert.equal(Object.getPrototypeOf(query), null)
      } catch (error) {
        assert.ok(error instanceof Problem && error.status === 400)
      }
    }),
    { numRuns: 1000 },
  )
  assert.equal(Object.getOwnPropertyNames(Object.prototype).length, before)
})
