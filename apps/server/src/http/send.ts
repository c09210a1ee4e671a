/**
 * Outgoing HTTP, the only way out: separate limits for connecting, silence and the whole, a size limit, no redirects, no
 * proxies, no retries. Its answer `not_sent` is a proof, on which payments move on to another gateway.
 *
 * The proof: the client library announces a request (`onRequestStart`) on a connected socket immediately before it writes
 * the first byte. A request that failed without having been announced was not written. Everything else is `unknown`.
 */

import type { LookupFunction } from 'node:net'
import type { SendRequest, SendResult } from '@cascad/connector'
import { Agent, type Dispatcher } from 'undici'
import { createPublicLookup, type Lookup, resolveTarget } from './target-guard.ts'

export type SendOptions = SendRequest & {
  /** Name look-up, TCP and TLS together. */
  readonly connect_timeout_ms: number
  /** Longest silence: until the headers, then between two pieces of the body. */
  readonly read_timeout_ms: number
  readonly total_timeout_ms: number
  readonly response_bytes_max: number
  /** `public`: the target was chosen by a merchant and must be public. `none`: chosen by the operator. */
  readonly guard: 'public' | 'none'
  /** Only the status counts: the result comes with it, its `body` is empty, a long or broken body is no failure. */
  readonly ignore_body?: true
  /** The body is a file: each of its bytes becomes one character (Latin-1), so that none is lost. */
  readonly bytes?: true
  /** Only the status counts, and `body` is as much as came of its first `response_bytes_max` bytes. */
  readonly head_of_body?: true
}

export type Sender = {
  /** Sends once. Never throws, never follows a redirect, never sends again. */
  readonly send: (request: SendOptions) => Promise<SendResult>
  /** Waits a little for what is under way, then closes every connection. */
  readonly close: () => Promise<void>
}

export type SenderOptions = {
  readonly allow_private_targets: boolean
  /** Look-up for guarded targets; tests hand in their own. */
  readonly lookup?: Lookup
}

const connectionsPerOriginMax = 256
const agentsMax = 16
const closeGrace_ms = 5000

export function createSender(options: SenderOptions): Sender {
  const lookup = options.lookup ?? createPublicLookup()
  const checked = new CheckedAddresses()
  const agents = new Map<string, Agent>()
  let closed = false

  /** One pool per kind of guard and connect limit: the library takes the limit per pool, not per request. */
  const agentFor = (guard: 'public' | 'none', connect_timeout_ms: number): Agent => {
    const key = agents.size < agentsMax ? `${guard} ${connect_timeout_ms}` : guard
    const known = agents.get(key)
    if (known) return known
    const agent = new Agent({
      connections: connectionsPerOriginMax,
      pipelining: 1,
      allowH2: false,
      // Short, and never longer than the server announces: the less often a server closes a connection we are about to use,
      // the fewer results are unknown. The library also looks for a pending close before it uses an idle connection again.
      keepAliveTimeout: 4000,
      keepAliveMaxTimeout: 4000,
      keepAliveTimeoutThreshold: 1000,
      headersTimeout: 0,
      bodyTimeout: 0,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: 500,
      connect: {
        // Only clears up: the exchange has its own timer, which is the one that counts.
        timeout: connect_timeout_ms + 1000,
        ...(guard === 'public' ? { lookup: checked.lookup } : {}),
      },
    })
    agents.set(key, agent)
    return agent
  }

  const sendGuarded = async (url: URL, request: SendOptions, started: number): Promise<SendResult> => {
    const resolving = resolveTarget(url, { allow_private: options.allow_private_targets, lookup })
    const target = await within(resolving, Math.min(request.connect_timeout_ms, request.total_timeout_ms))
    if (target === 'late') return { type: 'not_sent', detail: 'ETIMEOUT: the name look-up took too long' }
    if (target.type !== 'resolved') return { type: 'not_sent', detail: target.detail }
    const release = checked.hold(url.hostname, target.addresses)
    try {
      return await exchange(agentFor('public', request.connect_timeout_ms), url, request, started)
    } finally {
      release()
    }
  }

  return {
    async send(request) {
      if (closed) return { type: 'not_sent', detail: 'closed: the sender has stopped' }
      const started = performance.now()
      const url = URL.parse(request.url)
      if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
        return { type: 'not_sent', detail: 'invalid_request: not a URL to send to' }
      }
      if (request.guard === 'public') return sendGuarded(url, request, started)
      return exchange(agentFor('none', request.connect_timeout_ms), url, request, started)
    },
    async close() {
      closed = true
      const all = [...agents.values()]
      await within(Promise.all(all.map((agent) => agent.close())), closeGrace_ms)
      await Promise.all(all.map((agent) => agent.destroy()))
    },
  }
}

function exchange(agent: Agent, url: URL, request: SendOptions, started: number): Promise<SendResult> {
  return new Promise((resolve) => {
    const run = new Exchange(request, performance.now() - started, resolve)
    try {
      const { origin, pathname, search } = url
      agent.dispatch(
        {
          origin,
          path: pathname + search,
          method: request.method,
          headers: request.headers ?? {},
          body: request.body ?? null,
        },
        run,
      )
    } catch (error) {
      run.fail(describe(error))
    }
  })
}

