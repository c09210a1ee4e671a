/** What a merchant may read of its own account. */
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { Context } from '../context.ts'
import { currencies } from '../directory/currencies.ts'
import { privateRoute } from '../http/private-route.ts'
import { codeSchema, fixedAmountSchema, idSchema, mapSchema, nullable, timeSchema } from '../http/schemas.ts'
import { readBalances } from '../ledger/read-balances.ts'
import { listCurrencyAccounts } from './currency-accounts.ts'
import { balancesDocument, profileDocument } from './resource.ts'

const tag = 'Account'
const nullableText = nullable(Type.String())

const profileBody = Type.Object(
  {
    data: Type.Object({
      type: Type.Literal('account'),
      id: idSchema('coma_'),
      attributes: Type.Object(
        {
          status: Type.Enum(['new', 'active', 'inactive', 'moderation_requested', 'moderation_pending', 'archived']),
          name: Type.String(),
          icon: nullableText,
          website: nullableText,
          hp_domain: nullableText,
          payment_fee_shift_out: Type.Boolean(),
          ledger_scheme: Type.Enum(['none', 'simple']),
          api_ip_white_list: Type.Array(Type.String()),
          created: timeSchema,
          updated: timeSchema,
          report: mapSchema(),
          time_zone: codeSchema,
        },
        { additionalProperties: false },
      ),
      links: Type.Object({ self: Type.Literal('/api/account/profile') }),
    }),
  },
  { description: 'The account and its settings' },
)

const currencyAccountBody = Type.Object(
  {
    account_id: idSchema('comca_'),
    active_balance: fixedAmountSchema,
    pending_balance: fixedAmountSchema,
    reserved_balance: fixedAmountSchema,
    overdraft_limit: fixedAmountSchema,
    balance_lower_limit: nullable(fixedAmountSchema),
  },
  { additionalProperties: false },
)

const balancesBody = Type.Object(
  {
    data: Type.Object({
      type: Type.Literal('account-balances'),
      id: idSchema('coma_'),
      attributes: Type.Object({ currency_accounts: mapSchema(currencyAccountBody) }),
      links: Type.Object({ self: Type.Literal('/api/account/balances') }),
    }),
  },
  { description: 'Live balances by currency' },
)

export function accountRoutes(app: FastifyInstance, ctx: Context): void {
  privateRoute(app, ctx, {
    method: 'GET',
    path: '/account/profile',
    summary: 'Read the account and its settings',
    tag,
    reply: profileBody,
    success: 200,
    handle: async ({ account }) => ({ status: 200, body: profileDocument(account) }),
  })
  privateRoute(app, ctx, {
    method: 'GET',
    path: '/account/balances',
    summary: 'Read the live balances of the account',
    tag,
    reply: balancesBody,
    success: 200,
    handle: async ({ account }) => {
      const [accounts, balances, exponents] = await Promise.all([
        listCurrencyAccounts(ctx, account.id),
        readBalances(ctx, account.id),
        currencies(ctx),
      ])
      return { status: 200, body: balancesDocument(account.id, accounts, balances, exponents) }
    },
  })
}
