/** The pages of the payer. Merchant API contract 14. */
import type { FastifyInstance } from 'fastify'
import Type from 'typebox'
import type { Context } from '../context.ts'
import { uploadRoutes } from '../http/upload.ts'
import { actOnRequisites, type RequisitesAct } from './act-on-requisites.ts'
import { answerAppeal } from './answer-appeal.ts'
import { type Asset, script, styles } from './assets.ts'
import { cancel } from './cancel.ts'
import { chooseMethod } from './choose-method.ts'
import { comeBack, redirectOn, returnToShop } from './go-back.ts'
import { openCheckout } from './open-checkout.ts'
import { showCardForm, takeCardForm } from './pay-by-card.ts'
import { payerRoute } from './payer-route.ts'
import { appealBytesMax, showAppeal, takeAppeal } from './show-appeal.ts'
import { showState } from './show-payment.ts'
import { simulate } from './simulate.ts'

const stateReply = Type.Object(
  {
    view: Type.String(),
    title: Type.Optional(Type.String()),
    text: Type.Optional(Type.String()),
    may_leave: Type.Optional(Type.Boolean()),
    mark: Type.Optional(Type.String()),
    left_s: Type.Optional(Type.Integer()),
  },
  { description: 'Which page the payment shows now' },
)

export function checkoutRoutes(app: FastifyInstance, ctx: Context): void {
  const opened = { url: '/hpp', handle: openCheckout.bind(null, app, ctx) }
  payerRoute(app, ctx, { ...opened, method: 'GET', summary: 'Open the checkout of a shop or of a payment' })
  payerRoute(app, ctx, { ...opened, method: 'POST', summary: 'Open the checkout by a form, or choose a way to pay' })
  payerRoute(app, ctx, {
    method: 'GET',
    url: '/hpp/:session_id',
    summary: 'The card page of a session',
    handle: (call) => showCardForm(ctx, call),
  })
  payerRoute(app, ctx, {
    method: 'POST',
    url: '/hpp/:session_id',
    summary: 'Pay by card',
    own_forms_only: true,
    handle: (call) => takeCardForm(ctx, call),
  })
  payerRoute(app, ctx, {
    method: 'GET',
    url: '/hpp/state',
    summary: 'What the waiting page asks',
    reply: stateReply,
    handle: (call) => showState(ctx, call),
  })
  payerRoute(app, ctx, {
    method: 'POST',
    url: '/hpp/cancel',
    summary: 'End a payment before any details went out',
    own_forms_only: true,
    handle: (call) => cancel(ctx, call),
  })
  payerRoute(app, ctx, {
    method: 'POST',
    url: '/hpp/simulate',
    summary: 'Test mode: play the payer of an invoice',
    own_forms_only: true,
    handle: (call) => simulate(ctx, call),
  })
  for (const method of ['GET', 'POST'] as const) {
    payerRoute(app, ctx, {
      method,
      url: '/hpp/methods',
      summary: 'Choose a way to pay for a payment',
      own_forms_only: method === 'POST',
      handle: (call) => chooseMethod(ctx, call),
    })
    payerRoute(app, ctx, {
      method,
      url: '/hpp/return/:cpi',
      summary: 'Where a bank or a provider sends the payer back to',
      handle: (call) => comeBack(ctx, call),
    })
  }
  payerRoute(app, ctx, {
    method: 'GET',
    url: '/redirect/hpp',
    summary: 'Send the payer to where the payment goes on',
    handle: (call) => redirectOn(ctx, call),
  })
  payerRoute(app, ctx, {
    method: 'GET',
    url: '/return',
    summary: 'Send the payer back to the shop',
    handle: (call) => returnToShop(ctx, call),
  })
  transferRoutes(app, ctx)
  for (const asset of [script, styles]) assetRoute(app, asset)
}

const acts: Readonly<Record<RequisitesAct, string>> = {
  paid: 'Payment by requisites: the payer says that the money is sent',
  other: 'Payment by requisites: other requisites, or another search',
  cancel: 'Payment by requisites: the payer gives up',
  check: 'Payment by requisites: ask the provider now',
}

/** What only payments by requisites have. Cascade API contract 14.3. */
function transferRoutes(app: FastifyInstance, ctx: Context): void {
  for (const act of Object.keys(acts) as RequisitesAct[]) {
    payerRoute(app, ctx, {
      method: 'POST',
      url: `/hpp/requisites/${act}`,
      summary: acts[act],
      own_forms_only: true,
      handle: (call) => actOnRequisites(ctx, call, act),
    })
  }
  const appeal = { url: '/hpp/appeal' } as const
  payerRoute(app, ctx, {
    ...appeal,
    method: 'GET',
    summary: 'Tell of a transfer that did not arrive, and see what becomes of it',
    handle: (call) => showAppeal(ctx, call),
  })
  uploadRoutes(app, appealBytesMax, (inner) =>
    payerRoute(inner, ctx, {
      ...appeal,
      method: 'POST',
      summary: 'Hand in the receipt of a transfer that did not arrive',
      own_forms_only: true,
      takes_files: true,
      handle: (call) => takeAppeal(ctx, call),
    }),
  )
  for (const answer of ['contest', 'accept'] as const) {
    payerRoute(app, ctx, {
      method: 'POST',
      url: `/hpp/appeal/${answer}`,
      summary: answer === 'contest' ? 'Object to the answer about a transfer' : 'Take the amount that was found',
      own_forms_only: true,
      handle: (call) => answerAppeal(ctx, call, answer),
    })
  }
}

/** The name changes with the content, so browsers may keep it for good. */
function assetRoute(app: FastifyInstance, asset: Asset): void {
  app.get(
    asset.path,
    {
      schema: {
        summary: 'Script or style sheet of the checkout',
        tags: ['Checkout'],
        security: [],
        produces: [asset.type.split(';', 1)[0] as string],
        response: { 200: Type.String({ description: 'The file' }) },
      },
    },
    (_, reply) =>
      reply
        .header('content-type', asset.type)
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('access-control-allow-origin', '*')
        .send(asset.body),
  )
}
