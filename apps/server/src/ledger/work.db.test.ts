import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { createEvents } from '../events.ts'
import { availableMinor } from './available.ts'
import { insertTransfers } from './insert-transfers.ts'
import { transfersOfPayment } from './rules/payment-transfers.ts'
import { startLedgerWork } from './work.ts'

let db: TestDatabase
before(async () => {
  db = await testDatabase()
})
after(() => db.close())

const now = new Date('2026-01-02T03:04:05.678Z')
const events = createEvents({ log_level: 'silent', role: 'worker' })

async function unfolded(): Promise<number> {
  return (await db.sql`select 1 from ledger_unfolded`).length
}

test('the worker folds what was booked, and stops', async () => {
  const transfers = transfersOfPayment(
    {
      ledger_scheme: 'simple',
      test_mode: false,
      currency: 'USD',
      payment_id: 'cpi_1',
      gateway_id: 7,
      processed_amount_minor: 100n,
      processed_fee_minor: 0n,
      reserved_amount_minor: null,
    },
    { created_at: now, nextId: () => 'trf_1' },
  )
  await db.sql`with allowed as (select 1), ${insertTransfers(db.sql, 'coma_1', transfers, db.sql`allowed`)} select 1`
  const work = startLedgerWork({ sql: db.sql, now: () => now, events })
  work.wake()
  for (let tries = 0; tries < 500 && (await unfolded()) > 0; tries += 1) await pause(10)
  await work.stop()
  assert.equal(await unfolded(), 0)
  assert.equal(await availableMinor(db.sql, 'coma_1', 'USD', false), 100n)
})

test('a round that fails is reported, and the worker goes on', async () => {
  const places: string[] = []
  const failing = (() => Promise.reject(new Error('no database'))) as unknown as typeof db.sql
  const work = startLedgerWork({
    sql: failing,
    now: () => now,
    events: { ...events, fault: (place: string) => places.push(place) },
  })
  work.wake()
  await pause(0)
  work.wake()
  await work.stop()
  assert.ok(places.length >= 2 && places.every((place) => place === 'ledger.fold'), places.join())
})
