/** How often a card payment asks the database: each statement costs it more than its own rules do. */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { shopClient } from '../../apps/server/src/card-api/sample-shop.ts'
import { connect, type Sql } from '../../apps/server/src/database/connect.ts'
import { faces } from '../../apps/server/src/faces.ts'
import { createServer } from '../../apps/server/src/http/server.ts'
import { routeModules } from '../../apps/server/src/route-modules.ts'
import { type Answer, startWorld, type World } from '../world.ts'

const sent: string[] = []
let world: World
let sql: Sql
let app: FastifyInstance
let url: string
before(async () => {
  world = await startWorld({ work: false })
  const { host, port, database, user, pass } = world.ctx.sql.options
  const watch = (text: string): void => void sent.push(text.replace(/\s+/g, ' ').trim())
  sql = connect(`postgres://${user}:${pass}@${host[0]}:${port[0]}/${database}`, {
    connections_max: 4,
    application_name: 'watched',
    watch,
  })
  const ctx = { ...world.ctx, faces, sql }
  app = await createServer(ctx, routeModules(ctx.config))
  await app.listen({ host: '127.0.0.1', port: 0 })
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
})
after(async () => {
  await app?.close()
  await sql?.end()
  await world?.close()
})

/** Payments that are made until one has no more statements than wanted: on a busy machine what was seen grows too old. */
const tries_max = 20

/** Statements about payments among those sent meanwhile, each by its first words; settings are remembered, and not counted. */
async function statementsOf(run: () => Promise<void>, wanted: number): Promise<string[]> {
  let found: string[] = []
  for (let tries = 0; tries < tries_max && (tries === 0 || found.length > wanted); tries += 1) {
    sent.length = 0
    await run()
    found = sent
      .filter((text) => /\b(payments|attempts|callback_events|card_transactions|network_counts)\b/.test(text))
      .map((text) => /^(with moved as \( )?(insert into|update|select)/.exec(text)?.[2] ?? text)
  }
  return found
}

const post = async (path: string, authorization: string, body: object): Promise<Answer> => {
  const response = await fetch(url + path, { method: 'POST', headers: { authorization }, body: JSON.stringify(body) })
  return (await response.json()) as Answer
}

const wish = { service: 'payment_card_usd_hpp', currency: 'USD', amount: 100, test_mode: true }
const callback = { callback_url: 'https://shop.example/callbacks' }
const card = { cvv: '123', exp_month: '12', exp_year: '31' }

async function pay(card_number: string): Promise<void> {
  const { id, api_key } = world.account
  const created = await post('/api/payment-invoices', `Basic ${btoa(`${id}:${api_key}`)}`, { ...wish, ...callback })
  const { token } = created.data.attributes.flow_data.metadata
  const sold = await post('/payment/sale', `Bearer ${token}`, { ...card, card_number })
  assert.equal(sold.data.attributes.status, 'processed')
}

test('an invoice paid host-to-host: created, found, and one statement around each call of the gateway', async () => {
  await pay('5519283812030000')
  const statements = await statementsOf(() => pay('5519283812030000'), 4)
  assert.deepEqual(statements, ['insert into', 'select', 'update', 'update'])
})

test('its callback lists the events before it, though nothing was read for it', async () => {
  await pay('5519283812030000')
  const [last] = await sql<{ body: string }[]>`
    select body from callback_events where subject_status = 'processed' order by id desc limit 1`
  const { callback_logs, serial_number } = JSON.parse(last?.body ?? '{}').data.attributes
  const [first] = await sql<{ created_at: Date }[]>`
    select created_at from callback_events where subject_id = ${`cpi_${serial_number}`} order by id limit 1`
  const second = String(Math.floor((first?.created_at.getTime() ?? 0) / 1000))
  assert.deepEqual(callback_logs, {
    [second]: { status: 'queued', processed: null, response_code: null, transaction_status: 'process_pending' },
  })
})

test('a payment of the Card API: one statement less, because its card comes with it', async () => {
  const shop = shopClient({ ctx: world.ctx, url })
  const transact = async (): Promise<void> => {
    const { body } = await shop.pay('4200000000000000', { notification_url: 'https://shop.example/notifications' })
    assert.equal(body.transaction.status, 'successful')
  }
  await transact()
  assert.deepEqual(await statementsOf(transact, 3), ['insert into', 'update', 'update'])
})
