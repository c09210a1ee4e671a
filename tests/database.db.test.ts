import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from './database.ts'

test('a test database has the migrated tables and is its own', async () => {
  const one = await testDatabase()
  const two = await testDatabase()
  try {
    await one.sql`insert into currencies (code, name, exponent) values ('AAA', 'First', 2)`
    const [{ count: there } = {}] = await one.sql`select count(*)::int as count from currencies where code = 'AAA'`
    const [{ count: elsewhere } = {}] = await two.sql`select count(*)::int as count from currencies where code = 'AAA'`
    assert.deepEqual([there, elsewhere], [1, 0])
  } finally {
    await one.close()
    await two.close()
  }
})
