import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { returnTarget } from './return-target.ts'

const account = { return_urls: { success: 'a-success', fail: 'a-fail', common: 'a-common' } }
const nothing = { return_url: null, return_urls: null }

describe('where the payer returns to: the first that exists', () => {
  it('the address of the class, then the common one of the invoice, then its pending one', () => {
    const return_urls = { success: 'i-success', pending: 'i-pending' }
    assert.equal(returnTarget({ status: 'processed', return_url: 'i', return_urls }, account), 'i-success')
    assert.equal(returnTarget({ status: 'expired', return_url: 'i', return_urls }, account), 'i')
    assert.equal(returnTarget({ status: 'expired', return_url: null, return_urls }, account), 'i-pending')
  })
  it('then the account by class, then its common one', () => {
    assert.equal(returnTarget({ status: 'refunded', ...nothing }, account), 'a-success')
    assert.equal(returnTarget({ status: 'terminated', ...nothing }, account), 'a-fail')
    assert.equal(returnTarget({ status: 'process_error', ...nothing }, account), 'a-common')
  })
  it('or nowhere', () => {
    assert.equal(returnTarget({ status: 'processed', ...nothing }, { return_urls: {} }), null)
  })
})
