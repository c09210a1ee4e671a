import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readShopSettings } from './read-shop-settings.ts'

const taken: readonly [text: string, settings: object][] = [
  ['test_mode=true', { test_mode: true }],
  ['three_d_secure=off', { three_d_secure: 'off' }],
  ['raw_card_data=false', { raw_card_data: false }],
  ['automatic_cascading=true', { automatic_cascading: true }],
  ['expose_attempts=false', { expose_attempts: false }],
  ['required_customer_fields=', { required_customer_fields: [] }],
  ['required_customer_fields=customer.ip', { required_customer_fields: ['customer.ip'] }],
  ['return_token=on_request', { return_token: 'on_request' }],
  ['notification_url=', { notification_url: null }],
  ['notification_url=https://a.example/?b=c', { notification_url: 'https://a.example/?b=c' }],
  ['rate_limit=off', { rate_limit: null }],
  ['rate_limit=250', { rate_limit: 250 }],
  ['accept_late_success=true', { accept_late_success: true }],
]
for (const [text, settings] of taken) {
  test(`${text} is taken`, () => assert.deepEqual(readShopSettings([text]), { settings, mistake: null }))
}

const refused: readonly [text: string, pattern: RegExp][] = [
  ['test_mode', /no setting "test_mode"; there are test_mode,/],
  ['__proto__=1', /no setting "__proto__"/],
  ['=1', /no setting "=1"/],
  ['test_mode=yes', /test_mode takes true or false/],
  ['three_d_secure=on', /three_d_secure takes off, auto or required/],
  ['required_customer_fields=customer.shoe_size', /required_customer_fields takes paths/],
  ['required_customer_fields=customer.ip,', /required_customer_fields takes paths/],
  ['return_token=sometimes', /return_token takes/],
  ['notification_url=ftp://a.example', /notification_url takes an http or https address/],
  ['notification_url=hook', /notification_url takes/],
  ['rate_limit=0', /rate_limit takes/],
  ['rate_limit=1.5', /rate_limit takes/],
  ['expose_attempts=false', /expose_attempts is given twice/],
]
for (const [text, pattern] of refused) {
  test(`${text} is refused`, () =>
    assert.match(readShopSettings(['expose_attempts=true', text]).mistake ?? '', pattern))
}
