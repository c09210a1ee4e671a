/**
 * The shops of the demo world, all of the first merchant, whose cards are tried at 408, 409 and 410 in test mode. Their secrets
 * are derived from the installation's secret key, their key pairs drawn once. The first two: Card API contract, 19.1.
 */
import type { ShopSettings } from '../src/accounts/shop.ts'

export type DemoShop = {
  readonly shop_id: number
  readonly account_id: string
  readonly name: string
  readonly settings: Partial<ShopSettings>
}

const account_id = 'coma_Demo4DocsAccount'

const inTest = {
  test_mode: true,
  raw_card_data: true,
  return_token: 'always',
  rate_limit: null,
} as const satisfies Partial<ShopSettings>

export const demoShops: readonly DemoShop[] = [
  { shop_id: 361, account_id, name: 'Test shop', settings: { ...inTest, three_d_secure: 'off' } },
  { shop_id: 362, account_id, name: 'Test shop with 3-D Secure', settings: { ...inTest, three_d_secure: 'auto' } },
  {
    shop_id: 363,
    account_id,
    name: 'Test shop that cascades by itself',
    settings: { ...inTest, three_d_secure: 'auto', automatic_cascading: true },
  },
  {
    shop_id: 364,
    account_id,
    name: 'Live shop that cascades by itself, no money moves',
    settings: { ...inTest, test_mode: false, three_d_secure: 'auto', automatic_cascading: true },
  },
]
