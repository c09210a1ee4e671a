/** Every demo key for scripts and people. Registered in demo mode only: production has no such paths. */
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import { demoAccounts } from '../../demo/accounts.ts'
import type { Context } from '../context.ts'
import { Problem } from '../http/problem.ts'
import { queryText, readQuery } from '../http/query.ts'
import { sendJson } from '../http/reply.ts'
import { demoKeys } from './demo-keys.ts'
import { demoUrls } from './seed-demo.ts'
import { providerCredentials } from './seed-people.ts'
import { shopCredentials } from './seed-shops.ts'

export function demoRoutes(app: FastifyInstance, ctx: Context): void {
  if (ctx.config.mode !== 'demo') return
  const schema = (summary: string, reply: object) => ({
    summary,
    tags: ['Demo'],
    security: [],
    response: { 200: reply },
  })
  app.get(
    '/demo/credentials.json',
    { schema: schema('Every key of the demo world', credentialsBody) },
    async (_, reply) => sendJson(reply, await credentials(ctx)),
  )
  app.get(
    '/demo/credentials.txt',
    {
      schema: {
        ...schema('Account id and API key of the first demo account, or id and secret of a shop, for curl -u', {
          ...Type.String(),
          description: 'id:key',
        }),
        querystring: Type.Object({
          shop: Type.Optional(Type.String({ pattern: '^[1-9][0-9]*$', description: 'A shop of the Card API' })),
        }),
        produces: ['text/plain'],
      },
    },
    async (request, reply) => {
      const pair = await credentialPair(ctx, queryText(readQuery(request), 'shop'))
      if (pair === null) throw new Problem(404)
      return reply.header('content-type', 'text/plain; charset=utf-8').send(`${pair}\n`)
    },
  )
}

/** `id:key` of the first account, or of the shop of an id; `null` = the demo has no such shop. */
async function credentialPair(ctx: Context, shop_id: string | null): Promise<string | null> {
  const { accounts, shops } = await credentials(ctx)
  if (shop_id === null) return accounts.map(({ id, api_key }) => `${id}:${api_key}`)[0] ?? null
  const shop = shops.find((known) => String(known.shop_id) === shop_id)
  return shop ? `${shop_id}:${shop.secret}` : null
}

const modeKeys = Type.Object({
  public_key: Type.String({ pattern: '^pk_(live|test)_' }),
  private_key: Type.String({ pattern: '^sk_(live|test)_' }),
})

const credentialsBody = Type.Object(
  {
    accounts: Type.Array(
      Type.Object({ id: Type.String(), name: Type.String(), api_key: Type.String(), test: modeKeys, live: modeKeys }),
    ),
    shops: Type.Array(
      Type.Object({
        shop_id: Type.Integer(),
        account_id: Type.String(),
        name: Type.String(),
        secret: Type.String(),
        public_key: Type.String({ pattern: '^-----BEGIN PUBLIC KEY-----' }),
      }),
    ),
    providers: Type.Array(
      Type.Object({ id: Type.String(), name: Type.String(), login: Type.String(), password: Type.String() }),
    ),
    people: Type.Array(Type.Unknown()),
    simulators: Type.String({ format: 'uri' }),
  },
  { description: 'Keys of the demo world' },
)

async function credentials(ctx: Context) {
  return {
    accounts: demoAccounts.map((account) => {
      const { api_key, test, live } = demoKeys(ctx, account)
      return { id: account.settings.id, name: account.settings.name, api_key, test, live }
    }),
    shops: await shopCredentials(ctx),
    providers: providerCredentials(ctx),
    people: [],
    simulators: demoUrls(ctx).simulators,
  }
}
