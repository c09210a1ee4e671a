import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { shopAddress } from './shop-address.ts'

const uid = '0190f0a0-0000-7000-8000-000000000001'

test('uid and status come last, before the fragment', () => {
  for (const [given, expected] of [
    ['https://shop.example/back', '/back?uid=U&status=failed'],
    ['https://shop.example/back?', '/back?uid=U&status=failed'],
    ['https://shop.example/back??', '/back??&uid=U&status=failed'],
    ['https://shop.example/back?order=5', '/back?order=5&uid=U&status=failed'],
    ['https://shop.example/back?order=5&', '/back?order=5&uid=U&status=failed'],
    ['https://shop.example/#/orders?x=1', '/?uid=U&status=failed#/orders?x=1'],
    ['https://shop.example/back?uid=own&status=new#end', '/back?uid=own&status=new&uid=U&status=failed#end'],
  ] as const) {
    assert.equal(shopAddress(given, 'U', 'failed'), `https://shop.example${expected}`)
  }
})

test('every parameter and the fragment of the shop are kept as they were written', () => {
  const written = fc.webUrl({ withQueryParameters: true, withFragments: true })
  fc.assert(
    fc.property(
      written,
      fc.constantFrom('successful', 'failed', 'expired', 'pending', 'incomplete'),
      (given, status) => {
        const before = new URL(given)
        const after = new URL(shopAddress(given, uid, status))
        assert.equal(after.searchParams.getAll('uid').at(-1), uid)
        assert.equal(after.searchParams.getAll('status').at(-1), status)
        assert.ok(after.search.startsWith(before.search))
        assert.equal(after.hash, before.hash)
        assert.equal(after.origin + after.pathname, before.origin + before.pathname)
        assert.deepEqual([...after.searchParams].slice(0, [...before.searchParams].length), [...before.searchParams])
      },
    ),
  )
})
