/** Events, accounts and receivers for the tests of callbacks. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AccountOptions } from '../accounts/account.ts'
import { createAccount } from '../accounts/create-account.ts'
import type { Context } from '../context.ts'
import { newId } from '../ids.ts'
import type { CallbackStatus, NewCallbackEvent } from './callback-event.ts'
import { insertCallbackEvents } from './insert-callback-events.ts'

export type Got = { readonly headers: IncomingHttpHeaders; readonly body: Buffer; readonly method: string }

export type Receiver = {
  readonly url: string
  readonly got: readonly Got[]
  /** Resolves when so many requests have come. */
  readonly came: (count: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** A merchant's endpoint. `answer` gets every request once its body has come; without an answer it hangs. */
export async function startReceiver(answer: (response: ServerResponse, got: Got) => void): Promise<Receiver> {
  const got: Got[] = []
  const waiting = new Set<() => void>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const one = { headers: request.headers, body: Buffer.concat(chunks), method: request.method ?? '' }
    got.push(one)
    answer(response, one)
    for (const look of waiting) look()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`,
    got,
    came: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (got.length < count) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}

export const answering = (status: number) => (response: ServerResponse) => void response.writeHead(status).end()

/** The URL of a port that nobody listens on. */
export async function deadUrl(): Promise<string> {
  const receiver = await startReceiver(() => {})
  await receiver.close()
  return receiver.url
}

/** An active account; the private keys are those it signs with. */
export async function sampleAccount(ctx: Context, options: Partial<AccountOptions> = {}) {
  const { account, keys } = await createAccount(ctx, { name: 'Harbour Books', base_currency: 'EUR', options })
  return { id: account.id, live_key: keys.live.private_key, test_key: keys.test.private_key }
}

/** Writes events as a business statement does; the ids come back in order. */
export async function writeEvents(
  ctx: Pick<Context, 'sql' | 'now'>,
  account_id: string,
  events: readonly (Partial<NewCallbackEvent> & { readonly url: string })[],
): Promise<string[]> {
  const now = ctx.now()
  const full = events.map((event) => ({
    id: newId('callback_event', event.created_at ?? now),
    subject_id: 'cpi_0000000000000001',
    test_mode: true,
    body: '{"data":{}}',
    subject_status: 'processed',
    created_at: now,
    ...event,
  }))
  const { sql } = ctx
  await sql`with moved as (select 1), ${insertCallbackEvents(sql, account_id, full, sql`moved`)} select 1`
  return full.map(({ id }) => id)
}

export type EventRow = {
  readonly id: string
  readonly status: CallbackStatus
  readonly attempts: number
  readonly manual_attempts: number
  readonly response_code: number | null
  readonly processed_at: Date | null
  readonly due_at: Date | null
  readonly body: string | null
}

export async function readEvent(ctx: Pick<Context, 'sql'>, id: string): Promise<EventRow> {
  const [row] = await ctx.sql<EventRow[]>`
    select id, status, attempts, manual_attempts, response_code, processed_at, due_at, body
    from callback_events where id = ${id}`
  return row!
}

/** Reads until no event is queued any more. */
export async function allEnded(ctx: Pick<Context, 'sql'>): Promise<void> {
  for (let looks = 0; looks < 400; looks += 1) {
    const [row] = await ctx.sql<{ due: number }[]>`
      select count(*)::int as due from callback_events where due_at is not null`
    if (row?.due === 0) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('events are still due after 20 seconds')
}
