import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { adviceCodes, advicePairs } from './advice-codes.ts'
import { classifyDecline, classifyNotSent, type DeclineOverride } from './classify-decline.ts'
import { classRules, type DeclineClass, declineClasses } from './decline-class.ts'
import { networkCodes, visaCategory } from './network-codes.ts'
import { resolutionCodes, resolutionsWithoutFailover } from './resolution-class.ts'
import { mastercard, none, visa } from './sample-signals.ts'
import { unifiedCodes } from './unified-codes.ts'

const unified: [string, string][] = [
  ['card_data', 'F.0100 F.0101 F.0111 F.0112 F.0127 F.6001 F.6002'],
  ['gateway_rejected', 'F.0102 F.0103 F.0106 F.0107 F.0113 F.0123 F.2001 F.2002 F.2003 F.2006'],
  ['soft_generic', 'F.0104 F.0105'],
  ['duplicate', 'F.0108 F.0135'],
  ['request_invalid', 'F.0109 F.0110 F.0128'],
  ['insufficient_funds', 'F.0114'],
  ['never', 'F.0115 F.0116 F.2004'],
  ['acquirer_technical', 'F.0117 F.0118'],
  ['issuer_technical', 'F.0119'],
  ['issuer_risk', 'F.0120'],
  ['payer_action', 'F.0121 F.0122 F.0126 F.0131 F.0132 F.0133 F.0134 F.0998'],
  ['limit', 'F.0124 F.0125 F.2005'],
  ['three_ds_failed', 'F.0129 F.0130 F.0996 F.4001 F.4002 F.4003'],
  ['unmapped', 'F.0997 F.0999'],
  ['platform_risk', 'F.2008'],
  ['unknown', 'P.0001 P.9999'],
]
for (const [expected, codes] of unified) {
  for (const unified_code of codes.split(' ')) {
    test(`unified code ${unified_code} is read as ${expected}`, () => {
      assert.equal(classifyDecline({ ...none, unified_code }, visa).class, expected)
    })
  }
}

test('the table of unified codes has no other rows', () => {
  assert.deepEqual([...unifiedCodes.keys()].sort(), unified.flatMap(([, codes]) => codes.split(' ')).sort())
})

/** codes, Visa category (0 = none), class of Visa, class of other networks */
const network: [string, number, string, string][] = [
  ['01 02 05', 4, 'soft_generic', 'soft_generic'],
  ['03', 2, 'gateway_rejected', 'gateway_rejected'],
  ['04 07 14 15 41 43 46 R0 R1 R3', 1, 'never', 'never'],
  ['06 22 28 92', 4, 'acquirer_technical', 'acquirer_technical'],
  ['12', 1, 'never', 'request_invalid'],
  ['13', 4, 'request_invalid', 'request_invalid'],
  ['19 96', 2, 'acquirer_technical', 'acquirer_technical'],
  ['21 25 76 77 80 81 84 85 87 88 89', 4, 'unmapped', 'unmapped'],
  ['30 31 40 58', 4, 'gateway_rejected', 'gateway_rejected'],
  ['33 42 44 56 70', 4, 'card_data', 'card_data'],
  ['34 36 37 38', 4, 'never', 'never'],
  ['39 52 53 75 86', 2, 'card_data', 'card_data'],
  ['51', 2, 'insufficient_funds', 'insufficient_funds'],
  ['54 55 6P N7', 3, 'card_data', 'card_data'],
  ['57', 1, 'never', 'issuer_risk'],
  ['59 62 78 83 93 5C 9G', 2, 'issuer_risk', 'issuer_risk'],
  ['63 64', 4, 'issuer_risk', 'issuer_risk'],
  ['61 65', 2, 'limit', 'limit'],
  ['68', 4, 'unknown', 'unknown'],
  ['79', 4, 'unmapped', 'card_data'],
  ['82', 3, 'card_data', 'issuer_risk'],
  ['91', 2, 'issuer_technical', 'issuer_technical'],
  ['94', 4, 'duplicate', 'duplicate'],
  ['1A', 4, 'authentication_required', 'authentication_required'],
  ['N3 N4 Z5', 2, 'limit', 'unmapped'],
]
for (const [codes, category, ofVisa, ofOthers] of network) {
  for (const network_code of codes.split(' ')) {
    test(`network code ${network_code} is read as ${ofVisa} for Visa and ${ofOthers} for others`, () => {
      assert.equal(classifyDecline({ ...none, network_code }, visa).class, ofVisa)
      assert.equal(classifyDecline({ ...none, network_code }, { brand: 'Visa' }).class, ofVisa)
      for (const brand of ['mastercard', 'amex', null]) {
        assert.equal(classifyDecline({ ...none, network_code }, { brand }).class, ofOthers)
      }
      assert.equal(visaCategory(network_code, false), category)
      assert.equal(visaCategory(network_code, true), network_code === '70' || network_code === '1A' ? 3 : category)
    })
  }
}