/** One request from the first look for a connection to its result. Its callbacks are called by the client library. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: SendOptions
  #resolve: (result: SendResult) => void
  #total: NodeJS.Timeout
  /** The limit of the present phase: connecting, then silence. */
  #phase: NodeJS.Timeout
  /** The library was about to write: from here on nothing can prove that nothing was sent. */
  #announced = false
  #settled = false
  #over = false
  #controller: Dispatcher.DispatchController | null = null
  #status = 0
  #headers: Record<string, string> = {}
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(request: SendOptions, spent_ms: number, resolve: (result: SendResult) => void) {
    this.#request = request
    this.#resolve = resolve
    this.#total = setTimeout(() => this.#timeOut('total_timeout'), Math.max(0, request.total_timeout_ms - spent_ms))
    this.#phase = setTimeout(() => this.fail('connect_timeout'), Math.max(0, request.connect_timeout_ms - spent_ms))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Already reported as not sent, or announced for a second time after a lost connection: it must not be written.
    if (this.#over || this.#announced) {
      controller.abort(new Error('not to be written'))
      return
    }
    this.#announced = true
    this.#controller = controller
    clearTimeout(this.#phase)
    this.#phase = setTimeout(() => this.#timeOut('read_timeout'), this.#request.read_timeout_ms)
  }

  onResponseStart(_controller: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    if (status < 200 || this.#over) return
    this.#heard()
    this.#status = status
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined) this.#headers[name] = Array.isArray(value) ? value.join(', ') : value
    }
    if (this.#request.ignore_body) this.#settle({ type: 'response', status, headers: this.#headers, body: '' })
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    if (this.#over) return
    this.#heard()
    this.#bytes += chunk.length
    if (this.#request.head_of_body) this.#chunks.push(chunk)
    if (this.#bytes > this.#request.response_bytes_max) {
      this.fail('response_too_large')
      return
    }
    if (!this.#request.ignore_body && !this.#request.head_of_body) this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (this.#over) return
    const body = Buffer.concat(this.#chunks).toString(this.#request.bytes ? 'latin1' : 'utf8')
    this.#settle({ type: 'response', status: this.#status, headers: this.#headers, body })
    this.#finish()
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.fail(describe(error))
  }

  /** A piece of the answer: the silence begins anew. The limit of a late answer does not. */
  #heard(): void {
    if (this.#phase !== this.#total) this.#phase.refresh()
  }

  /** Ends the exchange without a response; harmless once it is over. */
  fail(detail: string): void {
    if (this.#over) return
    if (this.#request.head_of_body && this.#status > 0) this.#settle(this.#headOfResponse())
    this.#settle({ type: this.#announced ? 'unknown' : 'not_sent', detail })
    this.#finish()
    this.#controller?.abort(new Error(detail))
  }

  /** The answer is too late to count. Who wants to know of it nevertheless is told when it comes. */
  #timeOut(detail: string): void {
    const { listen_ms } = this.#request
    if (!this.#announced || listen_ms === undefined || this.#settled) {
      this.fail(detail)
      return
    }
    const told = this.#resolve
    const late = new Promise<SendResult>((resolve) => {
      this.#resolve = resolve
    })
    clearTimeout(this.#total)
    clearTimeout(this.#phase)
    this.#total = this.#phase = setTimeout(() => this.fail('listen_timeout'), listen_ms)
    // Nobody waits for it: it must not keep a process alive.
    this.#total.unref()
    told({ type: 'unknown', detail, late })
  }

  #headOfResponse(): SendResult {
    const body = Buffer.concat(this.#chunks).subarray(0, this.#request.response_bytes_max).toString('utf8')
    return { type: 'response', status: this.#status, headers: this.#headers, body }
  }

  #settle(result: SendResult): void {
    if (this.#settled) return
    this.#settled = true
    this.#resolve(result)
  }

  #finish(): void {
    this.#over = true
    clearTimeout(this.#total)
    clearTimeout(this.#phase)
  }
}

/** The checked addresses of the hosts that are being connected to: what the socket asks instead of the name servers. */
class CheckedAddresses {
  readonly #hosts = new Map<string, { addresses: readonly string[]; users: number }>()

  /** Keeps the addresses until the returned function is called. A newer check replaces an older one. */
  hold(host: string, addresses: readonly string[]): () => void {
    const entry = this.#hosts.get(host) ?? { addresses, users: 0 }
    entry.addresses = addresses
    entry.users += 1
    this.#hosts.set(host, entry)
    return () => {
      entry.users -= 1
      if (entry.users === 0) this.#hosts.delete(host)
    }
  }

  readonly lookup: LookupFunction = (host, options, callback) => {
    const all = (this.#hosts.get(host)?.addresses ?? []).map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }))
    const first = all[0]
    if (!first) callback(Object.assign(new Error('no checked address'), { code: 'ENOTFOUND' }), [])
    else if (options.all) callback(null, all)
    else callback(null, first.address, first.family)
  }
}

function within<T>(promise: Promise<T>, limit_ms: number): Promise<T | 'late'> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve('late'), limit_ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'error'
  const code = (error as { code?: unknown }).code
  const text = typeof code === 'string' ? `${code}: ${error.message}` : error.message
  return text.slice(0, 200)
}
