/** How the demo merchants route: one strategy each, so that every kind can be watched. Routes by gateway id. */
import type { Conditions, Rule, Strategy } from '../src/routing/scheme.ts'

const rule = (id: string, name: string, conditions: Conditions, strategy: Strategy): Rule => ({
  id,
  name,
  active: true,
  conditions,
  strategy,
  cascade: {},
  on_empty: 'next_rule',
})

const priority = (...gateways: number[]): Strategy => ({
  type: 'priority',
  routes: gateways.map((gateway_id) => ({ gateway_id })),
})

const weight = (shares: Readonly<Record<number, number>>): Strategy => ({
  type: 'weight',
  routes: Object.entries(shares).map(([id, share]) => ({ gateway_id: Number(id), weight: share })),
})

const is = (field: string, value: string | boolean): Conditions => ({ field, op: 'eq', value })
const all = (...conditions: Conditions[]): Conditions => ({ all: conditions })

const cards = is('method', 'payment_card')
const [inTest, live] = [is('test', true), is('test', false)]

const testProvider = rule('test-provider', 'Test provider', all(is('method', 'test'), inTest), {
  type: 'direct',
  routes: [{ gateway_id: 400 }],
})

/** Transfers ask one provider of requisites after the other, then go to the page of a bank. */
const otherMethods: readonly Rule[] = [
  rule('transfers-test', 'Transfers, test mode', all(is('flow', 'invoice'), inTest), priority(441, 442, 420)),
  rule('transfers-live', 'Transfers, live', all(is('flow', 'invoice'), live), priority(541, 542, 520)),
  rule('pages-test', 'Everything else, test mode', inTest, priority(420)),
  rule('pages-live', 'Everything else, live', live, priority(520)),
]

/** One after the other: the second only when the first has declined. */
export const inOrder: readonly Rule[] = [
  testProvider,
  rule('cards-test', 'Cards, test mode', all(cards, inTest), priority(408, 409, 410)),
  rule('cards-live', 'Cards, live', all(cards, live), priority(508, 509, 510)),
  ...otherMethods,
]

/** Shares of 60, 20 and 20 percent. Test payments in currencies without cents, or with three decimals, go to Stripe first. */
export const byShare: readonly Rule[] = [
  testProvider,
  rule(
    'stripe-test',
    'Yen and dinars, test mode',
    all(cards, inTest, { any: [is('currency', 'JPY'), is('currency', 'KWD')] }),
    priority(430, 409),
  ),
  rule('cards-test', 'Cards, test mode', all(cards, inTest), weight({ 408: 3, 409: 1, 410: 1 })),
  rule('cards-live', 'Cards, live', all(cards, live), weight({ 508: 3, 509: 1, 510: 1 })),
  ...otherMethods,
]

/** By amount, currency and the country of the card. Amounts in minor units of what the payer pays in. */
export const byConditions: readonly Rule[] = [
  testProvider,
  rule(
    'large-test',
    'Large card payments, test mode',
    all(cards, inTest, { field: 'amount', op: 'gte', value: 1_000_000 }),
    { type: 'direct', routes: [{ gateway_id: 410 }] },
  ),
  rule(
    'hryvnia-test',
    'Ukrainian cards and hryvnia, test mode',
    all(cards, inTest, { any: [is('currency', 'UAH'), is('card.issuer_country', 'UA')] }),
    priority(409, 408),
  ),
  rule('cards-test', 'Other cards, test mode', all(cards, inTest), priority(408, 409)),
  rule('hryvnia-live', 'Hryvnia, live', all(cards, live, is('currency', 'UAH')), priority(509, 508)),
  rule('cards-live', 'Other cards, live', all(cards, live), priority(508, 509)),
  ...otherMethods,
]