test('the table of network codes has no other rows', () => {
  assert.deepEqual([...networkCodes.keys()].sort(), network.flatMap(([codes]) => codes.split(' ')).sort())
})

test('a code without entry: generic for Visa, ignored for the others', () => {
  assert.equal(visaCategory('ZZ', false), 4)
  const signals = { ...none, network_code: 'ZZ', unified_code: 'F.0105' }
  assert.equal(classifyDecline(signals, visa).class, 'unmapped')
  assert.equal(classifyDecline(signals, mastercard).class, 'soft_generic')
  assert.equal(classifyDecline({ ...none, network_code: 'ZZ' }, mastercard).class, 'unmapped')
})

test('65 of Mastercard asks for authentication when the issuer is in the EEA or the UK and none was used', () => {
  const read = (card: Parameters<typeof classifyDecline>[1]) =>
    classifyDecline({ ...none, network_code: '65' }, card).class
  assert.equal(read({ ...mastercard, issuer_country: 'DE' }), 'authentication_required')
  assert.equal(read({ ...mastercard, issuer_country: 'gb', three_ds_used: false }), 'authentication_required')
  assert.equal(read({ ...mastercard, issuer_country: 'DE', three_ds_used: true }), 'limit')
  assert.equal(read({ ...mastercard, issuer_country: 'US' }), 'limit')
  assert.equal(read({ ...visa, issuer_country: 'DE' }), 'limit')
})

const advice: [string, DeclineClass | null, number | null][] = [
  ['01', 'card_data', null],
  ['02', 'wait', 72],
  ['03', 'never', null],
  ['04', 'card_data', null],
  ['05', null, null],
  ['21', 'never', null],
  ['22', 'gateway_rejected', null],
  ['24', 'wait', 1],
  ['25', 'wait', 24],
  ['26', 'wait', 48],
  ['27', 'wait', 96],
  ['28', 'wait', 144],
  ['29', 'wait', 192],
  ['30', 'wait', 240],
  ['40', null, null],
  ['41', null, null],
  ['42', 'issuer_risk', null],
  ['43', null, null],
  ['77', null, null],
]
for (const [advice_code, expected, wait_h] of advice) {
  test(`advice ${advice_code} is read as ${expected ?? 'no signal'}`, () => {
    const alone = classifyDecline({ ...none, advice_code }, mastercard)
    assert.equal(alone.class, expected ?? 'unmapped')
    assert.equal(alone.wait_h, wait_h)
    assert.equal(alone.alarm, advice_code === '22')
    const withTechnical = classifyDecline({ ...none, advice_code, network_code: '96' }, mastercard)
    assert.equal(
      withTechnical.class,
      expected === null || expected === 'gateway_rejected' ? 'acquirer_technical' : expected,
    )
  })
}

