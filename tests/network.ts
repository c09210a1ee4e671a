/** The network between us and the providers, for tests: it passes on, keeps what is on its way, or refuses every connection. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The request waits for the answer. */
type Fits = (method: string, path: string) => boolean | Promise<boolean>

export type Network = {
  /** In place of the providers' own address. */
  readonly url: string
  /** Requests that fit get lost on their way: they arrive nowhere, and their sender gets no answer. */
  readonly lose: (fits: Fits) => void
  /** What was lost arrives now, in its order. Answers with the statuses it got. */
  readonly arrive: () => Promise<number[]>
  /** Between what the provider did with the first request that fits and its answer to us. */
  readonly beforeAnswer: (fits: Fits, run: () => Promise<unknown>) => void
  /** Nobody listens any more. */
  readonly refuse: () => Promise<void>
  /** Everything passes again. */
  readonly pass: () => Promise<void>
  readonly lost: () => number
  readonly close: () => Promise<void>
}

type Request = {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: string
}

export async function openNetwork(target: string): Promise<Network> {
  let fits: Fits = () => false
  let between: { readonly fits: Fits; readonly run: () => Promise<unknown> } | null = null
  let lost: Request[] = []
  const server = createServer((incoming, answer) => {
    void (async () => {
      const request = await read(incoming)
      if (await fits(request.method, request.path)) {
        lost.push(request)
        incoming.socket.destroy()
        return
      }
      const given = await forward(target, request)
      if (await between?.fits(request.method, request.path)) {
        const run = between?.run
        between = null
        await run?.()
      }
      await passOn(given, answer)
    })().catch(() => answer.destroy())
  })
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => resolve())
    })
  const refuse = async (): Promise<void> => {
    if (!server.listening) return
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    lose(wanted) {
      fits = wanted
      lost = []
    },
    async arrive() {
      const statuses: number[] = []
      for (const request of lost) statuses.push((await forward(target, request)).status)
      lost = []
      return statuses
    },
    beforeAnswer(wanted, run) {
      between = { fits: wanted, run }
    },
    refuse,
    async pass() {
      fits = () => false
      between = null
      if (!server.listening) await listen(port)
    },
    lost: () => lost.length,
    close: refuse,
  }
}

async function read(incoming: IncomingMessage): Promise<Request> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  const { host, connection, 'content-length': _, ...headers } = incoming.headers as Record<string, string>
  return { method: incoming.method ?? '', path: incoming.url ?? '', headers, body: Buffer.concat(parts).toString() }
}

function forward(target: string, { method, path, headers, body }: Request): Promise<Response> {
  return fetch(target + path, { method, headers, redirect: 'manual', ...(body === '' ? {} : { body }) })
}

/** Each answer ends its connection: none stays behind for a request that is to be refused. */
async function passOn(response: Response, answer: ServerResponse): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer())
  const type = response.headers.get('content-type')
  answer.writeHead(response.status, { connection: 'close', ...(type ? { 'content-type': type } : {}) })
  answer.end(body)
}
