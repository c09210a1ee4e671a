import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import { type TestDatabase, testDatabase } from '../../../tests/database.ts'
import { memoryStore, postgresStore, postgresStoreTable, type Queryable } from './answer-store.ts'
import { jsonAnswer } from './http.ts'
import { publishedExamples } from './published-examples.ts'
import { testProvider } from './test-provider.ts'

type Pool = Queryable & { on(event: 'error', listener: () => void): void; end(): Promise<void> }
type Pg = { Pool: new (options: { connectionString: string; max: number }) => Pool }
const { Pool } = createRequire(import.meta.url)('pg') as Pg

let database: TestDatabase
let pool: Pool
before(async () => {
  database = await testDatabase()
  pool = new Pool({ connectionString: database.url, max: 8 })
  // The database is dropped while the pool still closes its connections.
  pool.on('error', () => {})
  await pool.query(postgresStoreTable, [])
})
after(async () => {
  await pool.end()
  await database.close()
})

const answer = jsonAnswer(201, { id: 'a', text: 'ё "\\"' })
let serial = 0
function fresh(): string {
  serial += 1
  return `key-${serial}`
}

for (const [name, open] of [
  ['memory', () => memoryStore()],
  ['PostgreSQL', () => postgresStore(pool)],
] as const) {
  describe(`answers kept in ${name}`, () => {
    test('a key is taken once, then runs, then has its answer, then is free again', async () => {
      const store = open()
      const key = fresh()
      assert.equal(await store.begin(key, 'h'), 'new')
      assert.equal(await store.begin(key, 'other'), 'running')
      await store.finish(key, answer, 60_000)
      assert.deepEqual(await store.begin(key, 'other'), { bodyHash: 'h', answer })
      await store.forget(key)
      assert.equal(await store.begin(key, 'i'), 'new')
    })

    test('an answer over its time is gone', async () => {
      const store = open()
      const key = fresh()
      await store.begin(key, 'h')
      await store.finish(key, answer, 0)
      assert.equal(await store.begin(key, 'i'), 'new')
      assert.equal(await store.begin(key, 'i'), 'running')
    })

    test('of twenty at once one gets the key', async () => {
      const store = open()
      const key = fresh()
      const found = await Promise.all(Array.from({ length: 20 }, () => store.begin(key, 'h')))
      assert.deepEqual(found.filter((one) => one === 'new').length, 1)
      assert.deepEqual(found.filter((one) => one === 'running').length, 19)
    })
  })
}

test('a key whose process died is free after two minutes', async () => {
  const store = postgresStore(pool)
  const key = fresh()
  await store.begin(key, 'h')
  await pool.query("update cascade_answers set expires_at = expires_at - interval '2 minutes' where key = $1", [key])
  assert.equal(await store.begin(key, 'h'), 'new')
})

test('two processes of one provider create one payment between them', async () => {
  let created = 0
  const createPayment = async () => {
    created += 1
    await new Promise(setImmediate)
    return { id: `p-${created}`, status: 'pending', bank: 'B', owner: 'O', cardNumber: '4000000000000002' } as const
  }
  const processes = [1, 2].map(() => testProvider({ createPayment }, { store: postgresStore(pool) }))
  const headers = { 'idempotency-key': fresh() }
  const answers = await Promise.all(
    [...processes, ...processes].map(({ send }) => send(publishedExamples.CREATE_PAYMENT.request, headers)),
  )
  assert.equal(created, 1)
  assert.deepEqual([...new Set(answers.map(({ body }) => JSON.parse(body).id))], ['p-1'])
})
