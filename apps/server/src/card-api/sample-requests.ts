/** For tests of what reads requests: a shop, a request that is accepted, and what is said of one that is not. */
import { defaultShopSettings, type Shop, type ShopSettings } from '../accounts/shop.ts'
import { type JsonObject, parseBody } from '../http/json.ts'
import { CardProblem } from './card-problem.ts'
import { type Errors, messageOf } from './errors.ts'

export const sampleNow = new Date('2026-11-21T10:15:30.123Z')

export function shopWith(settings: Partial<ShopSettings> = {}): Shop {
  return {
    account_id: 'coma_0000000000000001',
    shop_id: 361,
    name: 'Test shop',
    active: true,
    secret_hash: new Uint8Array(),
    public_key: '',
    settings: { ...defaultShopSettings, raw_card_data: true, ...settings },
  }
}

export const cardFields: JsonObject = {
  number: '4200000000000000',
  verification_value: '123',
  holder: 'John Doe',
  exp_month: '08',
  exp_year: '2030',
}

export const requestFields: JsonObject = {
  amount: 100,
  currency: 'USD',
  description: 'Test order',
  tracking_id: 'order-1',
  credit_card: cardFields,
}

/** The body as the server parses it. */
export function bodyOf(request: object | null): JsonObject {
  return parseBody(JSON.stringify({ request }))
}

export type Refused = {
  readonly http: number
  readonly code: string
  readonly errors: Errors | null
  readonly message: string | null
}

/** What `read` refuses; `null` = it accepts. Anything else it throws goes on. */
export function refusalOf(read: () => unknown): Refused | null {
  try {
    read()
    return null
  } catch (error) {
    if (!(error instanceof CardProblem)) throw error
    const { http, code, errors } = error
    return { http, code, errors, message: errors && messageOf(errors) }
  }
}
