/** A gateway, a payment and a routing run that the tests of choosing share. */
import type { RoutingInput } from '../choice.ts'
import type { Gateway } from '../gateway.ts'
import type { Conditions, RankedStrategy, Rule, Scheme, Strategy } from '../scheme.ts'
import { usualBreaker } from './breaker.ts'
import type { Asked, CardFacts, RoutingFacts } from './facts.ts'

export const sampleCard: CardFacts = {
  brand: 'visa',
  bin: '420000',
  bin8: '42000000',
  issuer_country: 'DE',
  token_used: false,
  cvv_present: true,
  declined_24h: 2,
}

/** Monday, 2 March, 10 o'clock. */
export const sampleFacts: RoutingFacts = {
  amount_minor: 1000n,
  amount_base_minor: 900n,
  currency: 'USD',
  method: 'payment_card',
  service: 'payment_card_usd_hpp',
  flow: 'hpp',
  operation: 'payment',
  connector_operation: 'charge',
  merchant: 'coma_1',
  shop: 361,
  test: true,
  country: 'FR',
  billing_country: 'DE',
  ip: '203.0.113.7',
  three_ds: 'auto',
  merchant_initiated: false,
  card: sampleCard,
  customer: { id: 'buyer-1', email: 'Ann@Example.com' },
  metadata: { plan: 'gold', seats: 3, trial: true, empty: '', nested: {} },
  attempt_number: 1,
  calendar: { hour: 10, weekday: 1, day: 2, month: 3, day_of_year: 61 },
}

export function sampleGateway(gateway_id: number, changes: Partial<Gateway> = {}): Gateway {
  return {
    gateway_id,
    name: `Gateway ${gateway_id}`,
    connector: 'bank',
    installed: true,
    test_mode: true,
    status: 'active',
    credentials: {},
    merchant_code: null,
    merchant_account_id: `ma_${gateway_id}`,
    methods: new Set(['payment_card']),
    currencies: new Set(['USD', 'EUR']),
    brands: null,
    issuer_countries: null,
    operations: new Set(['charge']),
    amount_min_minor: null,
    amount_max_minor: null,
    priority: 0,
    failure_domain: null,
    accept_late_success: false,
    breaker: usualBreaker,
    tariff: null,
    misconfigured: null,
    ...changes,
  }
}

export function gatewayMap(...gateways: readonly Gateway[]): ReadonlyMap<number, Gateway> {
  return new Map(gateways.map((gateway) => [gateway.gateway_id, gateway]))
}

export const inOrder = (...gateways: readonly number[]): Strategy => ({
  type: 'priority',
  routes: gateways.map((gateway_id) => ({ gateway_id })),
})

export const byWeight = (...shares: readonly (readonly [gateway_id: number, weight: number])[]): Strategy => ({
  type: 'weight',
  routes: shares.map(([gateway_id, weight]) => ({ gateway_id, weight })),
})

export const byCost = (...gateways: readonly number[]): RankedStrategy => ({
  type: 'cost',
  routes: gateways.map((gateway_id) => ({ gateway_id })),
})

export const byConversion = (...gateways: readonly number[]): RankedStrategy => ({
  ...byCost(...gateways),
  type: 'conversion',
})

export function sampleRule(id: string, conditions: Conditions, strategy: Strategy, changes: Partial<Rule> = {}): Rule {
  return { id, name: id, active: true, conditions, strategy, cascade: {}, on_empty: 'fail', ...changes }
}

export function sampleScheme(rules: readonly Rule[], on_no_rule: Scheme['on_no_rule'] = 'fail'): Scheme {
  return { id: 'scheme_1', name: 'Scheme', kind: 'payment', time_zone: 'UTC', rules, on_no_rule }
}

export const asked = (changes: Partial<RoutingFacts> = {}, bucket = 0): Asked => ({
  facts: { ...sampleFacts, ...changes },
  randomBucket: () => bucket,
})

/** A first attempt of `pay_0001` in version 1 over gateways 1 to 5; the draw falls on the first unless another is given. */
export function sampleRun(scheme: Scheme, changes: Partial<RoutingInput> = {}): RoutingInput {
  return {
    payment_id: 'pay_0001',
    run: 1,
    hop: 1,
    version_id: 'scheme_1.v1',
    scheme,
    gateways: gatewayMap(...[1, 2, 3, 4, 5].map((id) => sampleGateway(id))),
    facts: sampleFacts,
    tried: [],
    excluded: [],
    last_class: null,
    last_domain: null,
    draw: () => 0n,
    at: new Date('2026-03-02T10:15:30Z'),
    ...changes,
  }
}
