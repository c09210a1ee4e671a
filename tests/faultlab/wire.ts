/** The line between the product and the desks of the lab: hands requests on, or answers, delays and cuts as it is told. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** What is wrong with one exchange. `arrives` = the desk gets the request all the same. */
export type Fault = {
  readonly arrives: boolean
  /**
   * `cut_in_answer`: after some bytes of the body. `status`: this answer instead of the desk's. `edit`: the desk's own document,
   * changed. `raw`: bytes made of it; `open` = the connection stays.
   */
  readonly how:
    | { readonly kind: 'silence' | 'cut' | 'cut_in_answer' }
    | { readonly kind: 'late'; readonly after_ms: number }
    | {
        readonly kind: 'status'
        readonly status: number
        readonly body: string
        readonly headers?: Readonly<Record<string, string>>
      }
    | {
        readonly kind: 'edit'
        readonly status: number
        readonly edit: (document: Record<string, unknown>) => object
      }
    | { readonly kind: 'raw'; readonly bytes: (right: string) => string | Uint8Array; readonly open?: true }
}

export type Line = {
  /** Where requests go that arrive. */
  readonly target: string
  /** Of the event with this name; `null` = all is well. */
  fault: (event: string) => Fault | null
}

export type Wire = {
  readonly lines: Map<string, Line>
  readonly urlOf: (name: string) => string
  /** Nobody listens until it is opened again, at the same address. */
  readonly shut: () => Promise<void>
  readonly open: () => Promise<void>
}

export async function openWire(): Promise<Wire> {
  const lines = new Map<string, Line>()
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const line = lines.get(request.url?.slice(1) ?? '')
    if (!line) return void response.writeHead(404).end()
    exchange(line, request, response).catch(() => response.destroy())
  }
  const listening = async (at: number): Promise<Server> => {
    const server = createServer(listener)
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(at, '127.0.0.1', resolve))
    return server
  }
  let server: Server | null = await listening(0)
  const { port } = server.address() as AddressInfo
  return {
    lines,
    urlOf: (name) => `http://127.0.0.1:${port}/${name}`,
    async shut() {
      const closing = server
      server = null
      closing?.closeAllConnections()
      if (closing) await new Promise<void>((resolve) => void closing.close(() => resolve()))
    },
    async open() {
      server ??= await listening(port)
    },
  }
}

type Right = { readonly status: number; readonly type: string; readonly body: string }

async function exchange(line: Line, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks).toString()
  const fault = line.fault(eventOf(body))
  const right = fault === null || fault.arrives ? await handOn(line.target, request, body) : null
  if (fault) await misbehave(fault, right, response)
  else if (right) answer(response, right.status, right.type, right.body)
}

function eventOf(body: string): string {
  const { event } = JSON.parse(body) as { event: string }
  return event.replace('CascadeEvents.', '')
}

const handed = ['content-type', 'x-api-key', 'x-request-id', 'idempotency-key']

async function handOn(target: string, { headers }: IncomingMessage, body: string): Promise<Right> {
  const sent = Object.fromEntries(
    handed.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])),
  )
  const reply = await fetch(target, { method: 'POST', headers: sent, body, redirect: 'manual' })
  return { status: reply.status, type: reply.headers.get('content-type') ?? '', body: await reply.text() }
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type }).end(body)
}

async function misbehave({ how }: Fault, right: Right | null, response: ServerResponse): Promise<void> {
  switch (how.kind) {
    case 'silence':
      return
    case 'cut':
      response.destroy()
      return
    case 'cut_in_answer':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '400' })
      response.write('{"id":"trp_', () => response.destroy())
      return
    case 'late':
      await sleep(how.after_ms, null, { ref: false })
      if (right) answer(response, right.status, right.type, right.body)
      return
    case 'status':
      response.writeHead(how.status, how.headers ?? { 'content-type': 'application/json' }).end(how.body)
      return
    case 'raw':
      response.socket?.[how.open ? 'write' : 'end'](how.bytes(right?.body ?? '{}'))
      return
    case 'edit':
      answer(response, how.status, 'application/json', JSON.stringify(how.edit(JSON.parse(right?.body ?? '{}'))))
  }
}
