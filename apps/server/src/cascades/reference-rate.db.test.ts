import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { currencyRate } from './reference-rate.ts'

const now = new Date('2026-03-02T10:00:00Z')
let db: TestDatabase
before(async () => {
  db = await testDatabase()
})
after(() => db.close())

const rate = (margin: string) =>
  currencyRate(db.sql, { settlement_currency: 'RUB', rate_source: 'desk', rate_margin_percent: margin }, 'BTC', now)

test('a rate of which nothing is left is no rate, and nobody else is stopped by it', async () => {
  for (const [reference, margin, sent] of [
    ['0.00000012', '0', null],
    ['0.0001', '-99.9999', null],
    ['0.0001', '0', '0.0001'],
    ['999999999999.999999', '1', '1009999999999.9999'],
  ] as const) {
    await db.sql`
      insert into provider_rates (source, from_currency, to_currency, rate, as_of) values ('desk', 'RUB', 'BTC', ${reference}, ${now})
      on conflict (source, from_currency, to_currency) do update set rate = excluded.rate`
    assert.equal(await rate(margin), sent, reference)
  }
})
