/** What tests of faults stand on: a product with one API and one worker, payments to hurt, and doors in the database. */
import assert from 'node:assert/strict'
import { connect, type Sql } from '../../apps/server/src/database/connect.ts'
import { ordinaryScript } from '../../apps/simulators/src/terminals/script.ts'
import { testDatabase } from '../database.ts'
import { openProduct, type Process, type Product } from '../product/product.ts'
import { brokenRules, faultsIn } from '../product/rules.ts'
import { endLeases, letPass, until, untilIdle } from '../product/time.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are looked into freely by tests
export type Answer = any
export type Reply = { readonly status: number; readonly body: Answer }

export type Invoice = { readonly id: string; readonly token: string; readonly hpp: string }

/** A row that is held: whoever wants to change it waits at the door. */
export type Door = {
  /** Resolves when a statement of this role waits. */
  readonly someoneWaits: (role: 'api' | 'worker') => Promise<void>
  readonly open: () => Promise<void>
}

export type Stage = {
  readonly product: Product
  readonly sql: Sql
  readonly api: Process
  readonly worker: Process
  readonly create: (wish?: Record<string, unknown>, merchant?: number) => Promise<Invoice>
  readonly sale: (invoice: Invoice, card?: Record<string, string>, url?: string) => Promise<Reply>
  readonly call: (method: 'GET' | 'POST', path: string, body?: unknown, options?: CallOptions) => Promise<Reply>
  readonly hold: (query: (sql: Sql) => Promise<unknown>) => Promise<Door>
  readonly holdPayment: (id: string) => Promise<Door>
  /** Kills the process. `undone`: what it had sent to the database is broken off; else the database finishes it. */
  readonly kill: (victim: Process, statements: 'undone' | 'finished', door?: Door) => Promise<void>
  readonly restart: (victim: Process) => Promise<void>
  readonly statusOf: (id: string) => Promise<string>
  /** Waits until the payment has this status. */
  readonly reaches: (id: string, status: string) => Promise<void>
  readonly attemptsOf: (
    id: string,
  ) => Promise<{ number: number; status: string; gateway_id: number; decision: string | null }[]>
  readonly chargesOf: (id: string) => { status: string; net: string; terminal: string }[]
  readonly eventsOf: (id: string) => Promise<string[]>
  /** Charges that reached the terminal since the last `calm`. */
  readonly received: (terminal: string) => number
  /** All gateways behave again. */
  readonly calm: () => void
  /** Seconds pass, and the worker does what came due. */
  readonly pass: (seconds: number) => Promise<void>
  /** The rules hold, and nobody met a fault but those named. */
  readonly assertSound: (expected?: RegExp) => Promise<void>
  readonly close: () => Promise<void>
}

export type CallOptions = { readonly merchant?: number; readonly url?: string }

export const goodCard = {
  card_number: '5519283812030000',
  card_holder: 'JOHN WICK',
  cvv: '123',
  exp_month: '12',
  exp_year: '2031',
}
export const threeDsCard = { ...goodCard, card_number: '5123817234060000' }

