import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { testDatabase } from '../../../../tests/database.ts'
import { migrate } from './migrate.ts'

/** The migrating library closes its connections a moment after it is done; ended by force, they would report it as an error. */
async function untilLeft(drop: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    const left = await drop().then(
      () => true,
      () => false,
    )
    if (left) return
    await sleep(100)
  }
  throw new Error('somebody is still connected to the database')
}

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
    await untilLeft(() => database.sql`drop database if exists ${database.sql(name)}`)
    await database.close()
  }
})
