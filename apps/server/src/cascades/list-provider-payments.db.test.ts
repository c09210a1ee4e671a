import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { freezeAppeal } from './freeze-appeal.ts'
import { listProviderPayments } from './list-provider-payments.ts'
import type { Provider } from './provider.ts'
import type { HistoryFilter } from './provider-history.ts'
import { addProvider, hold, nextAttempt, sampleNow } from './sample-provider.ts'
import { addProviderPayment, type SampleProviderPayment } from './sample-provider-payment.ts'

let database: TestDatabase
before(async () => {
  database = await testDatabase()
})
after(() => database.close())

const add = (provider: Provider, patch: SampleProviderPayment) => addProviderPayment(database.sql, provider, patch)

async function idsOf(provider: Provider, filter: Partial<HistoryFilter> = {}): Promise<string[]> {
  const asked = { provider_id: provider.id, test_mode: false, ...filter, limit: 1000 }
  return (await listProviderPayments(database.sql, asked)).rows.map(({ attempt_id }) => attempt_id)
}

test('pages of any size have every payment once, newest first, also of one moment', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(2), { maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      async (offsets_ms, limit) => {
        const provider = await addProvider(database.sql, 0n)
        for (const offset of offsets_ms) await add(provider, { requested_at: new Date(sampleNow.getTime() + offset) })
        const whole = await idsOf(provider)
        assert.equal(new Set(whole).size, offsets_ms.length)
        const paged: string[] = []
        let cursor: string | null | undefined
        while (cursor !== null) {
          const place = cursor === undefined ? {} : { cursor }
          const page = await listProviderPayments(database.sql, {
            provider_id: provider.id,
            test_mode: false,
            ...place,
            limit,
          })
          paged.push(...page.rows.map(({ attempt_id }) => attempt_id))
          cursor = page.cursor
        }
        assert.deepEqual(paged, whole)
      },
    ),
    { numRuns: 25 },
  )
})

test('filters: period, state, method, amount, id, endpoint, flag', async () => {
  const provider = await addProvider(database.sql, 1_000_000n)
  const at = (seconds: number): Date => new Date(sampleNow.getTime() + seconds * 1000)
  const held = nextAttempt()
  await hold(database.sql, provider, { attempt_id: held, amount_minor: 390_000n })
  await add(provider, { attempt_id: held, requested_at: at(0), method: 'sbp', claimed_at: at(5) })
  const failed = await add(provider, { requested_at: at(10), state: 'failed', ended_at: at(20), amount_minor: 12_345n })
  const late = await add(provider, {
    requested_at: at(20),
    state: 'success',
    late: true,
    currency: 'KZT',
    gateway_id: 7,
  })
  const lost = await add(provider, {
    requested_at: at(30),
    state: 'violation',
    orphan: true,
    cancel_status: 'undelivered',
  })
  const test_mode = await add(provider, { requested_at: at(40), test_mode: true })
  const foreign = await add(await addProvider(database.sql, 0n), {})
  const [a, b, c, d] = [held, failed.attempt_id, late.attempt_id, lost.attempt_id]

  assert.deepEqual(await idsOf(provider), [d, c, b, a])
  assert.deepEqual(await idsOf(provider, { test_mode: true }), [test_mode.attempt_id])
  assert.deepEqual(await idsOf(provider, { from: at(10), to: at(30) }), [c, b])
  assert.deepEqual(await idsOf(provider, { states: ['failed', 'success'] }), [c, b])
  assert.deepEqual(await idsOf(provider, { methods: ['sbp', 'account'] }), [a])
  assert.deepEqual(await idsOf(provider, { gateway_id: 7 }), [c])
  assert.deepEqual(await idsOf(provider, { id: a }), [a])
  assert.deepEqual(await idsOf(provider, { id: `order-${c}` }), [c])
  assert.deepEqual(await idsOf(provider, { id: `order-${d}` }), [d])
  assert.deepEqual(await idsOf(provider, { id: foreign.attempt_id }), [])
  assert.deepEqual(await idsOf(provider, { amounts: [{ amount_minor: 390_000n, currencies: ['RUB'] }] }), [d, a])
  assert.deepEqual(await idsOf(provider, { amounts: [] }), [])
  const two = [
    { amount_minor: 12_345n, currencies: ['RUB', 'KZT'] },
    { amount_minor: 390_000n, currencies: ['KZT'] },
  ]
  assert.deepEqual(await idsOf(provider, { amounts: two }), [c, b])
  assert.deepEqual(await idsOf(provider, { flag: 'claimed' }), [a])
  assert.deepEqual(await idsOf(provider, { flag: 'early_failure' }), [b])
  assert.deepEqual(await idsOf(provider, { flag: 'late' }), [c])
  assert.deepEqual(await idsOf(provider, { flag: 'orphan' }), [d])
  assert.deepEqual(await idsOf(provider, { flag: 'cancel_undelivered' }), [d])
  assert.deepEqual(await idsOf(provider, { flag: 'appeal_open' }), [])
  const appeal = { provider_id: provider.id, attempt_id: a, appeal_id: 'apl_0000000000000001' }
  await freezeAppeal(database.sql, provider, appeal, { amount_minor: 400_000n, exponent: 2 }, sampleNow)
  assert.deepEqual(await idsOf(provider, { flag: 'appeal_open' }), [a])
})

test('a cursor of another making is refused', async () => {
  const provider = await addProvider(database.sql, 0n)
  for (const cursor of ['', 'x', '1.pay_1', '1.trf_0000000000000001', `${'9'.repeat(18)}.pay_0000000000000001`])
    await assert.rejects(
      listProviderPayments(database.sql, { provider_id: provider.id, test_mode: false, cursor, limit: 5 }),
      RangeError,
    )
})
