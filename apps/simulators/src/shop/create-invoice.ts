import type { DemoAccount } from '../demo-credentials.ts'
import type { Product } from './catalogue.ts'

export type ShopUrls = {
  /** Where browsers reach the shop. */
  readonly shop: string
  /** Where the platform reaches it. */
  readonly callbacks: string
}

export type CreatedInvoice =
  | { readonly type: 'created'; readonly hpp_url: string }
  | { readonly type: 'refused'; readonly status: number; readonly answer: string }

const timeout_ms = 15_000

/** Where the payer comes back to, by result. */
export function returnUrls(shop: string, reference: string) {
  const page = (result: string) => `${shop}/shop/orders/${reference}/${result}`
  return { success: page('success'), pending: page('pending'), fail: page('fail') }
}

/**
 * Creates a payment invoice over the private API, as the shop's server. An order number that is known already gives the
 * invoice it belongs to, so a second click on Pay leads to the same page.
 */
export async function createInvoice(
  cascad_url: string,
  account: DemoAccount,
  order: { readonly product: Product; readonly reference: string; readonly urls: ShopUrls },
): Promise<CreatedInvoice> {
  const { product, reference, urls } = order
  const answer = await fetch(`${cascad_url}/api/payment-invoices`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${account.id}:${account.api_key}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      data: {
        type: 'payment-invoice',
        attributes: {
          reference_id: reference,
          service: product.service,
          currency: product.shelf.currency,
          amount: product.price,
          description: product.name,
          test_mode: true,
          metadata: { product: product.id },
          return_urls: returnUrls(urls.shop, reference),
          callback_url: `${urls.callbacks}/shop/callbacks`,
        },
      },
    }),
    signal: AbortSignal.timeout(timeout_ms),
    redirect: 'error',
  })
  const text = await answer.text()
  const hpp_url = answer.status === 201 || answer.status === 409 ? hppUrl(text) : null
  return hpp_url ? { type: 'created', hpp_url } : { type: 'refused', status: answer.status, answer: text }
}

function hppUrl(text: string): string | null {
  const document = JSON.parse(text) as { data?: { attributes?: { hpp_url?: unknown } } }
  const url = document.data?.attributes?.hpp_url
  return typeof url === 'string' && /^https?:\/\//.test(url) ? url : null
}
