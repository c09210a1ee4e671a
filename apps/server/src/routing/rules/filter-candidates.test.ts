import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Gateway } from '../gateway.ts'
import { type Breaker, breakerKey, closedBreaker } from './breaker.ts'
import { declineClasses } from './decline-class.ts'
import type { RoutingFacts } from './facts.ts'
import {
  detailOf,
  emptyCode,
  type FilterInput,
  type FilterReason,
  filterReasons,
  reasonAgainst,
} from './filter-candidates.ts'
import { gatewayMap, sampleCard, sampleFacts, sampleGateway } from './sample-routing.ts'

type Case = {
  readonly gateway?: Partial<Gateway>
  readonly facts?: Partial<RoutingFacts>
  readonly input?: Partial<FilterInput>
  readonly weight?: number
}

const at = new Date('2026-03-02T10:15:30Z')
const openBreaker: Breaker = { ...closedBreaker, state: 'open', open_until: new Date('2026-03-02T10:25:30Z') }

/** One thing wrong for each reason, in the order of the contract; they can be put together. */
const causes: Readonly<Record<FilterReason, Case>> = {
  route_inactive: { gateway: { status: 'off' } },
  mode_mismatch: { gateway: { test_mode: false } },
  method_unsupported: { gateway: { methods: new Set(['paypal']) } },
  currency_unsupported: { gateway: { currencies: new Set(['GBP']) } },
  operation_unsupported: { gateway: { operations: new Set(['verify']) } },
  brand_unsupported: { gateway: { brands: new Set(['mastercard']) } },
  country_unsupported: { gateway: { issuer_countries: new Set(['FR']) } },
  amount_below_min: { gateway: { amount_min_minor: 1001n } },
  amount_above_max: { gateway: { amount_max_minor: 999n } },
  excluded_by_merchant: { input: { excluded: [408] } },
  already_tried: { input: { tried: [407, 408] } },
  same_failure_domain: {
    gateway: { failure_domain: 'host-a' },
    input: { last_class: 'acquirer_technical', last_domain: 'host-a' },
  },
  misconfigured: { gateway: { misconfigured: 'the credentials cannot be decrypted' } },
  breaker_open: { input: { breakers: new Map([[breakerKey(408, 'payment_card'), openBreaker]]) } },
  throttled: barredBy('throttled'),
  rate_stale: barredBy('rate_stale'),
  balance_not_positive: barredBy('balance_not_positive'),
  balance_insufficient: barredBy('balance_insufficient'),
  daily_amount_limit: barredBy('daily_amount_limit'),
  daily_count_limit: barredBy('daily_count_limit'),
  lifetime_too_short: barredBy('lifetime_too_short'),
  weight_zero: { weight: 0 },
}

function barredBy(reason: FilterReason): Case {
  return { input: { barred: new Map([[408, { reason, detail: 'for a test' }]]) } }
}

const noRun = { tried: [], excluded: [], last_class: null, last_domain: null, payment_id: 'pay_0001', at } as const

function reasonOf(...cases: readonly Case[]): FilterReason | null {
  const gateway = sampleGateway(408, Object.assign({}, ...cases.map((one) => one.gateway)))
  const input: FilterInput = {
    facts: { ...sampleFacts, ...Object.assign({}, ...cases.map((one) => one.facts)) },
    gateways: gatewayMap(gateway),
    ...noRun,
    ...Object.assign({}, ...cases.map((one) => one.input)),
  }
  return reasonAgainst(408, cases.findLast(({ weight }) => weight !== undefined)?.weight ?? null, input)
}

test('a route with nothing against it is a candidate', () => {
  assert.equal(reasonOf(), null)
  assert.equal(reasonOf({ weight: 1 }), null)
})

for (const reason of filterReasons) {
  test(`${reason} alone`, () => assert.equal(reasonOf(causes[reason]), reason))
}

test('of two reasons the earlier one is told', () => {
  for (const [index, first] of filterReasons.entries()) {
    for (const second of filterReasons.slice(index + 1)) {
      // The provider of one gateway says one thing at a time.
      if (causes[first].input?.barred && causes[second].input?.barred) continue
      assert.equal(reasonOf(causes[first], causes[second]), first, `${first} before ${second}`)
    }
  }
})

