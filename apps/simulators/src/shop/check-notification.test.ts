import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { test } from 'node:test'
import { checkNotification } from './check-notification.ts'
import { readNotification } from './read-notification.ts'

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const [own, others] = [pair(), pair()]
const pem = ({ publicKey }: ReturnType<typeof pair>) => publicKey.export({ type: 'spki', format: 'pem' }).toString()
const shop = { shop_id: 361, name: 'Shop', secret: 'correct horse', public_key: pem(own) }
const other = { shop_id: 362, name: 'Other', secret: 'battery staple', public_key: pem(others) }

const body = '{"transaction":{"uid":"Ü"}}'
const genuine = {
  body,
  headers: {
    authorization: `Basic ${Buffer.from('361:correct horse').toString('base64')}`,
    'content-signature': sign('sha256', Buffer.from(body), own.privateKey).toString('base64'),
  },
}

test('both checks are right for what the shop was sent', () => {
  const checks = checkNotification(genuine, [other, shop])
  assert.deepEqual(checks, { signer: 'Shop', basic: true, content_signature: true })
})

test('a changed body keeps its credentials only', () => {
  for (const changed of [body.replace('u', 'v'), `${body} `, '']) {
    const checks = checkNotification({ ...genuine, body: changed }, [other, shop])
    assert.deepEqual(checks, { signer: 'Shop', basic: true, content_signature: false })
  }
})

test('a signature without the right credentials is only half of it', () => {
  const wrong = [
    '',
    'Basic',
    `Basic ${Buffer.from('361:correct hors').toString('base64')}`,
    `Basic ${Buffer.from('362:correct horse').toString('base64')}`,
  ]
  for (const authorization of wrong) {
    const checks = checkNotification({ body, headers: { ...genuine.headers, authorization } }, [shop])
    assert.deepEqual(checks, { signer: 'Shop', basic: false, content_signature: true })
  }
})

test('nothing is right for a stranger', () => {
  const nothing = { signer: null, basic: false, content_signature: false }
  assert.deepEqual(checkNotification(genuine, [other]), nothing)
  assert.deepEqual(checkNotification({ body, headers: {} }, [shop]), nothing)
  assert.deepEqual(checkNotification({ body, headers: { 'content-signature': '!' } }, [shop]), nothing)
})

test('both versions of the body are read', () => {
  const facts = {
    uid: 'u',
    type: 'payment',
    status: 'successful',
    message: 'Successfully processed',
    amount: '100',
    currency: 'USD',
    tracking_id: 'order-1',
    gateway_id: '409',
  }
  const { gateway_id, amount, ...told } = facts
  const common = { ...told, amount: 100 }
  const v2 = { transaction: { ...common, payment: { gateway_id: 409 } } }
  const v3 = { ...common, transaction: { gateway_id: 409 } }
  assert.deepEqual(readNotification(JSON.stringify(v2)), facts)
  assert.deepEqual(readNotification(JSON.stringify(v3)), facts)
})

test('what cannot be read is empty', () => {
  for (const text of ['', 'no json', '[]', 'null', '{"transaction":1}', '{"status":{"a":1}}']) {
    assert.deepEqual([...new Set(Object.values(readNotification(text)))], [''], text)
  }
})
