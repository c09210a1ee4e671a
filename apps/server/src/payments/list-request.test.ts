import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Problem } from '../http/problem.ts'
import { parseQuery } from '../http/query.ts'
import { type ListRequest, readListRequest } from './list-request.ts'

const id = 'cpi_0Aq3kZ7Bd9Xw2Lm4'
const known = { isCurrency: (code: string) => code === 'USD' || code === 'EUR' }
const read = (query: string): ListRequest => readListRequest(parseQuery(query), known)

test('an empty query is the first page of twenty, newest first', () => {
  assert.deepEqual(read(''), {
    size: 20,
    cursor: null,
    sort: { field: 'created', descending: true },
    conditions: [],
    customers: [],
    kept: ['page[size]=20'],
  })
  assert.deepEqual(read('include=customer&page[number]=3'), read(''))
})

test('page, sort and filters are read, and links repeat them', () => {
  const request = read(
    `filter[status][in]=processed,refunded&filter[amount][gte]=10.5&filter[customer]=a%20%26%20b&sort=-amount&page[size]=5&page[after]=${id}`,
  )
  assert.deepEqual(request, {
    size: 5,
    cursor: { id, side: 'larger' },
    sort: { field: 'amount', descending: true },
    conditions: [
      { kind: 'text', column: 'status', operator: 'in', values: ['processed', 'refunded'] },
      { kind: 'amount', column: 'amount', operator: 'gte', value: '10.5' },
    ],
    customers: ['a & b'],
    kept: [
      'page[size]=5',
      'filter[status][in]=processed%2Crefunded',
      'filter[amount][gte]=10.5',
      'filter[customer]=a%20%26%20b',
      'sort=-amount',
    ],
  })
})

test('what links repeat is read back as the same list', () => {
  const fields = fc.constantFrom('reference_id', 'service', 'customer', 'source')
  fc.assert(
    fc.property(fields, fc.string({ unit: 'grapheme', minLength: 1 }), (field, value) => {
      fc.pre(value.trim() !== '' && !value.includes('\0') && value.isWellFormed())
      const request = read(`filter[${field}]=${encodeURIComponent(value)}`)
      assert.deepEqual(read(request.kept.join('&')), request)
    }),
  )
})

const refused = [
  'page=2',
  'page[size]=0',
  'page[size]=101',
  'page[size]=x',
  'page[size]=1.5',
  'page[size]=-1',
  'page[size][]=1',
  `page[before]=${id}&page[after]=${id}`,
  'page[before]=',
  'page[before]=cpi_1',
  `page[after][]=${id}`,
  'page[before]=cus_0Aq3kZ7Bd9Xw2Lm4',
  'sort=',
  'sort=name',
  'sort=+created',
  'sort=--created',
  'sort=created,amount',
  'sort[]=created',
  'filter=x',
  'filter[]=x',
  'filter[colour]=red',
  'filter[callback_url]=x',
  'filter[status]=',
  'filter[status]=%20',
  'filter[status]=paid',
  'filter[status][in]=processed,paid',
  'filter[status][in]=processed,',
  'filter[status][gt]=processed',
  'filter[status][like]=p',
  'filter[status]=processed&filter[status]=created',
  'filter[status][eq][x]=processed',
  'filter[currency]=QQQ',
  'filter[service_currency]=x',
  'filter[amount]=ten',
  'filter[amount][in]=1',
  'filter[amount]=1e3',
  'filter[amount]=',
  'filter[created]=yesterday',
  'filter[created]=-1',
  'filter[created]=1.5',
  'filter[created][ne]=1',
  'filter[created]=999999999999',
  'filter[test_mode]=yes',
  'filter[test_mode][ne]=1',
  'filter[customer][ne]=x',
  'filter[payment_flow]=gift',
  'filter[payment_flow]=authorize',
  'filter[status]=authorized',
  'filter[reference_id]=a%00b',
  `filter[id][in]=${Array.from({ length: 101 }, () => 'x').join(',')}`,
]

test('whatever cannot be read is a bad request', () => {
  for (const query of refused) {
    assert.throws(
      () => read(query),
      (error) => error instanceof Problem && error.status === 400,
      query,
    )
  }
})

test('twenty conditions are read, twenty-one are not', () => {
  const operators = ['amount', 'payment_amount', 'created', 'updated', 'processed'].flatMap((field) =>
    ['eq', 'gt', 'gte', 'lt', 'lte'].map((operator) => `filter[${field}][${operator}]=1`),
  )
  assert.equal(read(operators.slice(0, 20).join('&')).conditions.length, 20)
  assert.throws(() => read(operators.slice(0, 21).join('&')), Problem)
})

test('the cause names field and operator', () => {
  const problem = (query: string): Problem => {
    try {
      read(query)
    } catch (error) {
      return error as Problem
    }
    throw new Error('not refused')
  }
  assert.deepEqual(problem('filter[created][foo]=1').body(), {
    errors: [
      {
        status: 'Bad Request',
        code: '400',
        title: 'Invalid filter',
        detail: 'Operator "foo" is not supported for "created".',
      },
    ],
  })
})
