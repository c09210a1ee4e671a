/** For tests: calls of the Card API with a shop of the demo world. */

import type { Answer, World } from '../../../../tests/world.ts'
import { demoShops } from '../../demo/shops.ts'
import { demoShopSecret } from '../demo/seed-shops.ts'

export type ShopAnswer = { readonly status: number; readonly body: Answer; readonly headers: Headers }

export type ShopClient = {
  readonly call: (
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<ShopAnswer>
  /** A payment by card number; `more` overrides fields of the request. */
  readonly pay: (
    number: string,
    more?: Record<string, unknown>,
    headers?: Record<string, string>,
  ) => Promise<ShopAnswer>
}

export function shopClient({ ctx, url }: Pick<World, 'ctx' | 'url'>, shop_id = 361): ShopClient {
  const demo = demoShops.find((shop) => shop.shop_id === shop_id)
  if (!demo) throw new Error(`the demo world has no shop ${shop_id}`)
  return shopClientOf(url, shop_id, demoShopSecret(ctx, demo))
}

export function shopClientOf(url: string, shop_id: number, secret: string): ShopClient {
  const authorization = `Basic ${btoa(`${shop_id}:${secret}`)}`
  const call: ShopClient['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? null : JSON.parse(text), headers: response.headers }
  }
  return {
    call,
    pay: (number, more = {}, headers) =>
      call('POST', '/transactions/payments', { request: paymentRequest(number, more) }, headers),
  }
}

/** A complete request; every one carries another tracking_id, so that no test meets another's cards. */
export function paymentRequest(number: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  tracked += 1
  return {
    amount: 100,
    currency: 'USD',
    description: 'Test order',
    tracking_id: `order-${tracked}`,
    duplicate_check: false,
    credit_card: {
      number,
      verification_value: '123',
      holder: 'John Doe',
      exp_month: '08',
      exp_year: '2030',
    },
    customer: { ip: '127.0.0.1', email: 'john@example.com' },
    ...more,
  }
}

let tracked = 0
