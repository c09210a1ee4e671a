import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { checkTargetUrl, isAllowedAddress, resolveTarget } from './target-guard.ts'

const production = { test_mode: false, allow_private: false }
const productionTest = { test_mode: true, allow_private: false }
const demo = { test_mode: false, allow_private: true }

describe('the text of a target', () => {
  const loopbackSpellings = [
    'https://127.0.0.1/x',
    'https://127.1/x',
    'https://2130706433/x',
    'https://0x7f000001/x',
    'https://0x7f.0.0.1/x',
    'https://017700000001/x',
    'https://0177.0.0.01/x',
    'https://127.255.255.254/',
    'https://[::1]/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://[::ffff:7f00:1]:8443/x',
    'https://[0:0:0:0:0:ffff:7f00:0001]/',
    'https://localhost/x',
    'https://LOCALHOST./x',
    'https://a.b.localhost/x',
    'https://１２７.0.0.1/x',
  ]
  for (const url of loopbackSpellings) {
    it(`${url} is loopback: refused, allowed only in the demo`, () => {
      assert.equal(checkTargetUrl(url, production), 'refused')
      assert.equal(checkTargetUrl(url, productionTest), 'refused')
      assert.equal(checkTargetUrl(url, demo), 'ok')
    })
  }

  const neverAllowed = [
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://0xa9fea9fe/',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://0/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://192.0.2.1/',
    'https://198.51.100.7/',
    'https://203.0.113.9/',
    'https://198.18.0.1/',
    'https://192.0.0.8/',
    'https://240.0.0.1/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://[fd12:3456::1]/',
    'https://[::]/',
    'https://[ff02::1]/',
    'https://[2001:db8::1]/',
    'https://[3fff::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fec0::1]/',
    'https://[4000::1]/',
    'https://metadata.google.internal/',
    'https://internal/',
    'https://printer.local/',
    'https://printer.local./',
  ]
  for (const url of neverAllowed) {
    it(`${url} is refused even in the demo`, () => {
      assert.equal(checkTargetUrl(url, production), 'refused')
      assert.equal(checkTargetUrl(url, demo), 'refused')
    })
  }

  const malformed = [
    '',
    'example.com/hook',
    '/hook',
    '//example.com/hook',
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://',
    'https://user:secret@example.com/',
    'https://user@example.com/',
    'https://@example.com/',
    'https://exa mple.com/',
    'https://exam\nple.com/',
    'https:\\\\example.com\\',
    'https://example.com:99999/',
    'https://[::1/',
    `https://example.com/${'a'.repeat(2048)}`,
  ]
  for (const url of malformed) {
    it(`${JSON.stringify(url.slice(0, 40))} is malformed`, () => {
      assert.equal(checkTargetUrl(url, demo), 'malformed')
    })
  }

  it('plain http is for test mode, and for both modes in the demo', () => {
    assert.equal(checkTargetUrl('http://example.com/', production), 'refused')
    assert.equal(checkTargetUrl('http://example.com/', productionTest), 'ok')
    assert.equal(checkTargetUrl('http://example.com/', demo), 'ok')
  })

  it('public names and addresses pass, with ports, paths and queries', () => {
    for (const url of [
      'https://example.com',
      'https://shop.example.com:8443/hooks?a=1@2#x',
      'https://8.8.8.8/',
      'https://[2606:4700::1111]/',
      'https://localhost.example.com/',
      'https://mylocal/',
      'https://bücher.example/',
    ]) {
      assert.equal(checkTargetUrl(url, production), 'ok', url)
    }
  })
})

describe('the addresses of a target', () => {
  const resolve = (url: string, answer: readonly string[] | Error, allow_private = false) =>
    resolveTarget(new URL(url), {
      allow_private,
      lookup: async () => {
        if (answer instanceof Error) throw answer
        return answer
      },
    })

  it('a name that leads to loopback is refused, though its text looks harmless', async () => {
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '169.254.169.254', '10.1.2.3', 'fe80::1%eth0']) {
      assert.equal((await resolve('https://127-0-0-1.nip.example/', [address])).type, 'refused', address)
    }
  })

  it('one private address among public ones refuses the target', async () => {
    assert.equal((await resolve('https://example.com/', ['93.184.216.34', '192.168.0.1'])).type, 'refused')
  })

  it('public addresses come back as they were checked', async () => {
    const target = await resolve('https://example.com/', ['93.184.216.34', '2606:2800:220:1::1'])
    assert.deepEqual(target, { type: 'resolved', addresses: ['93.184.216.34', '2606:2800:220:1::1'] })
  })

  it('a name without an address, or a look-up that fails, is not found', async () => {
    assert.equal((await resolve('https://example.com/', [])).type, 'not_found')
    assert.equal((await resolve('https://example.com/', new Error('ESERVFAIL'))).type, 'not_found')
  })

  it('in the demo a name may lead to loopback, to nothing else that is private', async () => {
    assert.equal((await resolve('http://shop.example/', ['127.0.0.1'], true)).type, 'resolved')
    assert.equal((await resolve('http://shop.example/', ['10.0.0.1'], true)).type, 'refused')
    assert.equal((await resolve('http://localhost:1/', new Error('not asked'), true)).type, 'resolved')
    assert.equal((await resolve('http://localhost:1/', ['8.8.8.8'], false)).type, 'refused')
  })

  it('an IPv4 address and its mapped form are judged alike', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.boolean(), (address, allow) => {
        assert.equal(isAllowedAddress(`::ffff:${address}`, allow), isAllowedAddress(address, allow))
      }),
    )
  })

  it('no private range ever passes, whatever the spelling', () => {
    const byte = fc.integer({ min: 0, max: 255 })
    const privateAddress = fc.oneof(
      fc.tuple(fc.constant(10), byte, byte, byte),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
      fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
      fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
      fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
    )
    const spell = (parts: readonly number[], form: number): string => {
      const value = parts.reduce((sum, part) => sum * 256 + part, 0)
      const octal = parts.map((part) => `0${part.toString(8)}`).join('.')
      return (
        [parts.join('.'), String(value), `0x${value.toString(16)}`, octal, `[::ffff:${parts.join('.')}]`][form] ?? ''
      )
    }
    fc.assert(
      fc.property(privateAddress, fc.integer({ min: 0, max: 4 }), (parts, form) => {
        assert.equal(checkTargetUrl(`https://${spell(parts, form)}/`, demo), 'refused')
      }),
    )
  })
})
