/** What tests of the Card API see of it: both forms of an answer as one, the providers' books, and a server for notifications. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ShopAnswer, ShopClient } from '../apps/server/src/card-api/sample-shop.ts'
import type { Sql } from '../apps/server/src/database/connect.ts'
import type { LedgerEntry } from '../apps/simulators/src/operations/operation.ts'
import type { Simulators } from '../apps/simulators/src/simulators.ts'
import type { Answer } from './world.ts'

export const versions = ['2', '3'] as const
export type Version = (typeof versions)[number]

/** The shop, speaking one version. */
export function speaking(shop: ShopClient, version: Version): ShopClient {
  const inVersion = { 'x-api-version': version }
  return {
    call: (method, path, body, headers) => shop.call(method, path, body, { ...inVersion, ...headers }),
    pay: (number, more, headers) => shop.pay(number, more, { ...inVersion, ...headers }),
  }
}

/** A transaction of either version: its own fields, and `section`, which is named after its type in one and not in the other. */
export function seen({ body }: Pick<ShopAnswer, 'body'>): Answer {
  const is2 = body?.transaction?.uid !== undefined
  const own = is2 ? body.transaction : body
  return { ...own, section: is2 ? own[own.type] : own.transaction, card: is2 ? own.credit_card : own.payment_method }
}

/** A refusal of either version. */
export function refused({ status, body }: ShopAnswer): {
  status: number
  code: string | null
  message: string
  errors: Answer
} {
  const { message, errors = {} } = body.response ?? body
  return { status, code: body.code ?? null, message, errors }
}

export type Books = { readonly sql: Sql; readonly simulators: Simulators }

/** What the providers have taken or hold for a payment or authorization, oldest first. */
export async function chargesOf({ sql, simulators }: Books, uid: string): Promise<LedgerEntry[]> {
  const [row] = await sql<{ payment_id: string }[]>`select payment_id from card_transactions where uid = ${uid}`
  const reference = row?.payment_id.slice('cpi_'.length) ?? 'none'
  return simulators.control.ledger().filter((entry) => entry.reference.startsWith(reference))
}

/** Charges that came in at the three test gateways since the simulators began: 408, 409, 410. */
export function callsOf({ control }: Simulators): number[] {
  const names = ['first', 'second', 'third']
  return names.map((name) => control.terminals().find((one) => one.name === name)?.received ?? 0)
}

export type Hook = { readonly headers: IncomingHttpHeaders; readonly body: string; readonly path: string }

export type Hooks = {
  readonly url: string
  readonly got: readonly Hook[]
  /** Those about one transaction, oldest first. */
  readonly about: (uid: string) => Hook[]
  /** What becomes of a notification once it is written down; 200 unless a test says otherwise. */
  answer: (response: ServerResponse, hook: Hook) => void
  readonly close: () => Promise<void>
}

/** A merchant's server for notifications. */
export async function openHooks(): Promise<Hooks> {
  const got: Hook[] = []
  const hooks = { answer: (response: ServerResponse): unknown => response.writeHead(200).end() }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const hook = { headers: request.headers, body: Buffer.concat(chunks).toString(), path: request.url ?? '' }
    got.push(hook)
    opened.answer(response, hook)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const opened: Hooks = Object.assign(hooks, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    got,
    about: (uid: string) => got.filter(({ body }) => seen({ body: JSON.parse(body) }).uid === uid),
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  })
  return opened
}
