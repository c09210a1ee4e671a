/** Services of an account for its server, what a payer may choose from, and the pictures of methods. Contract, sections 9 and 10. */
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { unwrapAttributes } from '../http/attributes.ts'
import { Fields } from '../http/fields.ts'
import { messages } from '../http/messages.ts'
import { privateRoute } from '../http/private-route.ts'
import { Problem } from '../http/problem.ts'
import { publicRoute } from '../http/public-route.ts'
import type { PrivateCall, PublicCall, Reply } from '../http/routes.ts'
import { currencies } from './currencies.ts'
import { listServices } from './find-service.ts'
import { offerServices } from './offer-services.ts'
import { pictureRoutes } from './picture-routes.ts'
import { methodDocument, offeredService, offeringAccount, paymentServiceResource } from './resource.ts'
import {
  paymentPrerequestReply,
  paymentServiceListReply,
  paymentServiceReply,
  prerequestBody,
  serviceListQuery,
} from './resource-schema.ts'
import type { AccountService, Currency } from './service.ts'
import { readServiceListRequest, servicePage } from './service-list.ts'

const tag = 'Payment services'
const prerequestTypes = ['payment-prerequest', 'payment-prerequests', 'payment-invoice', 'payment-invoices']

export function directoryRoutes(app: FastifyInstance, ctx: Context): void {
  privateRoute(app, ctx, {
    method: 'GET',
    path: '/payment-services',
    summary: 'List the payment services of the account',
    tag,
    query: serviceListQuery,
    reply: paymentServiceListReply,
    success: 200,
    handle: (call) => list(ctx, call),
  })
  privateRoute(app, ctx, {
    method: 'GET',
    path: '/payment-services/:id',
    summary: 'Read a payment service of the account',
    tag,
    reply: paymentServiceReply,
    success: 200,
    handle: (call) => read(ctx, call),
  })
  publicRoute(app, ctx, {
    method: 'POST',
    path: '/payment-prerequest',
    summary: 'List what a payer may pay with in a currency',
    tag,
    key: 'required',
    creates: true,
    body: prerequestBody,
    reply: paymentPrerequestReply,
    success: 200,
    handle: (call) => prerequest(ctx, call),
  })
  pictureRoutes(app, ctx)
}

type Currencies = ReadonlyMap<string, Currency>

function resource(service: AccountService, known: Currencies) {
  return paymentServiceResource(service, {
    service: known.get(service.service_currency)!.exponent,
    fee: known.get(service.fee_currency)!.exponent,
  })
}

async function list(ctx: Context, { account, query }: PrivateCall): Promise<Reply> {
  const known = await currencies(ctx)
  const request = readServiceListRequest(query, { isCurrency: (code) => known.has(code) })
  const { meta, links, services } = servicePage(await listServices(ctx, account.id), request, '/api/payment-services')
  return { status: 200, body: { meta, links, data: services.map((service) => resource(service, known)) } }
}

async function read(ctx: Context, { account, params }: PrivateCall): Promise<Reply> {
  const service = (await listServices(ctx, account.id)).find(({ id }) => id === params.id)
  if (!service) throw new Problem(404)
  return { status: 200, body: { data: resource(service, await currencies(ctx)) } }
}

/** A map as the APIs write it: `[]` while it is empty. */
function mapBy<T>(items: readonly T[], key: (item: T) => string, document: (item: T) => object) {
  return items.length === 0 ? [] : Object.fromEntries(items.map((item) => [key(item), document(item)]))
}

async function prerequest(ctx: Context, { account, test_mode, body }: PublicCall): Promise<Reply> {
  const fields = new Fields(unwrapAttributes(body, prerequestTypes))
  const known = await currencies(ctx)
  const currency = fields.text('currency', { required: true, trim: true })?.toUpperCase() ?? ''
  if (currency !== '' && !known.has(currency)) fields.fail('currency', messages.unknownCurrency)
  fields.check()
  const services = await offerServices(ctx, account.id, test_mode, currency)
  const methods = new Map(services.map((service) => [service.method.code, service.method]))
  const assets = ctx.config.public_url
  const data = {
    currency,
    test_mode,
    services: mapBy(
      services,
      ({ service }) => service,
      (service) => offeredService(service, known.get(service.service_currency)!.exponent),
    ),
    methods: mapBy(
      [...methods.values()],
      ({ code }) => code,
      (method) => methodDocument(method, assets),
    ),
    account: offeringAccount(account, assets),
  }
  return { status: 200, body: { data } }
}
