/** A listener for the providers' notifications, for tests of connectors. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = { readonly headers: Readonly<Record<string, string>>; readonly body: string }

export type Inbox = {
  readonly url: string
  /** The first notification whose body fits, waiting at most ten seconds for it. */
  readonly next: (fits: (body: string) => boolean) => Promise<Received>
  /** The next notification of any kind, waiting as long. */
  readonly arrival: () => Promise<void>
  readonly all: () => readonly Received[]
  readonly close: () => Promise<void>
}

const wait_ms = 10_000

export async function receiveNotifications(): Promise<Inbox> {
  const received: Received[] = []
  const waiting = new Set<() => void>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    received.push({ headers, body: Buffer.concat(chunks).toString() })
    response.writeHead(200).end()
    for (const look of waiting) look()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  /** Looks at every arrival until `found` has something. */
  function waitFor<T>(found: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(look)
        reject(new Error('no such notification came'))
      }, wait_ms)
      const look = () => {
        const result = found()
        if (result === undefined) return
        clearTimeout(timer)
        waiting.delete(look)
        resolve(result)
      }
      waiting.add(look)
      look()
    })
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    all: () => received,
    next: (fits) => waitFor(() => received.find(({ body }) => fits(body))),
    async arrival() {
      const before = received.length
      await waitFor(() => (received.length > before ? true : undefined))
    },
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}
