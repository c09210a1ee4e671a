/**
 * B19: the key of a provider's endpoint is nowhere but encrypted, whatever the endpoint sends back. The server is a process of its
 * own that logs everything; what it wrote and every row of every table is searched.
 */
import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { demoProviders } from '../../apps/server/demo/providers.ts'
import { addPerson } from '../../apps/server/src/provider-api/add-person.ts'
import { type Browser, signIn } from '../../apps/server/src/provider-api/sample-people.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { openProduct, type Process, type Product } from '../product/product.ts'

const keys = { first: 'key"with\\quotes-EchoedByTheDesk-1', second: 'PlainKeyEchoedByTheDesk-0002' }
const gateway_id = demoProviders[0]?.test_gateway_id ?? 0
const path = `/connections/${gateway_id}`

let database: TestDatabase
let product: Product
let api: Process
let desk: Server
let owner: Browser
let said = ''
let calls = 0

/** A desk that says the key back wherever it can; `answer` decides how. */
let answer: (key: string, id: string) => { readonly status: number; readonly body: string }
const issued = (id: string, key: string) =>
  JSON.stringify({
    id,
    status: 'pending',
    bank: `Bank ${key}`,
    owner: `Ivan ${key}`,
    cardNumber: '4111111111111111',
    key,
  })

before(async () => {
  database = await testDatabase()
  product = await openProduct(database.url)
  desk = createServer((request, response) => {
    request.resume()
    calls += 1
    const key = String(request.headers['x-api-key'])
    const { status, body } = answer(key, `echo-${calls}`)
    response.writeHead(status, { location: `/?key=${encodeURIComponent(key)}`, server: key })
    response.end(body)
  })
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve))
  api = await product.startProcess('api', { CASCAD_LOG: 'trace' })
  const person = { name: 'Owner', email: 'owner@echo.example', role: 'owner' } as const
  const added = await addPerson(product.ctx, demoProviders[0]?.id ?? '', person, 'test')
  owner = await signIn(api.url, { email: person.email, password: added?.initial_password ?? '' })
})
after(async () => {
  await product.close()
  await new Promise((resolve) => desk.close(resolve))
  await database.close()
})

const endpoint = () => `http://127.0.0.1:${(desk.address() as AddressInfo).port}/cascade`

async function ask(method: string, where: string, body?: object) {
  const { status, text, body: document } = await owner.call(method, where, body)
  said += text
  return { status, document }
}

async function createPayment(amount: string): Promise<void> {
  const [merchant] = product.merchants
  const authorization = `Basic ${Buffer.from(`${merchant?.id}:${merchant?.api_key}`).toString('base64')}`
  const attributes = { amount, currency: 'RUB', service: 'card_transfer_rub_invoice', test_mode: true, flow: 'charge' }
  const response = await fetch(`${api.url}/api/payment-invoices`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ data: { type: 'payment-invoice', attributes } }),
  })
  said += await response.text()
  assert.equal(response.status, 201, said)
}

/** However often it was written into JSON: what JSON puts before quotes is left out on both sides. */
const plain = (text: string): string => text.replace(/["\\]/g, '')

function places(text: string): string[] {
  const spelled = Object.values(keys).flatMap((key) => [
    plain(key),
    encodeURIComponent(key),
    Buffer.from(key).toString('hex'),
    Buffer.from(key).toString('base64'),
  ])
  const searched = plain(text)
  return spelled.flatMap((one) => {
    const at = searched.indexOf(one)
    return at < 0 ? [] : [searched.slice(Math.max(0, at - 200), at + 100)]
  })
}

async function rowsWithKeys(): Promise<string[]> {
  const { sql } = product.ctx
  const tables = await sql<{ name: string }[]>`select tablename as name from pg_tables where schemaname = 'public'`
  const found: string[] = []
  for (const { name } of tables) {
    for (const { row } of await sql<{ row: string }[]>`select to_json(t)::text as row from ${sql(name)} t`)
      found.push(...places(row).map((place) => `${name}: ${place}`))
  }
  return found
}

test('no answer, log line or row has the key, though the desk says it back everywhere', async () => {
  for (const api_key of Object.values(keys)) {
    answer = (key, id) => ({ status: 201, body: issued(id, key) })
    assert.equal((await ask('POST', `${path}/credentials`, { endpoint_url: endpoint(), api_key })).status, 200)
    await ask('GET', '/connections?mode=test')
    const events = [
      ['CREATE_PAYMENT', { amount: '3900', method: 'card', currencyRate: '85.5', currency: 'RUB' }],
      ['GET_PAYMENT', { id: 'echo-1' }],
      ['CANCEL_PAYMENT', { id: 'echo-1' }],
      ['CREATE_APPEAL', { id: 'echo-1', amount: '1', url: 'https://a.example/r.pdf' }],
      ['CANCEL_APPEAL', { id: 'echo-1' }],
      ['CONFIRM_APPEAL', { id: 'echo-1' }],
    ] as const
    const answers: readonly (readonly [number, (key: string) => string])[] = [
      [201, (key) => issued('echo-x', key)],
      [200, (key) => JSON.stringify({ status: key, appealId: key, [key]: key })],
      [302, (key) => key],
      [401, (key) => `wrong key: ${key}`],
      [422, (key) => JSON.stringify({ code: key, message: `no ${key}`, nested: { deep: [key] } })],
      [500, (key) => `<h1>${key}</h1>`],
    ]
    for (const [status, body] of answers) {
      answer = (key) => ({ status, body: body(key) })
      for (const [event, data] of events)
        assert.equal((await ask('POST', `${path}/console`, { event, data, endpoint: 'pending' })).status, 200)
      if (status !== 201) await ask('POST', `${path}/test`, {})
    }
    await ask('POST', `${path}/conformance`, { endpoint: 'pending', amount: '3900' })

    answer = (key, id) => ({ status: 201, body: issued(id, key) })
    const activated = await ask('POST', `${path}/test`, {})
    assert.equal(activated.document.activated, true, JSON.stringify(activated.document))
    await createPayment('3900')
    for (const [status, body] of answers.slice(1)) {
      answer = (key) => ({ status, body: body(key) })
      await createPayment('3900')
      await product.ctx.sql`update provider_connections set misconfigured_at = null, misconfigured_reason = null`
      await product.ctx.sql`delete from connection_pauses`
      await product.ctx.sql`delete from gateway_breakers`
    }
    await ask('PUT', path, { finalise_grace_s: 999 })
    await ask('POST', `${path}/credentials`, { endpoint_url: 'ftp://x', api_key: `${api_key} with a blank` })
  }
  // The log of calls is written in batches.
  let kept = 0
  for (let tries = 0; tries < 1000 && kept < 60; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    kept = (await product.ctx.sql`select 1 from provider_calls`).length
  }
  assert.ok(kept >= 60, `${kept} calls are in the log`)
  assert.ok(api.output().includes('connection.credentials') || api.output().length > 1000, 'the server has logged')
  assert.deepEqual(await rowsWithKeys(), [])
  assert.deepEqual(places(api.output()), [])
  assert.deepEqual(places(said), [])
})
