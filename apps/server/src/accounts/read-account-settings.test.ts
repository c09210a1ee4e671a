import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isAllowedIp } from '../http/credentials.ts'
import { type Account, defaultOptions } from './account.ts'
import { accountSettingLines, readAccountSettings } from './read-account-settings.ts'

const read = (given: readonly string[], allow_private = false) => readAccountSettings(given, { allow_private })

const fields: readonly [text: string, changes: object][] = [
  ['name=Книгарня «Вечірній Дніпро»', { name: 'Книгарня «Вечірній Дніпро»' }],
  ['name=a=b', { name: 'a=b' }],
  [`name=${'😀'.repeat(100)}`, { name: '😀'.repeat(100) }],
  ['description=', { description: '' }],
  ['website=https://shop.example/?a=b', { website: 'https://shop.example/?a=b' }],
  ['website=', { website: null }],
  ['checkout_domain=pay.shop.example', { checkout_domain: 'pay.shop.example' }],
  ['checkout_domain=', { checkout_domain: null }],
  ['time_zone=Europe/Kyiv', { time_zone: 'Europe/Kyiv' }],
  ['time_zone=UTC', { time_zone: 'UTC' }],
  ['api_ip_allowlist=', { api_ip_allowlist: [] }],
  ['api_ip_allowlist=192.0.2.7,2001:db8::/32', { api_ip_allowlist: ['192.0.2.7', '2001:db8::/32'] }],
  ['callback_url=https://shop.example/callbacks', { callback_url: 'https://shop.example/callbacks' }],
  ['callback_url=', { callback_url: null }],
]
for (const [text, changes] of fields) {
  test(`${text.slice(0, 60)} is taken`, () =>
    assert.deepEqual(read([text]), { changes: { ...changes, return_urls: {}, options: {} }, mistake: null }))
}

const options: readonly [text: string, value: unknown][] = [
  ['fee_strategy=external', 'external'],
  ['reverse_fee=true', true],
  ['invoice_lifetime_minutes=10', 10],
  ['invoice_lifetime_minutes=10080', 10_080],
  ['attempts_limit=0', 0],
  ['attempts_limit=20', 20],
  ['retry_limit=20', 20],
  ['forbid_public_creation=true', true],
  ['allow_host_to_host=true', true],
  ['hide_card_details=true', true],
  ['return_fee_on_refund=true', true],
  ['send_operation_context=true', true],
  ['auto_return=true', true],
  ['allow_partially=true', true],
  ['callbacks_only_final=true', true],
  ['callback_attempts_max=1', 1],
  ['descriptor=BOOKS {reference_id} {created}', 'BOOKS {reference_id} {created}'],
  ['descriptor=', null],
  ['show_zero_fee_badge=true', true],
  ['accept_late_success=true', true],
  ['accept_late_transfers=false', false],
  ['payer_appeals=false', false],
  ['payment_appeals_callbacks=true', true],
  ['notification_email=appeals@shop.example', 'appeals@shop.example'],
  ['notification_email=', null],
]
for (const [text, value] of options) {
  const name = text.slice(0, text.indexOf('='))
  test(`${text} is taken`, () => assert.deepEqual(read([text]).changes?.options, { [name]: value }))
}

test('every option has a value above that is taken', () => {
  const named = new Set(options.map(([text]) => text.slice(0, text.indexOf('='))))
  assert.deepEqual([...named].sort(), Object.keys(defaultOptions).sort())
})

test('return addresses are kept by their class, and nothing takes one away', () =>
  assert.deepEqual(read(['return_urls.common=http://shop.example/back', 'return_urls.fail=']).changes?.return_urls, {
    common: 'http://shop.example/back',
    fail: null,
  }))