test('the table of advice codes has no other rows', () => {
  assert.deepEqual(
    [...adviceCodes.keys()],
    advice.map(([code]) => code).filter((code) => code !== '77'),
  )
})

const pairs: [string, string, DeclineClass][] = [
  ['79', '01', 'card_data'],
  ['82', '01', 'card_data'],
  ['83', '01', 'authentication_required'],
  ...(['79', '82', '83'] as const).flatMap((code): [string, string, DeclineClass][] => [
    [code, '03', 'never'],
    [code, '02', 'wait'],
  ]),
]
for (const [network_code, advice_code, expected] of pairs) {
  test(`the pair ${network_code} + ${advice_code} of Mastercard replaces both single readings`, () => {
    const read = classifyDecline({ ...none, network_code, advice_code }, mastercard)
    assert.equal(read.class, expected)
    assert.deepEqual(read.signals, [{ kind: 'pair', code: `${network_code}+${advice_code}`, class: expected }])
    assert.equal(read.wait_h, expected === 'wait' ? 72 : null)
  })
}

test('the table of pairs has no other rows', () => {
  assert.deepEqual([...advicePairs.keys()].sort(), pairs.map(([code, with_advice]) => `${code}+${with_advice}`).sort())
})

test('a pair of Mastercard says nothing about a Visa card', () => {
  assert.equal(classifyDecline({ ...none, network_code: '83', advice_code: '01' }, visa).class, 'issuer_risk')
})

const resolutions: [DeclineClass, string][] = [
  [
    'gateway_rejected',
    'access_denied invalid_credentials amount_conversion_error card_type_not_supported invalid_card_type',
  ],
  ['gateway_rejected', 'strategy_received_no_routes strategy_configured_routes_were_filtered'],
  ['acquirer_technical', 'error fatal_error general_fatal_error provider_error provider_fatal_error fatal_timeout'],
  ['issuer_technical', 'fatal_issuer_unavailable'],
  ['soft_generic', 'declined issuer_decline functionality_is_not_permitted'],
  ['unmapped', 'general_decline unknown unable_to_reconcile forced_captured'],
  ['acquirer_risk', 'card_restricted_by_acquirer'],
  ['authentication_required', 'auth_3ds_required card_3ds_enrolled card_is_3ds_enrolled'],
  ['request_invalid', 'invalid_amount invalid_request'],
  ['limit', 'card_usage_issuer_limit_violation card_usage_limit_violation limit_violation'],
  ['insufficient_funds', 'insufficient_funds'],
  ['card_data', 'card_expired fatal_card_expired card_blocked_by_invalid_pin card_verification_failed invalid_card'],
  [
    'card_data',
    'invalid_card_status invalid_cardholder invalid_cvv invalid_details invalid_expire_date invalid_pan invalid_pin',
  ],
  ['three_ds_failed', 'auth_fatal_error invalid_3ds_code unable_to_determine_3ds_enrolment card_not_3ds_enrolled'],
  ['three_ds_failed', 'card_is_not_3ds_enrolled'],
  ['payer_action', 'auth_otp_required client_auth_failed invalid_otp invalid_otp_code expired transaction_expired'],
  ['issuer_risk', 'antifraud_error card_restricted fatal_decline'],
  ['duplicate', 'duplicated_transaction'],
  ['platform_risk', 'customer_blocked'],
  ['never', 'card_lost card_stolen card_is_lost card_is_stolen lost_or_stolen_card fatal_invalid_card'],
]
for (const [expected, codes] of resolutions) {
  for (const resolution of codes.split(' ')) {
    test(`resolution ${resolution} is read as ${expected} and shown as it came`, () => {
      const read = classifyDecline({ ...none, resolution }, visa)
      assert.equal(read.class, expected)
      assert.equal(read.resolution, resolution)
    })
  }
}

