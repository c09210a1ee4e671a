/** For tests: a line to the other installation that loses requests and answers, in front of whatever listens behind it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Loss =
  | 'timeout_before'
  | 'timeout_after'
  | 'error_before'
  | 'error_after'
  | 'reset_before'
  | 'reset_after'
  | 'broken_json'

export type Wire = {
  readonly url: string
  /** What happens to orders whose path fits; `null` = they pass. Questions always pass. */
  lose: { readonly loss: Loss; readonly paths: RegExp } | null
  /** Orders that came in, by path. */
  readonly orders: string[]
  readonly close: () => Promise<void>
}

/** `afterwards` runs when an order has been answered behind the line, before its answer is passed on. */
export async function openWire(
  behind: string,
  afterwards: (order: string) => Promise<void> = async () => {},
): Promise<Wire> {
  const orders: string[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const path = request.url ?? '/'
    const is_order = request.method === 'POST'
    if (is_order) orders.push(path)
    const loss = is_order && wire.lose?.paths.test(path) ? wire.lose.loss : null
    if (loss?.endsWith('_before')) return lose(loss, request, response)
    const answer = await fetch(behind + path, {
      method: request.method ?? 'GET',
      headers: headersOf(request),
      redirect: 'manual',
      ...(is_order ? { body } : {}),
    }).catch(() => null)
    // What died behind the line is a broken line.
    if (!answer) return lose('reset_after', request, response)
    const text = await answer.text()
    if (is_order) await afterwards(body.toString())
    if (loss) return lose(loss, request, response)
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const wire: Wire = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lose: null,
    orders,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
  return wire
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const passed = ['authorization', 'x-api-version', 'requestid', 'content-type']
  return Object.fromEntries(
    passed.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
  )
}

/** A lost answer of a timeout never comes: the caller hangs up. */
function lose(loss: Loss, request: IncomingMessage, response: ServerResponse): void {
  if (loss.startsWith('error')) response.writeHead(502).end('bad gateway')
  else if (loss.startsWith('reset')) request.socket.destroy()
  else if (loss === 'broken_json') response.writeHead(200, { 'content-type': 'application/json' }).end('{"uid":')
}
