/** The Card API: one line per endpoint. Card API contract 3. */
import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { attemptsReply } from '../payments/attempts-route.ts'
import { answerCardError, isCardPath } from './answer-card-error.ts'
import { findOwn, listByTracking, showByTracking, showTransaction } from './find-transactions.ts'
import { keepCard } from './keep-card.ts'
import { placeOperation } from './place-operation.ts'
import { placeTransaction } from './place-transaction.ts'
import { processRoutes } from './process-routes.ts'
import { renotify } from './renotify.ts'
import {
  cardRequestBody,
  cardTokenReply,
  publicKeyReply,
  queuedReply,
  transactionListReply,
  transactionReply,
} from './schemas.ts'
import { shopRoute } from './shop-route.ts'
import { showAttempts } from './show-attempts.ts'
import { showPublicKey } from './show-public-key.ts'

/** What a merchant does with each answer. Card API contract 14, 20. */
const clientGuide = `**Cascade on \`status == "failed"\` only.** Many client libraries turn a timeout into an ordinary error: code that goes to the
next gateway on "not successful" charges the payer twice.

| answer | do |
|---|---|
| 200, \`successful\`, \`failed\`, \`expired\` | this is the end; after \`failed\` you may send the same again with every failed \`gateway_id\` in \`additional_data.excluded_gateways\` and \`duplicate_check: false\` |
| 200, \`incomplete\` | send the payer to \`redirect_url\`; do not repeat |
| 200, \`pending\` | wait for the notification, then ask by \`uid\`; do not repeat |
| 4xx | mend the request and send it under a new \`RequestID\` |
| 429 | wait \`Retry-After\` seconds, then longer each time |
| 5xx, or no answer | the transaction may exist: ask by \`tracking_id\`; only if the list is empty send again, under the **same** \`RequestID\` |`

export function cardApiRoutes(app: FastifyInstance, ctx: Context): void {
  app.voices.push({
    speaksFor: isCardPath,
    answer: (error, request, reply) => answerCardError(ctx, error, request, reply),
  })
  const post = { method: 'POST', body: cardRequestBody, reply: transactionReply } as const
  const get = { method: 'GET', reply: transactionReply } as const
  shopRoute(app, ctx, {
    ...post,
    path: '/transactions/payments',
    summary: 'Charge a card',
    description: clientGuide,
    handle: (call) => placeTransaction(ctx, call, 'payment'),
  })
  shopRoute(app, ctx, {
    ...post,
    path: '/transactions/authorizations',
    summary: 'Hold an amount on a card',
    handle: (call) => placeTransaction(ctx, call, 'authorization'),
  })
  for (const [path, type, summary] of [
    ['captures', 'capture', 'Take a held amount'],
    ['voids', 'void', 'Release a held amount'],
    ['refunds', 'refund', 'Give money back'],
  ] as const) {
    shopRoute(app, ctx, {
      ...post,
      path: `/transactions/${path}`,
      summary,
      handle: (call) => placeOperation(ctx, call, type),
    })
  }
  shopRoute(app, ctx, {
    ...get,
    path: '/transactions/tracking_id/:id',
    summary: 'The newest transaction of a tracking_id',
    handle: (call) => showByTracking(ctx, call),
  })
  shopRoute(app, ctx, {
    ...get,
    path: '/v2/transactions/tracking_id/:id',
    summary: 'The newest ten transactions of a tracking_id',
    reply: transactionListReply,
    handle: (call) => listByTracking(ctx, call),
  })
  shopRoute(app, ctx, {
    ...get,
    path: '/transactions/:uid',
    summary: 'One transaction',
    handle: (call) => showTransaction(ctx, call),
  })
  shopRoute(app, ctx, {
    method: 'GET',
    path: '/transactions/:uid/attempts',
    summary: 'The attempts of a payment or authorization, and why each was the last or not',
    reply: attemptsReply,
    handle: async (call) => showAttempts(ctx, await findOwn(ctx, call, call.params.uid ?? '')),
  })
  shopRoute(app, ctx, {
    method: 'POST',
    path: '/transactions/:uid/renotify',
    summary: 'Send the newest notification again',
    reply: queuedReply,
    handle: async (call) => renotify(ctx, await findOwn(ctx, call, call.params.uid ?? '')),
  })
  shopRoute(app, ctx, {
    method: 'GET',
    path: '/shops/:shop_id/public-key',
    summary: 'The key that notifications of the shop are signed with',
    reply: publicKeyReply,
    handle: async ({ shop, params }) => showPublicKey(shop, params.shop_id ?? ''),
  })
  shopRoute(app, ctx, {
    ...post,
    path: '/credit_cards',
    summary: 'Keep a card under a token, or change one',
    reply: cardTokenReply,
    handle: (call) => keepCard(ctx, call, null),
  })
  shopRoute(app, ctx, {
    ...post,
    path: '/credit_cards/:token',
    summary: 'Change a kept card',
    reply: cardTokenReply,
    handle: (call) => keepCard(ctx, call, call.params.token ?? ''),
  })
  processRoutes(app, ctx)
}
