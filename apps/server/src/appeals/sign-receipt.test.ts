import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isSignedReceipt, receiptUrl, signReceipt } from './sign-receipt.ts'

const key = Buffer.from('receipt-test-key')
const id = 'rcp_0000000000000001'
const exp = '1795257600'

test('the signature is that of the contract', () => {
  assert.equal(signReceipt(key, id, exp), '3czuCChVwt9YItE0iogzk8PiDBjyxJC0v47tcbbvdZo')
})

test('an address is good for 14 days, and no byte of it may change', () => {
  const now = new Date('2026-11-06T12:00:00Z')
  const url = receiptUrl(
    { secrets: { receiptKey: key }, config: { public_url: 'https://pay.example' } },
    { id, type: 'pdf' },
    now,
  )
  const sig = signReceipt(key, id, String(now.getTime() / 1000 + 14 * 86_400))
  assert.equal(url, `https://pay.example/receipts/${id}.pdf?exp=${now.getTime() / 1000 + 14 * 86_400}&sig=${sig}`)
  const right = { id, exp, sig: signReceipt(key, id, exp) }
  assert.equal(isSignedReceipt(key, right), true)
  fc.assert(
    fc.property(fc.nat(right.sig.length - 1), fc.constantFrom('A', 'b', '_', '='), (index, letter) => {
      const sig = right.sig.slice(0, index) + letter + right.sig.slice(index + 1)
      assert.equal(isSignedReceipt(key, { ...right, sig }), sig === right.sig)
    }),
  )
  assert.equal(isSignedReceipt(key, { ...right, exp: '1795257601' }), false)
  assert.equal(isSignedReceipt(key, { ...right, id: 'rcp_0000000000000002' }), false)
  assert.equal(isSignedReceipt(key, { ...right, sig: '' }), false)
  assert.equal(isSignedReceipt(Buffer.from('another key'), right), false)
})