test('only an active gateway takes payments; a misconfigured one is told as such', () => {
  for (const status of ['draining', 'off', 'archived'] as const)
    assert.equal(reasonOf({ gateway: { status } }), 'route_inactive', status)
  assert.equal(reasonOf({ gateway: { status: 'misconfigured' } }), 'misconfigured')
  assert.equal(reasonOf({ gateway: { installed: false } }), 'route_inactive')
  const empty = { ...noRun, facts: sampleFacts }
  assert.equal(reasonAgainst(999, null, { ...empty, gateways: gatewayMap(sampleGateway(408)) }), 'route_inactive')
})

test('a live payment stays away from a test gateway', () => {
  assert.equal(reasonOf({ facts: { test: false } }), 'mode_mismatch')
  assert.equal(reasonOf({ facts: { test: false }, gateway: { test_mode: false } }), null)
})

test('limits include their ends', () => {
  assert.equal(reasonOf({ gateway: { amount_min_minor: 1000n, amount_max_minor: 1000n } }), null)
})

test('no list = everything; a list takes only what is known to be in it', () => {
  const card = { ...sampleCard, brand: null, issuer_country: null }
  assert.equal(reasonOf({ facts: { card } }), null)
  assert.equal(reasonOf({ facts: { card }, gateway: { brands: new Set(['visa']) } }), 'brand_unsupported')
  assert.equal(reasonOf({ facts: { card }, gateway: { issuer_countries: new Set(['DE']) } }), 'country_unsupported')
  const lists = { brands: new Set(['visa']), issuer_countries: new Set(['DE']) }
  assert.equal(reasonOf({ gateway: lists }), null)
  assert.equal(reasonOf({ facts: { card: { ...card, brand: 'VISA', issuer_country: 'de' } }, gateway: lists }), null)
})

test('what a card must be is not asked of a payment without one', () => {
  const lists = { brands: new Set(['visa']), issuer_countries: new Set(['DE']), methods: new Set(['paypal']) }
  assert.equal(reasonOf({ facts: { card: null, method: 'paypal' }, gateway: lists }), null)
  assert.equal(reasonOf({ facts: { method: null } }), 'method_unsupported')
})

test('a failure domain counts after a fault of the acquirer or an unreachable gateway, and only the same one', () => {
  const gateway = { failure_domain: 'host-a' }
  for (const last_class of declineClasses) {
    const technical = last_class === 'acquirer_technical' || last_class === 'unreachable'
    assert.equal(
      reasonOf({ gateway, input: { last_class, last_domain: 'host-a' } }),
      technical ? 'same_failure_domain' : null,
      last_class,
    )
  }
  const input = { last_class: 'unreachable' } as const
  assert.equal(reasonOf({ gateway, input: { ...input, last_domain: 'host-b' } }), null)
  assert.equal(reasonOf({ input: { ...input, last_domain: null } }), null, 'two gateways without a domain share none')
})

test('the code of an empty list: nothing fits, all used up, or not usable now', () => {
  const cases: readonly [readonly FilterReason[], ReturnType<typeof emptyCode>][] = [
    [[], 'F.2001'],
    [['route_inactive', 'currency_unsupported', 'amount_above_max'], 'F.2001'],
    [['excluded_by_merchant'], 'F.2002'],
    [['mode_mismatch', 'already_tried'], 'F.2002'],
    [['already_tried', 'excluded_by_merchant'], 'F.2002'],
    [['already_tried', 'misconfigured'], 'F.2003'],
    [['same_failure_domain'], 'F.2003'],
    [['weight_zero', 'route_inactive'], 'F.2003'],
  ]
  for (const [reasons, code] of cases) assert.equal(emptyCode(reasons), code, reasons.join())
})

test('a detail says what was compared', () => {
  const gateway = sampleGateway(408, {
    amount_min_minor: 500n,
    failure_domain: 'host-a',
    misconfigured: 'the credentials cannot be decrypted',
    status: 'draining',
  })
  const breakers = new Map([[breakerKey(408, 'payment_card'), openBreaker]])
  const run: FilterInput = { ...noRun, facts: sampleFacts, gateways: gatewayMap(gateway), breakers }
  const told = (reason: FilterReason) => detailOf(reason, 408, run)
  assert.equal(told('amount_below_min'), 'amount 1000, least 500')
  assert.equal(told('currency_unsupported'), 'currency USD')
  assert.equal(told('same_failure_domain'), 'domain host-a')
  assert.equal(told('misconfigured'), 'the credentials cannot be decrypted')
  assert.equal(told('route_inactive'), 'gateway is draining')
  assert.equal(told('breaker_open'), 'open until 10:25:30Z')
  assert.equal(detailOf('route_inactive', 999, run), 'no such gateway')
})
