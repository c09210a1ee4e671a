import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../../tests/database.ts'
import { migrate } from './migrate.ts'

test('several processes may migrate an empty database at the same moment', async () => {
  const database = await testDatabase()
  const name = `${new URL(database.url).pathname.slice(1)}_empty`
  const url = new URL(database.url)
  url.pathname = `/${name}`
  try {
    await database.sql`create database ${database.sql(name)}`
    const done = await Promise.all([migrate(url.href), migrate(url.href), migrate(url.href)])
    const runs = done.flat()
    assert.ok(runs.length > 0)
    assert.deepEqual([...new Set(runs)].sort(), [...runs].sort(), 'each migration runs once')
    assert.deepEqual(await migrate(url.href), [])
  } finally {
    await database.sql`drop database if exists ${database.sql(name)} with (force)`
    await database.close()
  }
})
