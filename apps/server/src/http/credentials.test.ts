import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Account, AccountStatus } from '../accounts/account.ts'
import { checkAccountState, isAllowedIp, parseBasic, sentPublicKey } from './credentials.ts'
import { Problem } from './problem.ts'
import { parseQuery } from './query.ts'

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

test('a Basic header is parsed strictly', () => {
  assert.deepEqual(parseBasic(basic('coma_1:key')), { id: 'coma_1', api_key: 'key' })
  assert.deepEqual(parseBasic(basic('coma_1:key').replace('Basic', 'bASIC')), { id: 'coma_1', api_key: 'key' })
  assert.deepEqual(parseBasic(basic('coma_1:a:b')), { id: 'coma_1', api_key: 'a:b' })
  assert.deepEqual(parseBasic(basic('coma_1:')), { id: 'coma_1', api_key: '' })
  for (const header of [
    undefined,
    '',
    'Basic',
    'Basic ',
    basic('no colon'),
    basic(':key'),
    `Bearer ${Buffer.from('a:b').toString('base64')}`,
    `Basic  ${Buffer.from('a:b').toString('base64')}`,
    `${basic('a:b')} x`,
    'Basic a:b',
    'Basic %%%',
    basic('a:'.padEnd(400, 'b')),
  ])
    assert.equal(parseBasic(header), null, header)
})

test('IP allowlist: addresses and blocks, IPv4 also in its mapped form, an empty list allows all', () => {
  const table: [string, string[], boolean][] = [
    ['192.0.2.1', [], true],
    ['192.0.2.1', ['192.0.2.1'], true],
    ['::ffff:192.0.2.1', ['192.0.2.1'], true],
    ['192.0.2.1', ['::ffff:192.0.2.1'], true],
    ['192.0.2.2', ['192.0.2.1'], false],
    ['192.0.2.200', ['192.0.2.0/24'], true],
    ['::ffff:192.0.2.200', ['192.0.2.0/24'], true],
    ['192.0.2.200', ['::ffff:192.0.2.0/120'], true],
    ['192.0.3.1', ['192.0.2.0/24'], false],
    ['2001:db8::1', ['2001:DB8:0::1'], true],
    ['2001:db8::5', ['2001:db8::/32'], true],
    ['2001:db9::5', ['2001:db8::/32'], false],
    ['192.0.2.1', ['2001:db8::/32', 'nonsense', '10.0.0.0/40', ''], false],
    ['unknown', ['0.0.0.0/0', '::/0'], false],
  ]
  for (const [ip, list, allowed] of table) assert.equal(isAllowedIp(ip, list), allowed, `${ip} in ${list}`)
})

test('account states: who may read, who may create', () => {
  const may = (status: AccountStatus, creates: boolean): boolean => {
    try {
      checkAccountState({ status } as Account, creates)
      return true
    } catch (error) {
      assert.ok(error instanceof Problem && error.status === 403)
      return false
    }
  }
  const rows: [AccountStatus, boolean, boolean][] = [
    ['active', true, true],
    ['new', true, false],
    ['moderation_requested', true, false],
    ['moderation_pending', true, false],
    ['inactive', false, false],
    ['archived', false, false],
  ]
  for (const [status, reads, creates] of rows)
    assert.deepEqual([may(status, false), may(status, true)], [reads, creates], status)
})

test('a public key is found in the query, the body or its attributes; two of them must be equal', () => {
  assert.equal(sentPublicKey({}, {}), null)
  assert.equal(sentPublicKey(parseQuery('public_key=a'), {}), 'a')
  assert.equal(sentPublicKey({}, { public_key: 'a' }), 'a')
  assert.equal(sentPublicKey({}, { data: { type: 'payment-invoice', attributes: { public_key: 'a' } } }), 'a')
  assert.equal(sentPublicKey({}, { data: { public_key: 'a' } }), 'a')
  assert.equal(sentPublicKey(parseQuery('public_key=a'), { public_key: 'a' }), 'a')
  assert.equal(sentPublicKey({}, { public_key: null }), null)
  for (const [query, body] of [
    ['public_key=a', { public_key: 'b' }],
    ['', { public_key: 'a', data: { public_key: 'b' } }],
    ['public_key=a&public_key=a', {}],
    ['public_key[x]=a', {}],
    ['', { public_key: 5 }],
    ['', { public_key: ['a'] }],
  ] as const) {
    assert.throws(
      () => sentPublicKey(parseQuery(query), body as never),
      (error) => error instanceof Problem && error.status === 401,
    )
  }
})
