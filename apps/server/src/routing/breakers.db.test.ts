import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { readConfig } from '../config.ts'
import { type Context, createContext } from '../context.ts'
import { type Breakers, breakerSettings, claimProbe, freshBreakers, recentBreakers } from './breakers.ts'
import { countResult, flushResults } from './count-result.ts'
import { listGateways } from './list-gateways.ts'
import { readGateways } from './load-routing.ts'
import { operateGateway } from './operate-gateway.ts'
import { breakerKey, judgeBreaker, usualBreaker } from './rules/breaker.ts'
import type { GatewayResult } from './rules/gateway-result.ts'

let database: TestDatabase
/** Two processes on one database, on one clock that stands still until a test moves it. */
let a: Context
let b: Context
let time = new Date('2026-03-02T10:00:00Z')
const method = 'payment_card'
let newest = 600

before(async () => {
  database = await testDatabase()
  const config = { ...readConfig({ PORT: '0', CASCAD_LOG: 'silent' }), database_connections: 3 }
  const parts = { config, database_url: database.url, secret_key: Buffer.alloc(32, 7), now: () => time }
  a = await createContext(parts)
  b = await createContext(parts)
})
after(async () => {
  await a.close()
  await b.close()
  await database.close()
})

const pass = (seconds: number): void => {
  time = new Date(time.getTime() + seconds * 1000)
}

/** A live gateway of its own for a test. */
async function addGateway(breaker: object | null = null): Promise<number> {
  newest += 1
  const credentials = { base_url: 'http://127.0.0.1:9', terminal: 't', api_key: 'k', webhook_secret: 's' }
  await database.sql`
    insert into gateways (gateway_id, name, connector, test_mode, credentials_encrypted, merchant_account_id, breaker)
    values (${newest}, 'One', 'acquirer', false, ${a.secrets.encrypt(JSON.stringify(credentials), `gateway:${newest}`)},
      'ma_1', ${breaker === null ? null : JSON.stringify(breaker)}::json)`
  return newest
}

async function told(
  ctx: Context,
  gateway_id: number,
  result: GatewayResult,
  times: number,
  payment = 'p',
): Promise<void> {
  for (let i = 0; i < times; i += 1)
    await countResult(ctx, { gateway_id, method, payment_id: `${payment}${i}`, result })
}

const verdictOf = (breakers: Breakers, gateway_id: number, payment_id = 'any'): string =>
  judgeBreaker(breakers.get(breakerKey(gateway_id, method)) ?? null, payment_id, time).result

async function opened(): Promise<number> {
  const gateway_id = await addGateway()
  await told(a, gateway_id, 'failure', 5)
  await flushResults(a)
  assert.equal(verdictOf(await freshBreakers(a), gateway_id), 'stop')
  return gateway_id
}

test('failures seen by two processes open one breaker, and both keep payments away without being told', async () => {
  const gateway_id = await addGateway()
  assert.equal(verdictOf(await recentBreakers(b), gateway_id), 'pass')
  await told(a, gateway_id, 'failure', 4)
  await flushResults(a)
  assert.equal(verdictOf(await freshBreakers(a), gateway_id), 'pass')
  await told(b, gateway_id, 'failure', 1)
  await flushResults(b)
  // What a process remembers is a second old at most; the loop ends the test, it measures nothing.
  for (let i = 0; i < 100 && verdictOf(await recentBreakers(a), gateway_id) !== 'stop'; i += 1) await sleep(50)
  for (const ctx of [a, b]) assert.equal(verdictOf(await recentBreakers(ctx), gateway_id), 'stop')
})

test('healthy results of another process count beside the failures', async () => {
  const gateway_id = await addGateway()
  await told(b, gateway_id, 'healthy', 6)
  await flushResults(b)
  await told(a, gateway_id, 'failure', 5)
  await flushResults(a)
  assert.equal(verdictOf(await freshBreakers(a), gateway_id), 'pass')
  await told(a, gateway_id, 'failure', 1)
  await flushResults(a)
  assert.equal(verdictOf(await freshBreakers(a), gateway_id), 'stop')
})

test('a failure opens the breaker of its own accord, without waiting for the second to end', async () => {
  const gateway_id = await addGateway()
  await told(a, gateway_id, 'failure', 5)
  for (let i = 0; i < 100 && verdictOf(await freshBreakers(b), gateway_id) !== 'stop'; i += 1) await sleep(20)
  assert.equal(verdictOf(await freshBreakers(b), gateway_id), 'stop')
})

