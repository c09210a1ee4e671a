/** A server with sample routes and accounts in every state, for the tests of this folder. */
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { testContext } from '../../../../tests/context.ts'
import type { AccountStatus } from '../accounts/account.ts'
import { createAccount } from '../accounts/create-account.ts'
import type { AccountKeys } from '../accounts/keys.ts'
import type { Config } from '../config.ts'
import type { Context } from '../context.ts'
import { unwrapAttributes } from './attributes.ts'
import { errorPage } from './error-page.ts'
import { privateRoute } from './private-route.ts'
import { Conflict, InvalidFields, Problem } from './problem.ts'
import { publicRoute } from './public-route.ts'
import type { PrivateCall, PublicCall, Reply } from './routes.ts'
import { createServer } from './server.ts'

export type SampleAccount = { readonly id: string; readonly keys: AccountKeys; readonly authorization: string }

export type SampleApi = {
  readonly ctx: Context
  readonly app: FastifyInstance
  readonly accounts: { readonly [status in AccountStatus]: SampleAccount }
  /** Active, but only from 192.0.2.0/24, and without creation by public key. */
  readonly guarded: SampleAccount
  readonly close: () => Promise<void>
}

const statuses: readonly AccountStatus[] = [
  'new',
  'active',
  'inactive',
  'moderation_requested',
  'moderation_pending',
  'archived',
]

export async function startSampleApi(options: { config?: Partial<Config>; now?: () => Date } = {}): Promise<SampleApi> {
  const { ctx, close } = await testContext(options)
  const make = async (settings: Partial<Parameters<typeof createAccount>[1]>): Promise<SampleAccount> => {
    const { account, keys } = await createAccount(ctx, { name: 'Sample', base_currency: 'USD', ...settings })
    return { id: account.id, keys, authorization: basic(account.id, keys.api_key) }
  }
  const made = await Promise.all(statuses.map(async (status) => [status, await make({ status })] as const))
  const guarded = await make({ api_ip_allowlist: ['192.0.2.0/24'], options: { forbid_public_creation: true } })
  const app = await createServer(ctx, [sampleRoutes])
  return {
    ctx,
    app,
    accounts: Object.fromEntries(made) as SampleApi['accounts'],
    guarded,
    async close() {
      await app.close()
      await close()
    },
  }
}

export function basic(id: string, api_key: string): string {
  return `Basic ${Buffer.from(`${id}:${api_key}`).toString('base64')}`
}

const anything = Type.Unknown({ description: 'Anything' })
const described = { summary: 'A sample', tag: 'Sample', reply: anything } as const
const types = ['payment-invoice', 'payment-invoices']

function sampleRoutes(app: FastifyInstance, ctx: Context): void {
  privateRoute(app, ctx, { ...described, method: 'GET', path: '/payment-services', success: 200, handle: echo })
  privateRoute(app, ctx, { ...described, method: 'GET', path: '/payment-invoices/:id', success: 200, handle: missing })
  privateRoute(app, ctx, {
    ...described,
    method: 'POST',
    path: '/payment-invoices',
    creates: true,
    success: 201,
    handle: create,
  })
  publicRoute(app, ctx, {
    ...described,
    method: 'GET',
    path: '/payment-invoices',
    key: 'required',
    success: 200,
    check_query(query) {
      if (query.filter === undefined) throw new Problem(400, { title: 'Invalid filter' })
    },
    handle: echo,
  })
  publicRoute(app, ctx, {
    ...described,
    method: 'GET',
    path: '/payment-invoices/:id',
    key: 'optional',
    success: 200,
    handle: async ({ account, test_mode }) => ({ status: 200, body: { account: account?.id ?? null, test_mode } }),
  })
  const creating = { ...described, method: 'POST', key: 'required' } as const
  publicRoute(app, ctx, { ...creating, path: '/payment-prerequest', creates: true, success: 200, handle: echo })
  publicRoute(app, ctx, { ...creating, path: '/payment-invoices', creates_invoice: true, success: 201, handle: create })
  publicRoute(app, ctx, {
    ...creating,
    path: '/payment-invoices/process',
    creates_invoice: true,
    success: 302,
    error_page: errorPage,
    handle: async (call: PublicCall): Promise<Reply> => {
      await create(call)
      return { status: 302, body: null, headers: { location: 'https://pay.example/hpp' } }
    },
  })
}

async function echo(call: PrivateCall | PublicCall): Promise<Reply> {
  const { account, query, body, ip } = call
  return { status: 200, body: { account: account.id, query, body, ip, amount: JSON.rawJSON('123.10') } }
}

async function missing(): Promise<Reply> {
  throw new Problem(404)
}

/** Does as the body says, so that a test can ask for any ending. */
async function create(call: PrivateCall | PublicCall): Promise<Reply> {
  const attributes = unwrapAttributes(call.body, types)
  const { ending } = attributes
  if (ending === 'conflict') throw new Conflict({ data: { type: 'payment-invoices', id: 'cpi_stored' } })
  if (ending === 'fields')
    throw new InvalidFields({ amount: 'This value should not be blank.', 'customer.email': '<b>' })
  if (ending === 'fault') throw new Error('password=hunter2 at select * from accounts')
  if (ending === 'lost database') throw Object.assign(new Error('gone'), { code: 'CONNECTION_CLOSED' })
  if (ending === 'odd') throw { statusCode: 418, message: 'teapot' }
  if (ending === 'unwritable') return { status: 201, body: { amount: 10n } }
  return { status: 201, body: { data: { attributes } }, headers: { location: '/api/payment-invoices/cpi_new' } }
}
