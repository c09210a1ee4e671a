/**
 * The demo shop: a merchant as small as one can be. It sells through three doors of the platform, takes callbacks
 * and the Card API's notifications, checks their signatures and shows them; how it answers them can be set, to watch the platform's retries.
 */
import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { DemoAccount, DemoCredentials } from '../demo-credentials.ts'
import { callbackRoutes } from './callback-routes.ts'
import { findProduct, newReference, productOfReference, products, type Shelf, shelves } from './catalogue.ts'
import { createInvoice } from './create-invoice.ts'
import { orderPage, orderTitle, results } from './order-page.ts'
import { type OfferedShelf, productsPage } from './products-page.ts'
import { type CallbackBook, createCallbackBook } from './received-callbacks.ts'
import { formOf, sendProblem } from './shop-answers.ts'
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
    const offered = (await Promise.all(shelves.map((shelf) => offer(options, shelf)))).filter((one) => one !== null)
    if (offered.length === 0)
      return sendProblem(reply, options, 503, 'The platform cannot be reached. Start it, then look again.')
    const body = productsPage({ cascad_url, shop_url: urlOf(request), shelves: offered })
    return sendShopPage(reply, cascad_url, { title: 'Shop', here: 'shop', body })
  })
  shop.post('/orders', async (request, reply) => {
    const fields = formOf(request)
    const product = findProduct(fields.get('product'))
    const reference = fields.get('reference_id')
    if (!product || reference === null || productOfReference(reference) !== product) {
      return sendProblem(reply, options, 422, 'The shop does not sell that.')
    }
    const account = await accountOf(options, product.shelf)
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

/** `null` = the platform is away, or does not know the merchant. */
async function accountOf(options: ShopOptions, { account_id }: Shelf): Promise<DemoAccount | null> {
  const { accounts } = await options.credentials().catch(() => ({ accounts: [] as readonly DemoAccount[] }))
  return (account_id === null ? accounts[0] : accounts.find(({ id }) => id === account_id)) ?? null
}

async function offer(options: ShopOptions, shelf: Shelf): Promise<OfferedShelf | null> {
  const account = await accountOf(options, shelf)
  if (!account) return null
  const orders = products
    .filter((product) => product.shelf === shelf)
    .map((product) => ({ product, reference: newReference(product, randomText()) }))
  return { shelf, merchant: account.name, public_key: account.test.public_key, orders }
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
