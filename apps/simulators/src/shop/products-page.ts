import { html } from 'ghtml'
import type { Product, Shelf } from './catalogue.ts'
import { returnUrls } from './create-invoice.ts'
import { drawing } from './shop-frame.ts'

export type ProductsPage = {
  readonly cascad_url: string
  readonly shop_url: string
  readonly shelves: readonly OfferedShelf[]
}

export type OfferedShelf = {
  readonly shelf: Shelf
  readonly merchant: string
  readonly public_key: string
  /** Each product with the number its order will have. */
  readonly orders: readonly { readonly product: Product; readonly reference: string }[]
}

/** The lists of products. Each can be paid through three doors of the platform. */
export function productsPage(page: ProductsPage): string {
  return html`!${page.shelves.map((offered) => shelfSection(page, offered))}
<details><summary>What the three ways to pay do</summary>
<p><strong>Pay</strong>: the shop's server creates the invoice over the private API, with its own address for callbacks, and sends
the browser to the payment page.</p>
<p><strong>Pay by form</strong>: the browser posts an HTML form to the public API; the shop needs no server for it. Callbacks go to the
address of the account, which in the demo is this shop too.</p>
<p><strong>Choose how to pay</strong>: the browser opens the hosted page with the price; the payer chooses the method there.</p></details>`
}

function shelfSection(page: ProductsPage, offered: OfferedShelf): string {
  const lead = offered.shelf.name === 'things' ? thingsLead() : cruisesLead(page, offered)
  return html`<section>!${lead}
<ul class="products">!${offered.orders.map((order) => productItem(page, offered, order.product, order.reference))}</ul></section>`
}

function thingsLead(): string {
  return html`<h1>Things for long evenings</h1>
<p class="soft">Pay with card <code>5519 2838 1203 0000</code>, any later expiry and any three digits. Card
<code>5123 8172 3406 0000</code> asks for a confirmation first, <code>4302 9128 3702 0000</code> is declined.</p>`
}

function cruisesLead({ cascad_url }: ProductsPage, { merchant }: OfferedShelf): string {
  return html`<h1 class="shelf">Cruises on long rivers</h1>
<p class="soft">Sold by the account <span lang="ru">${merchant}</span> and paid by transfer, in roubles: a provider names a card, a phone
or an account. Nobody has to transfer anything here, the price decides what happens. See the same from the other side: on
<a href="/control/traders">the desks of the traders</a>, and in <a href="${cascad_url}/dashboard">the providers' dashboard</a>, whose logins are
in <a href="${cascad_url}/demo/credentials.json">the demo's keys</a>; its payments are in test mode.</p>`
}

function productItem(page: ProductsPage, offered: OfferedShelf, product: Product, reference: string): string {
  const heading = `product-${product.id}`
  const hosted = hostedPageFields(page, offered, product, reference)
  return html`<li>
<div class="picture">!${drawing(product.drawing)}</div>
<h2 id="${heading}">${product.name}</h2>
<div class="soft">${product.line}</div>
!${product.note === null ? '' : html`<div class="note soft">${product.note}</div>`}
<div class="push"><div class="price">${product.price} ${product.shelf.currency}</div>
!${product.paid_by === null ? '' : html`<div class="soft">${product.paid_by}</div>`}</div>
<form method="post" action="/shop/orders">!${hidden({ product: product.id, reference_id: reference })}
<button class="main" aria-describedby="${heading}">Pay</button></form>
<form method="post" action="${page.cascad_url}/public-api/payment-invoices/process">!${hidden({ ...hosted, service: product.service })}
<button class="plain" aria-describedby="${heading}">Pay by form</button></form>
<form method="get" action="${page.cascad_url}/hpp/">!${hidden(hosted)}
<button class="plain" aria-describedby="${heading}">Choose how to pay</button></form>
</li>`
}

function hostedPageFields(
  page: ProductsPage,
  { public_key }: OfferedShelf,
  product: Product,
  reference: string,
): Record<string, string> {
  const urls = returnUrls(page.shop_url, reference)
  return {
    public_key,
    reference_id: reference,
    currency: product.shelf.currency,
    amount: product.price,
    description: product.name,
    'return_urls[success]': urls.success,
    'return_urls[pending]': urls.pending,
    'return_urls[fail]': urls.fail,
  }
}

function hidden(fields: Readonly<Record<string, string>>): string[] {
  return Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)
}
