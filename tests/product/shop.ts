/** A merchant's server that takes callbacks, as well or as badly as a test wants it. */
import { createHash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type ReceivedCallback = {
  /** `Webhook-Id` of a callback, `X-Notification-Id` of a notification of a shop. */
  readonly event_id: string
  /** Where it was sent to. */
  readonly path: string
  /** Of the payment or of the transaction. */
  readonly payment_id: string
  readonly status: string
  readonly body: string
  readonly x_signature: string
  /** Of a notification of a shop; empty at a callback. */
  readonly content_signature: string
}

export type Shop = {
  readonly url: string
  readonly received: readonly ReceivedCallback[]
  /** What becomes of a callback once it is written down; answers 200 unless a test says otherwise. */
  answer: (callback: ReceivedCallback, response: ServerResponse) => void
  readonly close: () => Promise<void>
}

export function answerOk(_: ReceivedCallback, response: ServerResponse): void {
  response.writeHead(200).end('ok')
}

/** The `X-Signature` that belongs to a body. */
export function signatureOf(private_key: string, body: string): string {
  return createHash('sha1').update(`${private_key}${body}${private_key}`).digest('base64')
}

/** What a callback is about; notifications of shops have two forms. */
function subjectOf(body: string): { payment_id: string; status: string } {
  const { data, transaction, uid, status } = JSON.parse(body)
  if (data) return { payment_id: data.id, status: data.attributes.status }
  return { payment_id: transaction?.uid ?? uid, status: transaction?.uid ? transaction.status : status }
}

export async function openShop(): Promise<Shop> {
  const received: ReceivedCallback[] = []
  const shop = { answer: answerOk }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    const { headers, url } = request
    const callback = {
      event_id: String(headers['webhook-id'] ?? headers['x-notification-id']),
      path: url ?? '',
      ...subjectOf(body),
      body,
      x_signature: String(headers['x-signature']),
      content_signature: String(headers['content-signature'] ?? ''),
    }
    received.push(callback)
    shop.answer(callback, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(shop, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`,
    received,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  })
}