test('the table of resolutions has no other rows, and "ok" is no decline', () => {
  assert.deepEqual([...resolutionCodes.keys()].sort(), resolutions.flatMap(([, codes]) => codes.split(' ')).sort())
  const read = classifyDecline({ ...none, resolution: 'ok', network_code: '51' }, visa)
  assert.equal(read.class, 'insufficient_funds')
  assert.equal(read.resolution, 'insufficient_funds')
})

for (const resolution of resolutionsWithoutFailover) {
  test(`no failover after ${resolution}, whatever else is said and switched on`, () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...networkCodes.keys()),
        fc.constantFrom(...unifiedCodes.keys()),
        (code, unified_code) => {
          const read = classifyDecline({ ...none, resolution, network_code: code, unified_code }, mastercard)
          assert.equal(classRules[read.class].hop, false)
          assert.equal(classRules[read.class].hop_switch, null)
        },
      ),
      { numRuns: 40 },
    )
  })
}

test('when the provider says nothing, the class gives resolution and code', () => {
  const expected: [DeclineClass, string, string | null][] = [
    ['unreachable', 'provider_error', 'F.2006'],
    ['refusal', 'strategy_configured_routes_were_filtered', null],
    ['gateway_rejected', 'provider_fatal_error', 'F.0118'],
    ['acquirer_technical', 'provider_error', 'F.0117'],
    ['issuer_technical', 'fatal_issuer_unavailable', 'F.0119'],
    ['soft_generic', 'issuer_decline', 'F.0105'],
    ['acquirer_risk', 'antifraud_error', 'F.0115'],
    ['issuer_risk', 'antifraud_error', 'F.0116'],
    ['platform_risk', 'antifraud_error', 'F.2008'],
    ['authentication_required', 'auth_3ds_required', 'F.0130'],
    ['limit', 'card_usage_issuer_limit_violation', 'F.0124'],
    ['insufficient_funds', 'insufficient_funds', 'F.0114'],
    ['card_data', 'invalid_details', 'F.0127'],
    ['three_ds_failed', 'auth_fatal_error', 'F.0130'],
    ['payer_action', 'client_auth_failed', 'F.0132'],
    ['payer_window', 'expired', null],
    ['never', 'fatal_invalid_card', 'F.0116'],
    ['duplicate', 'duplicated_transaction', 'F.0108'],
    ['request_invalid', 'invalid_request', 'F.0128'],
    ['wait', 'general_decline', 'F.0999'],
    ['unmapped', 'general_decline', 'F.0999'],
  ]
  for (const [name, resolution, unified_code] of expected) {
    const override: DeclineOverride = { kind: 'provider_code', code: 'X1', class: name }
    const read = classifyDecline({ ...none, provider_code: 'X1' }, visa, [override])
    assert.deepEqual([read.class, read.resolution, read.unified_code], [name, resolution, unified_code])
  }
  assert.deepEqual(expected.map(([name]) => name).sort(), declineClasses.filter((name) => name !== 'unknown').sort())
})

test('set-up codes raise an alarm', () => {
  for (const unified_code of ['F.0102', 'F.0103', 'F.0106', 'F.0107']) {
    assert.equal(classifyDecline({ ...none, unified_code }, visa).alarm, true)
  }
  for (const network_code of ['03', '30']) assert.equal(classifyDecline({ ...none, network_code }, visa).alarm, true)
  assert.equal(classifyDecline({ ...none, unified_code: 'F.0113', network_code: '58' }, visa).alarm, false)
})

test('an attempt that was never sent is unreachable', () => {
  assert.deepEqual(classifyNotSent(), {
    class: 'unreachable',
    signals: [],
    wait_h: null,
    alarm: false,
    resolution: 'provider_error',
    unified_code: 'F.2006',
  })
})

test('nothing said is unmapped', () => {
  assert.equal(classifyDecline(none, visa).class, 'unmapped')
  assert.equal(classifyDecline({ ...none, provider_code: '4711' }, visa).class, 'unmapped')
})
