/** Senders and servers of the tests of sending; each is closed after the test that opened it. */
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { afterEach } from 'node:test'
import { createSender, type Sender, type SendOptions } from './send.ts'
import type { Lookup } from './target-guard.ts'

const open: { close: () => Promise<void> }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

export function sender(options: { allow_private_targets?: boolean; lookup?: Lookup } = {}): Sender {
  const made = createSender({ allow_private_targets: true, ...options })
  open.push(made)
  return made
}

async function listen(server: Server, sockets: Set<Socket>): Promise<number> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  })
  return (server.address() as AddressInfo).port
}

/** A server that speaks HTTP; answers with what `answer` does. */
export async function http(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const seen: string[] = []
  const sockets = new Set<Socket>()
  const server = createHttpServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  const port = await listen(server, sockets)
  return { url: `http://127.0.0.1:${port}/pay`, seen, port, sockets }
}

/** A server of raw bytes. */
export async function tcp(onSocket: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const port = await listen(createTcpServer(onSocket), sockets)
  return { url: `http://127.0.0.1:${port}/pay`, port, sockets }
}

export function post(url: string, limits: Partial<SendOptions> = {}): SendOptions {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body: '{"amount":100}',
    connect_timeout_ms: 5000,
    read_timeout_ms: 5000,
    total_timeout_ms: 10_000,
    response_bytes_max: 10_000,
    guard: 'none',
    ...limits,
  }
}
