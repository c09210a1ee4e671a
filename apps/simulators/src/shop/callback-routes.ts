/** Where the platform tells the shop: callbacks of the merchant API, notifications of the Card API, and the page that shows them. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { DemoCredentials } from '../demo-credentials.ts'
import { callbacksPage, slow_s } from './callbacks-page.ts'
import { checkNotification } from './check-notification.ts'
import { checkSignatures } from './check-signatures.ts'
import { readCallback } from './read-callback.ts'
import { readNotification } from './read-notification.ts'
import { type AnswerKind, answerKinds, type CallbackBook, type ReceivedEvent } from './received-callbacks.ts'
import type { ShopOptions } from './routes.ts'
import { formOf, sendProblem } from './shop-answers.ts'
import { sendShopPage } from './shop-frame.ts'

type Delivery = {
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
  readonly now: Date
  readonly answered: AnswerKind
}

type Reader = (delivery: Delivery, known: DemoCredentials) => ReceivedEvent

export function callbackRoutes(shop: FastifyInstance, options: ShopOptions, book: CallbackBook): void {
  shop.get('/callbacks', (_request, reply) =>
    sendShopPage(reply, options.cascad_url, { title: 'Callbacks', here: 'callbacks', body: callbacksPage(book) }),
  )
  for (const [path, read] of [
    ['/callbacks', callbackOf],
    ['/notifications', notificationOf],
  ] as const) {
    shop.post(path, async (request, reply) => {
      const answered = book.nextAnswer()
      book.add(read(deliveryOf(request, options, answered), await knownKeys(options)))
      return answer(reply, answered)
    })
  }
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

async function answer(reply: FastifyReply, kind: AnswerKind): Promise<unknown> {
  if (kind === 'refuse') return reply.code(500).send({ error: 'the shop was told to refuse' })
  // The platform ends the connection when its time is up; the simulators do when they close.
  if (kind === 'never') return reply.hijack()
  if (kind === 'slow') await pause(slow_s * 1000)
  return reply.code(200).send({ received: true })
}

const callbackOf: Reader = ({ body, headers, now, answered }, { accounts }) => {
  const { signer, x_signature, webhook_signature } = checkSignatures({ body, headers, now }, accounts)
  return {
    kind: 'callback',
    ...readCallback(body),
    received_at: now,
    event_id: headers['webhook-id'] ?? '',
    attempt: headers['retry-count'] ?? '',
    next_retry: headers['next-retry'] ?? '',
    signer,
    checks: [
      { name: 'X-Signature', right: x_signature },
      { name: 'webhook-signature', right: webhook_signature },
    ],
    answered,
    body,
  }
}

const notificationOf: Reader = ({ body, headers, now, answered }, { shops }) => {
  const { signer, basic, content_signature } = checkNotification({ body, headers }, shops)
  return {
    kind: 'notification',
    ...readNotification(body),
    received_at: now,
    event_id: headers['x-notification-id'] ?? '',
    attempt: headers['x-notification-attempt'] ?? '',
    signer,
    checks: [
      { name: 'Authorization', right: basic },
      { name: 'Content-Signature', right: content_signature },
    ],
    answered,
    body,
  }
}

function deliveryOf(request: FastifyRequest, options: ShopOptions, answered: AnswerKind): Delivery {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) if (typeof value === 'string') headers[name] = value
  const body = typeof request.body === 'string' ? request.body : ''
  return { body, headers, now: options.now?.() ?? new Date(), answered }
}

async function knownKeys(options: ShopOptions): Promise<DemoCredentials> {
  return options.credentials().catch(() => ({ accounts: [], shops: [], providers: [] }))
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