export async function openStage(): Promise<Stage> {
  const database = await testDatabase()
  const product = await openProduct(database.url)
  const { sql } = product.ctx
  const api = await product.startProcess('api')
  const worker = await product.startProcess('worker')
  const doors = new Set<() => Promise<void>>()
  const before = new Map<string, number>()

  const call: Stage['call'] = async (method, path, body, { merchant = 0, url = api.url } = {}) => {
    const { id, api_key } = product.merchants[merchant] as Product['merchants'][number]
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Basic ${btoa(`${id}:${api_key}`)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }
  const statusOf: Stage['statusOf'] = async (id) => {
    const [row] = await sql<{ status: string }[]>`select status from payments where id = ${id}`
    return row?.status ?? 'gone'
  }
  const hold: Stage['hold'] = async (query) => {
    const door = await holdOpen(database.url, query)
    doors.add(door.open)
    return door
  }
  return {
    product,
    sql,
    api,
    worker,
    call,
    hold,
    holdPayment: (id) => hold((tx) => tx`select 1 from payments where id = ${id} for update`),
    async create(wish = {}, merchant = 0) {
      const { status, body } = await call(
        'POST',
        '/api/payment-invoices',
        { amount: '70.00', currency: 'USD', service: 'payment_card_usd_hpp', test_mode: true, ...wish },
        { merchant },
      )
      assert.equal(status, 201, JSON.stringify(body))
      const { flow_data } = body.data.attributes
      return { id: body.data.id, token: flow_data.metadata.token, hpp: flow_data.action }
    },
    async sale({ token }, card = goodCard, url = api.url) {
      const response = await fetch(`${url}/payment/sale`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(card),
      })
      return { status: response.status, body: await response.json() }
    },
    async kill(victim, statements, door) {
      await victim.kill()
      const name = `cascad-${victim.role}`
      if (statements === 'undone') {
        await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = ${name}`
      }
      await door?.open()
      await until('the statements of the dead process have ended', async () => {
        const [row] = await sql<{ busy: number }[]>`
          select count(*)::int as busy from pg_stat_activity where datname = current_database() and application_name = ${name} and state <> 'idle'`
        return row?.busy === 0
      })
    },
    async restart(victim) {
      if (victim.role === 'worker') await endLeases(sql)
      await victim.restart()
    },
    statusOf,
    reaches: (id, status) => until(`${id} is ${status}`, async () => (await statusOf(id)) === status, 20_000),
    async attemptsOf(id) {
      const rows = await sql<{ number: number; status: string; gateway_id: number; decision: string | null }[]>`
        select number, status, gateway_id, decision from attempts where payment_id = ${id} order by number`
      return [...rows]
    },
    chargesOf: (id) =>
      product.simulators.control
        .ledger()
        .filter(({ reference }) => reference.startsWith(id.slice('cpi_'.length)))
        .map(({ status, net_amount, terminal }) => ({ status, net: net_amount, terminal })),
    async eventsOf(id) {
      const rows = await sql<{ subject_status: string }[]>`
        select subject_status from callback_events where subject_id = ${id} order by id`
      return rows.map(({ subject_status }) => subject_status)
    },
    received: (terminal) => receivedBy(product, terminal) - (before.get(terminal) ?? 0),
    calm() {
      const { control } = product.simulators
      for (const { name } of control.terminals()) {
        control.setScript(name, ordinaryScript)
        before.set(name, receivedBy(product, name))
      }
    },
    async pass(seconds) {
      product.simulators.desks.advance({ advance_s: seconds })
      await letPass(sql, seconds)
      await untilIdle(sql)
    },
    async assertSound(expected) {
      assert.deepEqual(await brokenAtRest(product), [])
      const faults = [api, worker].flatMap((one) => faultsIn(one.output()))
      assert.deepEqual(expected ? faults.filter((line) => !expected.test(line)) : faults, [])
    },
    async close() {
      for (const open of doors) await open()
      await product.close()
      await database.close()
    },
  }
}

function receivedBy(product: Product, terminal: string): number {
  return product.simulators.control.terminals().find(({ name }) => name === terminal)?.received ?? 0
}

async function holdOpen(url: string, query: (sql: Sql) => Promise<unknown>): Promise<Door> {
  const sql = connect(url, { connections_max: 1, application_name: 'cascad-test-door' })
  const watch = connect(url, { connections_max: 1, application_name: 'cascad-test-watch' })
  await sql`begin`
  await query(sql)
  let closed = false
  return {
    async someoneWaits(role) {
      await until(`a statement of the ${role} waits`, async () => {
        const [row] = await watch<{ waiting: number }[]>`
          select count(*)::int as waiting from pg_stat_activity
          where datname = current_database() and application_name = ${`cascad-${role}`} and wait_event_type = 'Lock'`
        return (row?.waiting ?? 0) > 0
      })
    },
    async open() {
      if (closed) return
      closed = true
      await sql`rollback`
      await sql.end({ timeout: 1 })
      await watch.end({ timeout: 1 })
    },
  }
}

/** The rules are of a world at rest, and a provider may still tell something while they are looked at: what stays broken counts. */
async function brokenAtRest(product: Product): Promise<string[]> {
  let broken: string[] = []
  for (let looks = 0; looks < 5; looks += 1) {
    await untilIdle(product.ctx.sql)
    broken = await brokenRules(product)
    if (broken.length === 0) return broken
  }
  return broken
}
