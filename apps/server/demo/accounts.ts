/** The merchants of the demo world. Keys that are not written here are derived from the installation's secret key. */
import type { AccountSettings } from '../src/accounts/save-account.ts'
import type { Rule } from '../src/routing/scheme.ts'
import { byConditions, byShare, inOrder } from './schemes.ts'

export type DemoAccount = {
  readonly settings: AccountSettings
  readonly test_public_key?: string
  /** Fees in the base currency as decimal text, rates in percent; left out = none. */
  readonly terms?: {
    readonly fee_rate?: string
    readonly fee_fix?: string
    readonly fee_min?: string
    readonly fee_max?: string
    readonly reserve_rate?: string
    readonly reserve_lifetime_minutes?: number
  }
  /** Units of the second currency for one of the first; the opposite way is worked out. */
  readonly rates?: readonly (readonly [from: string, to: string, rate: string])[]
  readonly scheme: {
    readonly id: string
    readonly name: string
    readonly time_zone: string
    readonly rules: readonly Rule[]
  }
}

export const demoAccounts: readonly DemoAccount[] = [
  {
    settings: {
      id: 'coma_Demo4DocsAccount',
      name: '4Docs',
      description: '4Docs only',
      website: 'https://lets.doc.it',
      base_currency: 'GBP',
      time_zone: 'Europe/London',
      options: { allow_host_to_host: true, retry_limit: 3 },
    },
    test_public_key: 'pk_test_ClSQHi2T9WXuFa76WcwwBB6rspRpg6ANM69cS9zNOJy',
    scheme: {
      id: 'sch_Demo4DocsInOrder',
      name: 'One acquirer after the other',
      time_zone: 'Europe/London',
      rules: inOrder,
    },
  },
  {
    settings: {
      id: 'coma_DemoNordicLights',
      name: 'Nordic Lights Outdoor Equipment and Winter Sports Cooperative',
      description: 'Skis, tents and everything that keeps a person warm north of the Arctic Circle, rented or sold',
      website: 'https://shop.nordic-lights-outdoor-equipment.example',
      base_currency: 'EUR',
      time_zone: 'Europe/Helsinki',
      options: { allow_host_to_host: true, retry_limit: 1, return_fee_on_refund: true, send_operation_context: true },
    },
    terms: { fee_rate: '3', fee_fix: '0.10', reserve_rate: '10', reserve_lifetime_minutes: 10_080 },
    rates: [
      ['EUR', 'JPY', '163.20'],
      ['EUR', 'KWD', '0.3452'],
    ],
    scheme: {
      id: 'sch_DemoNordicShares',
      name: 'Three acquirers by share',
      time_zone: 'Europe/Helsinki',
      rules: byShare,
    },
  },
  {
    settings: {
      id: 'coma_DemoKnyharniaUA0',
      name: 'Книгарня «Вечірній Дніпро»',
      description: 'Книжки, листівки та кава до пізнього вечора',
      website: 'https://knyharnia.example',
      base_currency: 'UAH',
      time_zone: 'Europe/Kyiv',
      options: {
        fee_strategy: 'external',
        allow_host_to_host: true,
        show_zero_fee_badge: true,
        callbacks_only_final: true,
      },
    },
    terms: { fee_rate: '2.5', fee_min: '1', fee_max: '500' },
    rates: [
      ['USD', 'UAH', '41.50'],
      ['EUR', 'UAH', '48.25'],
      ['EUR', 'USD', '1.1627'],
      ['USD', 'KZT', '521.4'],
      ['BTC', 'USD', '64000'],
      ['BTC', 'UAH', '2656000'],
    ],
    scheme: {
      id: 'sch_DemoKnyharniaBy0',
      name: 'By amount, currency and country',
      time_zone: 'Europe/Kyiv',
      rules: byConditions,
    },
  },
  {
    settings: {
      id: 'coma_DemoSunriseBaker',
      name: 'Sunrise Bakery, waiting for moderation',
      description: 'May read, may not take payments yet',
      base_currency: 'USD',
      status: 'moderation_pending',
    },
    scheme: { id: 'sch_DemoSunriseOrder', name: 'One acquirer after the other', time_zone: 'UTC', rules: inOrder },
  },
  {
    settings: {
      id: 'coma_DemoVolnaTravels',
      name: 'Волна: путешествия по большим рекам',
      description: 'Круизы по Волге и Неве, билеты и экскурсии; платят переводом',
      website: 'https://volna.example',
      base_currency: 'RUB',
      time_zone: 'Europe/Moscow',
      options: { allow_host_to_host: true, retry_limit: 3, payment_appeals_callbacks: true },
    },
    terms: { fee_rate: '4' },
    scheme: {
      id: 'sch_DemoVolnaOrder00',
      name: 'One provider after the other',
      time_zone: 'Europe/Moscow',
      rules: inOrder,
    },
  },
]
