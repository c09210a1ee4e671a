import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkSignatures } from './check-signatures.ts'
import { readCallback } from './read-callback.ts'
import { createCallbackBook, type ReceivedCallback } from './received-callbacks.ts'

const keys = { public_key: 'pk_test_x', private_key: 'sk_test_other' }
const account = {
  id: 'coma_A',
  name: 'Shop',
  api_key: '',
  test: { ...keys, private_key: 'sk_test_example' },
  live: keys,
}
const other = { ...account, name: 'Other', test: keys }

const genuine = {
  body: '{"data":{"type":"payment-invoices","id":"cpi_0000000000000000"}}',
  headers: {
    'x-signature': 'ib3g2OTs6cJTmODicodjCzxobYU=',
    'webhook-id': 'evt_0000000000000000',
    'webhook-timestamp': '1600000000',
    'webhook-signature': 'v1,O16Fv42RbHpkAxGTTcFgEbFC3gFMvF9gxuJ9sp1ofk4=',
  },
  now: new Date(1_600_000_010_000),
}

describe('signatures of a callback', () => {
  it('both are right for what the account signed', () => {
    const signatures = checkSignatures(genuine, [other, account])
    assert.deepEqual(signatures, { signer: 'Shop', x_signature: true, webhook_signature: true })
  })

  it('nothing is right for a changed body or for a stranger', () => {
    const changed = { ...genuine, body: genuine.body.replace('cpi_0', 'cpi_1') }
    const longer = { ...genuine, body: `${genuine.body} ` }
    assert.notEqual(changed.body, genuine.body)
    const refused = [
      checkSignatures(changed, [account]),
      checkSignatures(longer, [account]),
      checkSignatures(genuine, [other]),
      checkSignatures({ ...genuine, headers: {} }, [account]),
    ]
    for (const signatures of refused) {
      assert.deepEqual(signatures, { signer: null, x_signature: false, webhook_signature: false })
    }
  })

  it('an old delivery played again keeps its X-Signature only', () => {
    const replayed = checkSignatures({ ...genuine, now: new Date(1_600_000_301_000) }, [account])
    assert.deepEqual(replayed, { signer: 'Shop', x_signature: true, webhook_signature: false })
  })

  it('a new id or time under an old signature is not believed', () => {
    for (const header of ['webhook-id', 'webhook-timestamp']) {
      const headers = { ...genuine.headers, [header]: '1600000001' }
      assert.equal(checkSignatures({ ...genuine, headers }, [account]).webhook_signature, false)
    }
  })

  it('one of several signatures is enough, as while a key is changed', () => {
    const headers = { ...genuine.headers, 'webhook-signature': `v1,AAAA ${genuine.headers['webhook-signature']}` }
    assert.equal(checkSignatures({ ...genuine, headers }, [account]).webhook_signature, true)
  })
})

describe('the body of a callback', () => {
  it('amounts keep their own text', () => {
    const body = '{"data":{"id":"cpi_1","attributes":{"amount":0.00000001,"fee":10.50,"status":"processed"}}}'
    const facts = readCallback(body)
    assert.equal(facts.amount, '0.00000001')
    assert.equal(facts.fee, '10.50')
    assert.equal(facts.status, 'processed')
    assert.equal(facts.payment_id, 'cpi_1')
  })

  it('one about an appeal names the appeal and the payment', () => {
    const body =
      '{"data":{"type":"payment-appeals","id":"apl_1","attributes":{"status":"rejected","reason":"wrong_amount","amount":3500.5,' +
      '"original_amount":3900,"resolution":null},"relationships":{"payment-invoice":{"data":{"id":"cpi_1"}}}}}'
    const { appeal, payment_id, status, amount, resolution } = readCallback(body)
    assert.deepEqual(appeal, { id: 'apl_1', reason: 'wrong_amount', original_amount: '3900' })
    assert.deepEqual([payment_id, status, amount, resolution], ['cpi_1', 'rejected', '3500.5', ''])
    assert.equal(readCallback(genuine.body).appeal, null)
  })

  it('what cannot be read is empty', () => {
    for (const body of ['', 'no json', '[]', 'null', '{"data":{"attributes":{"status":{"a":1}}}}']) {
      assert.equal(readCallback(body).status, '')
    }
  })
})

describe('the book of callbacks', () => {
  const received = (event_id: string, status: string, genuine = true): ReceivedCallback => ({
    kind: 'callback',
    ...readCallback(JSON.stringify({ data: { attributes: { reference_id: 'shop-socks-1', status } } })),
    received_at: new Date(0),
    event_id,
    attempt: '1',
    next_retry: '0',
    signer: 'Shop',
    checks: [
      { name: 'X-Signature', right: true },
      { name: 'webhook-signature', right: genuine },
    ],
    answered: 'accept',
    body: '',
  })

  it('lists the newest first and keeps a limited number', () => {
    const book = createCallbackBook()
    for (let i = 0; i < 305; i += 1) book.add(received(`evt_${i}`, 'processed'))
    assert.equal(book.list().length, 300)
    assert.equal(book.list()[0]?.event_id, 'evt_304')
  })

  it('believes the newest genuine event, not the last to arrive', () => {
    const book = createCallbackBook()
    assert.equal(book.latestOf('shop-socks-1'), null)
    book.add(received('evt_2', 'processed'))
    book.add(received('evt_1', 'process_pending'))
    book.add(received('evt_3', 'refunded', false))
    assert.equal(book.latestOf('shop-socks-1')?.status, 'processed')
    assert.equal(book.latestOf('shop-tent-1'), null)
  })

  it('answers badly as often as it was told, then well again', () => {
    const book = createCallbackBook()
    book.answer('refuse', 2)
    assert.deepEqual([book.nextAnswer(), book.nextAnswer(), book.nextAnswer()], ['refuse', 'refuse', 'accept'])
    book.answer('never', null)
    assert.deepEqual([book.nextAnswer(), book.nextAnswer()], ['never', 'never'])
  })
})
