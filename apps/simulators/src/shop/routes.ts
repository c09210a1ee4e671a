/**
 * The demo shop: a merchant as small as one can be. It sells through three doors of the platform, takes callbacks, checks
 * their signatures and shows them; how it answers them can be set, to watch the platform's retries.
 */
import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { html } from 'ghtml'
import { callbacksPage, slow_s } from './callbacks-page.ts'
import { findProduct, newReference, productOfReference, products } from './catalogue.ts'
import { checkSignatures } from './check-signatures.ts'
import { createInvoice } from './create-invoice.ts'
import type { DemoAccount, DemoCredentials } from './credentials.ts'
import { orderPage, orderTitle, results } from './order-page.ts'
import { productsPage } from './products-page.ts'
import { readCallback } from './read-callback.ts'
import { answerKinds, type CallbackBook, createCallbackBook } from './received-callbacks.ts'
import { sendShopPage } from './shop-frame.ts'

export type ShopOptions = {
  /** Where the shop's server and the browsers reach the platform; no slash at the end. */
  readonly cascad_url: string
  readonly credentials: () => Promise<DemoCredentials>
  readonly now?: () => Date
}

/** Registers the shop under `/shop`. */
export function shopRoutes(app: FastifyInstance, options: ShopOptions): void {
  const book = createCallbackBook()
  app.register(
    async (shop) => {
      // Signatures are over the bytes as they came: every body stays text.
      shop.removeAllContentTypeParsers()
      shop.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
      sellingRoutes(shop, options, book)
      callbackRoutes(shop, options, book)
      shop.setNotFoundHandler((_request, reply) => sendProblem(reply, options, 404, 'The shop has no such page.'))
    },
    { prefix: '/shop' },
  )
}

function sellingRoutes(shop: FastifyInstance, options: ShopOptions, book: CallbackBook): void {
  const { cascad_url } = options
  shop.get('/', async (request, reply) => {
    const account = await shopAccount(options)
    if (!account) return sendProblem(reply, options, 503, 'The platform cannot be reached. Start it, then look again.')
    const orders = products.map((product) => ({ product, reference: newReference(product, randomText()) }))
    const { public_key } = account.test
    const body = productsPage({ cascad_url, shop_url: urlOf(request), public_key, orders })
    return sendShopPage(reply, cascad_url, { title: 'Shop', here: 'shop', body })
  })
  shop.post('/orders', async (request, reply) => {
    const fields = formOf(request)
    const product = findProduct(fields.get('product'))
    const reference = fields.get('reference_id')
    if (!product || reference === null || productOfReference(reference) !== product) {
      return sendProblem(reply, options, 422, 'The shop does not sell that.')
    }
    const account = await shopAccount(options)
    if (!account) return sendProblem(reply, options, 503, 'The platform cannot be reached. Nothing was ordered.')
    const urls = { shop: urlOf(request), callbacks: localUrl(shop) }
    const created = await createInvoice(cascad_url, account, { product, reference, urls }).catch(() => null)
    if (!created)
      return sendProblem(reply, options, 502, 'The platform did not answer. Press Pay again: it is one order.')
    if (created.type === 'created') return reply.redirect(created.hpp_url, 303)
    return sendProblem(reply, options, 502, `The platform answered ${created.status}.`, created.answer)
  })
  shop.get<{ Params: { reference: string; result: string } }>('/orders/:reference/:result', (request, reply) => {
    const { reference } = request.params
    const product = productOfReference(reference)
    const result = results.find((known) => known === request.params.result)
    if (!product || !result) return sendProblem(reply, options, 404, 'The shop does not know this order.')
    const body = orderPage({ result, product, reference, told: book.latestOf(reference) })
    return sendShopPage(reply, cascad_url, { title: orderTitle(result), here: null, body })
  })
}

function callbackRoutes(shop: FastifyInstance, options: ShopOptions, book: CallbackBook): void {
  shop.get('/callbacks', (_request, reply) =>
    sendShopPage(reply, options.cascad_url, { title: 'Callbacks', here: 'callbacks', body: callbacksPage(book) }),
  )
  shop.post('/callbacks', async (request, reply) => {
    const answered = book.nextAnswer()
    await receive(request, options, book, answered)
    if (answered === 'refuse') return reply.code(500).send({ error: 'the shop was told to refuse' })
    // The platform ends the connection when its time is up; the simulators do when they close.
    if (answered === 'never') return reply.hijack()
    if (answered === 'slow') await pause(slow_s * 1000)
    return reply.code(200).send({ received: true })
  })
  shop.post('/callbacks/answer', (request, reply) => {
    const fields = formOf(request)
    const kind = answerKinds.find((known) => known === fields.get('kind'))
    const times = fields.get('times') ?? ''
    if (!kind || !/^\d{0,3}$/.test(times)) return sendProblem(reply, options, 422, 'The shop cannot answer like that.')
    book.answer(kind, Number(times) > 0 ? Number(times) : null)
    return reply.redirect('/shop/callbacks', 303)
  })
  shop.post('/callbacks/forget', (_request, reply) => {
    book.forget()
    return reply.redirect('/shop/callbacks', 303)
  })
}

async function receive(
  request: FastifyRequest,
  options: ShopOptions,
  book: CallbackBook,
  answered: (typeof answerKinds)[number],
): Promise<void> {
  const body = typeof request.body === 'string' ? request.body : ''
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers[name] = value
  const received_at = options.now?.() ?? new Date()
  const accounts = await options.credentials().then(
    (known) => known.accounts,
    () => [],
  )
  book.add({
    received_at,
    event_id: headers['webhook-id'] ?? '',
    attempt: headers['retry-count'] ?? '',
    next_retry: headers['next-retry'] ?? '',
    ...readCallback(body),
    ...checkSignatures({ body, headers, now: received_at }, accounts),
    answered,
    body,
  })
}

async function shopAccount(options: ShopOptions): Promise<DemoAccount | null> {
  const known = await options.credentials().catch(() => null)
  return known?.accounts[0] ?? null
}

function sendProblem(reply: FastifyReply, options: ShopOptions, status: number, text: string, detail?: string) {
  const body = html`<div class="card narrow"><h1>Sorry</h1><p>${text}</p>
!${detail ? html`<details open><summary>What it said</summary><pre>${detail}</pre></details>` : ''}
<div class="buttons"><a class="button main" href="/shop">Back to the shop</a></div></div>`
  return sendShopPage(reply, options.cascad_url, { title: 'Sorry', here: null, body, status })
}

function formOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(typeof request.body === 'string' ? request.body : '')
}

/** The shop as this browser calls it. */
function urlOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`
}

/** The shop as the platform on the same machine calls it, whatever name a browser used. */
function localUrl(shop: FastifyInstance): string {
  return `http://127.0.0.1:${(shop.server.address() as AddressInfo).port}`
}

function randomText(): string {
  return randomBytes(9).toString('base64').replace(/[+/]/g, '0')
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
