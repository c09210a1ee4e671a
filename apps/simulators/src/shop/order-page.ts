import { html } from 'ghtml'
import type { Product } from './catalogue.ts'
import type { ReceivedCallback } from './received-callbacks.ts'

export const results = ['success', 'pending', 'fail'] as const
export type Result = (typeof results)[number]

const texts: Readonly<Record<Result, { title: string; lead: string }>> = {
  success: { title: 'Thank you', lead: 'The payment page says that you have paid.' },
  pending: { title: 'We are waiting for your payment', lead: 'The payment page says that it is on its way.' },
  fail: { title: 'That did not work', lead: 'The payment page says that you have not paid. Nothing was taken.' },
}

export function orderTitle(result: Result): string {
  return texts[result].title
}

/** Where the payer comes back to. The address proves nothing; the shop believes its callbacks. */
export function orderPage(order: {
  readonly result: Result
  readonly product: Product
  readonly reference: string
  readonly told: ReceivedCallback | null
}): string {
  const { result, product, reference, told } = order
  return html`<div class="card narrow">
<h1>${texts[result].title}</h1>
<p>${texts[result].lead}</p>
<dl><dt>Order</dt><dd><code>${reference}</code></dd><dt>Product</dt><dd>${product.name}</dd>
<dt>Price</dt><dd>${product.price} ${product.shelf.currency}</dd></dl>
<p class="note">!${toldText(told)}</p>
<div class="buttons"><a class="button main" href="/shop">!${result === 'fail' ? 'Try again' : 'Back to the shop'}</a>
<a class="button" href="/shop/orders/${reference}/${result}">Look again</a>
<a class="button" href="/shop/callbacks">Received callbacks</a></div>
</div>`
}

function toldText(told: ReceivedCallback | null): string {
  if (!told) return 'No callback about this order has come yet. Until one does, the shop hands out nothing.'
  return html`The newest genuine callback says <strong>${told.status}</strong>, ${told.payment_amount} ${told.currency}
(<code>${told.payment_id}</code>).`
}
