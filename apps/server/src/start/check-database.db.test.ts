import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { StartProblem } from '../start-problem.ts'
import { checkDatabase } from './check-database.ts'

let database: TestDatabase
const role = `limited_${process.pid}`
before(async () => {
  database = await testDatabase()
  await database.sql.unsafe(`create role ${role} login password 'right'`)
})
after(async () => {
  await database.sql.unsafe(`drop role ${role}`)
  await database.close()
})

function changed(change: (url: URL) => void): string {
  const url = new URL(database.url)
  change(url)
  return url.href
}

async function refused(url: string, sentence: RegExp): Promise<void> {
  await assert.rejects(checkDatabase(url), (error) => {
    assert.ok(error instanceof StartProblem, String(error))
    assert.match(error.message, sentence)
    assert.ok(!error.message.includes(new URL(database.url).password), 'the password is never shown')
    return true
  })
}

test('a database of ours is taken', async () => {
  await checkDatabase(database.url)
})

test('a wrong password, user, database or port is told apart', async () => {
  await refused(
    changed((url) => (url.password = 'wrong')),
    /refuses user cascad: check user and password/,
  )
  await refused(
    changed((url) => (url.username = 'nobody_here')),
    /refuses user nobody_here/,
  )
  await refused(
    changed((url) => (url.pathname = '/not_there')),
    /no database "not_there": make it with createdb/,
  )
  await refused(
    changed((url) => (url.port = '1')),
    /cannot be reached/,
  )
  await refused(
    changed((url) => (url.hostname = 'no-such-host.invalid')),
    /is not known|cannot be reached/,
  )
})

test('a user who may not create tables is told so', async () => {
  const url = changed((one) => {
    one.username = role
    one.password = 'right'
  })
  await refused(url, /may not create tables in database/)
})