const refused: readonly [text: string, pattern: RegExp][] = [
  ['colour=red', /^there is no setting "colour"; there are name, description, .*notification_email$/],
  ['status=active', /no setting "status"/],
  ['base_currency=USD', /no setting "base_currency"/],
  ['return_urls=https://a.example', /no setting "return_urls"/],
  ['constructor=1', /no setting "constructor"/],
  ['auto_return', /no setting "auto_return"/],
  ['name=', /name takes 1 to 100 characters on one line/],
  [`name=${'x'.repeat(101)}`, /name takes/],
  ['name= Books', /name takes/],
  ['name=Books\nand more', /name takes/],
  ['name=\ud800', /name takes/],
  [`description=${'x'.repeat(501)}`, /description takes at most 500/],
  ['website=shop.example', /website takes an http or https address without user and password, or nothing/],
  ['website=javascript:alert(1)', /website takes/],
  ['website=https://user@shop.example', /website takes/],
  ['checkout_domain=https://pay.shop.example', /checkout_domain takes a host name/],
  ['checkout_domain=localhost', /checkout_domain takes/],
  ['checkout_domain=10.0.0.1', /checkout_domain takes/],
  ['time_zone=Mars/Olympus', /time_zone takes the name of a time zone/],
  ['time_zone=+03:00', /time_zone takes/],
  ['time_zone=', /time_zone takes/],
  ['api_ip_allowlist=10', /api_ip_allowlist takes at most 100 addresses/],
  ['api_ip_allowlist=10.0.0.0/33', /api_ip_allowlist takes/],
  ['api_ip_allowlist=10.0.0.0/8/8', /api_ip_allowlist takes/],
  ['api_ip_allowlist=fe80::1%eth0', /api_ip_allowlist takes/],
  ['api_ip_allowlist=192.0.2.7,', /api_ip_allowlist takes/],
  ['api_ip_allowlist=192.0.2.7, 192.0.2.8', /api_ip_allowlist takes/],
  [`api_ip_allowlist=${Array(101).fill('192.0.2.7')}`, /api_ip_allowlist takes/],
  ['callback_url=http://shop.example/', /callback_url takes a public https address, or nothing/],
  ['callback_url=https://10.0.0.1/', /callback_url takes/],
  ['callback_url=https://127.0.0.1/', /callback_url takes/],
  ['callback_url=https://files.internal/', /callback_url takes/],
  ['callback_url=https://user:word@shop.example/', /callback_url takes/],
  [`callback_url=https://shop.example/${'x'.repeat(2048)}`, /callback_url takes/],
  ['return_urls.success=ftp://shop.example', /return_urls.success takes an http or https address/],
  ['fee_strategy=both', /fee_strategy takes internal or external/],
  ['reverse_fee=yes', /reverse_fee takes true or false/],
  ['invoice_lifetime_minutes=9', /invoice_lifetime_minutes takes a whole number of minutes from 10 to 10080/],
  ['invoice_lifetime_minutes=10081', /invoice_lifetime_minutes takes/],
  ['invoice_lifetime_minutes=30.5', /invoice_lifetime_minutes takes/],
  ['attempts_limit=21', /attempts_limit takes a whole number from 0 to 20/],
  ['attempts_limit=', /attempts_limit takes/],
  ['retry_limit=-1', /retry_limit takes/],
  ['callback_attempts_max=0', /callback_attempts_max takes a whole number from 1 to 100/],
  ['callback_attempts_max=101', /callback_attempts_max takes/],
  ['descriptor={shop}', /descriptor takes 1 to 255 characters on one line with \{id\} \{description\}/],
  ['descriptor={id', /descriptor takes/],
  [`descriptor=${'x'.repeat(256)}`, /descriptor takes/],
  ['notification_email=Shop <a@shop.example>', /notification_email takes one plain e-mail address/],
  ['notification_email=shop', /notification_email takes/],
  ['auto_return=false', /auto_return is given twice/],
]
for (const [text, pattern] of refused) {
  test(`${text.slice(0, 60)} is refused, and all with it`, () => {
    const done = read(['auto_return=true', text])
    assert.match(done.mistake ?? '', pattern)
    assert.equal(done.changes, null)
  })
}

test('callbacks may go to this machine where the configuration allows it, and to no other private address', () => {
  assert.equal(read(['callback_url=http://127.0.0.1:4001/shop'], true).mistake, null)
  assert.match(read(['callback_url=http://10.0.0.1/'], true).mistake ?? '', /callback_url takes a public or local/)
})

test('an allowlist that is taken lets in whom it names', () => {
  const list = read(['api_ip_allowlist=192.0.2.7,198.51.100.0/24,2001:db8::/32']).changes?.api_ip_allowlist ?? []
  for (const ip of ['192.0.2.7', '198.51.100.9', '2001:db8::1']) assert.equal(isAllowedIp(ip, list), true, ip)
  assert.equal(isAllowedIp('203.0.113.1', list), false)
})

test('the settings as they are shown are taken again and say the same', () => {
  const account = {
    name: 'Harbour Books',
    description: 'Books and charts',
    website: null,
    checkout_domain: 'pay.shop.example',
    time_zone: 'Europe/Kyiv',
    api_ip_allowlist: ['192.0.2.7', '10.0.0.0/8'],
    callback_url: 'https://shop.example/?a=b',
    return_urls: { common: 'https://shop.example/back' },
    options: { ...defaultOptions, descriptor: 'BOOKS {id}', attempts_limit: 2 },
  }
  const { changes } = read(accountSettingLines(account as unknown as Account))
  const return_urls = { success: null, pending: null, fail: null, common: 'https://shop.example/back' }
  assert.deepEqual(changes, { ...account, return_urls })
})
