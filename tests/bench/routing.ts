/** Routing decisions alone, on one core: a scheme of 20 rules and 100 routes. */

import { draw } from '../../apps/server/src/routing/draw.ts'
import type { Gateway } from '../../apps/server/src/routing/gateway.ts'
import { usualBreaker } from '../../apps/server/src/routing/rules/breaker.ts'
import { chooseRoute } from '../../apps/server/src/routing/rules/choose-route.ts'
import type { RoutingFacts } from '../../apps/server/src/routing/rules/facts.ts'
import type { Rule, Scheme } from '../../apps/server/src/routing/scheme.ts'

const measure_ms = 2_000

export function measureRouting(): number {
  const gateways = new Map(Array.from({ length: 100 }, (_, i) => [i + 1, gatewayOf(i + 1)]))
  const rules: Rule[] = Array.from({ length: 20 }, (_, i) => ({
    id: `r${i}`,
    name: `Rule ${i}`,
    active: true,
    cascade: {},
    on_empty: 'fail',
    conditions:
      i === 19
        ? {}
        : {
            all: [
              { field: 'currency', op: 'eq', value: 'EUR' },
              { field: 'amount', op: 'gt', value: i * 1000 },
            ],
          },
    strategy: {
      type: 'weight',
      routes: [...gateways.keys()].map((gateway_id) => ({ gateway_id, weight: 1 + (gateway_id % 7) })),
    },
  }))
  const scheme: Scheme = {
    id: 'sch_bench',
    name: 'Bench',
    kind: 'payment',
    time_zone: 'UTC',
    rules,
    on_no_rule: 'fail',
  }
  const begin = performance.now()
  let decisions = 0
  while (performance.now() - begin < measure_ms) {
    for (let i = 0; i < 200; i += 1) {
      const choice = chooseRoute({
        payment_id: `cpi_${decisions}`,
        run: 1,
        hop: 1,
        version_id: 'sch_bench.v1',
        scheme,
        gateways,
        facts,
        tried: [],
        excluded: [],
        last_class: null,
        last_domain: null,
        draw,
        at: new Date(0),
      })
      if (choice.chosen === null) throw new Error('the benchmark scheme chose nothing')
      decisions += 1
    }
  }
  return decisions / ((performance.now() - begin) / 1000)
}

const facts: RoutingFacts = {
  amount_minor: 10_050n,
  amount_base_minor: 10_050n,
  currency: 'USD',
  method: 'payment_card',
  service: 'payment_card_usd_hpp',
  flow: 'hpp',
  operation: 'payment',
  connector_operation: 'charge',
  merchant: 'coma_bench',
  shop: null,
  test: true,
  country: null,
  billing_country: null,
  ip: '127.0.0.1',
  three_ds: 'auto',
  merchant_initiated: false,
  card: {
    brand: 'mastercard',
    bin: '551928',
    bin8: '55192838',
    issuer_country: 'US',
    token_used: false,
    cvv_present: true,
    declined_24h: null,
  },
  customer: null,
  metadata: null,
  attempt_number: 1,
  calendar: { hour: 10, weekday: 1, day: 1, month: 1, day_of_year: 1 },
}

function gatewayOf(gateway_id: number): Gateway {
  return {
    gateway_id,
    name: `Gateway ${gateway_id}`,
    connector: 'acquirer',
    installed: true,
    test_mode: true,
    status: 'active',
    credentials: {},
    merchant_code: null,
    merchant_account_id: 'ma_0000000000000000',
    methods: new Set(['payment_card']),
    currencies: null,
    brands: null,
    issuer_countries: null,
    operations: new Set(['charge', 'verify']),
    amount_min_minor: null,
    amount_max_minor: null,
    priority: 0,
    failure_domain: null,
    accept_late_success: false,
    breaker: usualBreaker,
    tariff: null,
    misconfigured: null,
  }
}