test('the window slides: what is 300 s old no longer counts', async () => {
  const gateway_id = await addGateway()
  await told(a, gateway_id, 'failure', 1)
  pass(1)
  await told(a, gateway_id, 'failure', 3)
  pass(299)
  await told(a, gateway_id, 'failure', 1, 'late')
  await flushResults(a)
  assert.equal(verdictOf(await freshBreakers(a), gateway_id), 'pass')
  await told(a, gateway_id, 'failure', 1, 'later')
  await flushResults(a)
  assert.equal(verdictOf(await freshBreakers(a), gateway_id), 'stop')
})

test('failed look-ups of one payment count once a minute', async () => {
  const gateway_id = await addGateway({ failures_min: 2 })
  await breakerSettings(a, gateway_id)
  for (let i = 0; i < 3; i += 1) {
    await countResult(a, { gateway_id, method, payment_id: 'same', result: 'lookup_failure' })
    pass(10)
  }
  await flushResults(a)
  assert.equal(verdictOf(await freshBreakers(a), gateway_id), 'pass')
  pass(30)
  await countResult(a, { gateway_id, method, payment_id: 'same', result: 'lookup_failure' })
  await flushResults(a)
  const [row] = await database.sql<{ failures: bigint }[]>`
    select sum(failures) as failures from gateway_results where gateway_id = ${gateway_id}`
  assert.equal(row?.failures, 2n)
})

test('of twenty payments of two processes one probes; three healthy probes give the gateway back to all', async () => {
  const gateway_id = await opened()
  pass(600)
  for (let round = 0; round < 3; round += 1) {
    const claims = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const payment_id = `pay_${round}_${i}`
        return (await claimProbe(i % 2 ? a : b, { gateway_id, method }, payment_id)) ? payment_id : null
      }),
    )
    const [winner, ...more] = claims.filter((one) => one !== null)
    assert.ok(winner)
    assert.deepEqual(more, [])
    assert.equal(verdictOf(await freshBreakers(b), gateway_id, winner), 'probe')
    // The answer may be learnt by the other process; results of payments that do not probe change nothing.
    await countResult(b, { gateway_id, method, payment_id: 'straggler', result: 'failure' })
    await countResult(b, { gateway_id, method, payment_id: winner, result: 'healthy' })
    assert.equal(verdictOf(await freshBreakers(a), gateway_id), round < 2 ? 'stop' : 'pass')
    pass(10)
  }
  await flushResults(b)
  assert.equal(verdictOf(await freshBreakers(a), gateway_id), 'pass')
})

test('a failed probe keeps the gateway away twice as long', async () => {
  const gateway_id = await opened()
  pass(600)
  assert.equal(await claimProbe(a, { gateway_id, method }, 'probing'), true)
  await freshBreakers(a)
  await countResult(a, { gateway_id, method, payment_id: 'probing', result: 'failure' })
  pass(1199)
  assert.equal(verdictOf(await freshBreakers(b), gateway_id), 'stop')
  pass(1)
  assert.equal(verdictOf(await freshBreakers(b), gateway_id), 'probe')
})

test('a wrong set-up sets the gateway aside until an operator closes it', async () => {
  const gateway_id = await addGateway()
  await countResult(a, { gateway_id, method, payment_id: 'p', result: 'misconfigured' })
  const gateway = (await readGateways(b)).get(gateway_id)
  assert.equal(gateway?.status, 'misconfigured')
  assert.deepEqual(await operateGateway(b, gateway, 'close', 'ann'), { put_back: true })
  assert.equal((await readGateways(a)).get(gateway_id)?.status, 'active')
})

test('an operator holds, opens and closes, and each act is noted with his name', async () => {
  const gateway_id = await addGateway()
  const gateway = (await readGateways(a)).get(gateway_id)
  assert.ok(gateway)
  await operateGateway(a, gateway, 'hold', 'ann')
  pass(10_000)
  assert.equal(verdictOf(await freshBreakers(b), gateway_id), 'stop')
  const shown = (await listGateways(b)).find((one) => one.gateway.gateway_id === gateway_id)
  assert.deepEqual(shown?.methods, [{ method, breaker: 'held open by an operator', failures: 0, healthy: 0 }])
  await operateGateway(a, gateway, 'close', 'ben')
  assert.equal(verdictOf(await freshBreakers(b), gateway_id), 'pass')
  await operateGateway(a, gateway, 'open', 'ann')
  pass(usualBreaker.pause_s)
  assert.equal(verdictOf(await freshBreakers(b), gateway_id), 'probe')
  const notes = await database.sql<{ note: string }[]>`
    select changed_by || ': ' || from_state || ' to ' || to_state as note from gateway_breaker_changes
    where gateway_id = ${gateway_id} order by version`
  assert.deepEqual(
    notes.map(({ note }) => note),
    ['ann: closed to held', 'ben: held to closed', 'ann: closed to open'],
  )
})
