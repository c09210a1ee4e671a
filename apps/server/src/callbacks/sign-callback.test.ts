import assert from 'node:assert/strict'
import { test } from 'node:test'
import { standardSecret, standardSignature, xSignature } from './sign-callback.ts'

// The vectors of the merchant API contract, 16.3.
const secret = 'sk_test_example'
const body = '{"data":{"type":"payment-invoices","id":"cpi_0000000000000000"}}'

test('X-Signature is the one of the contract', () => {
  assert.equal(xSignature(secret, body), 'ib3g2OTs6cJTmODicodjCzxobYU=')
  assert.notEqual(xSignature('sk_test_exampl', body), 'ib3g2OTs6cJTmODicodjCzxobYU=')
})

test('webhook-signature is the one of the contract', () => {
  const signature = standardSignature(secret, 'evt_0000000000000000', '1600000000', body)
  assert.equal(signature, 'v1,O16Fv42RbHpkAxGTTcFgEbFC3gFMvF9gxuJ9sp1ofk4=')
})

test('the key is shown as Standard Webhooks wants it', () => {
  assert.equal(standardSecret(secret), 'whsec_c2tfdGVzdF9leGFtcGxl')
})

test('letters of all languages are signed as UTF-8', () => {
  assert.equal(xSignature('k', 'Київ'), '9IXaVc6KTB9vvoSgUnWMwftQqOU=')
})
