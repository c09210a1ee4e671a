/** A database of its own for a test, cloned from the migrated template that `npm test` has made. */
import { randomBytes } from 'node:crypto'
import { connect, type Sql } from '../apps/server/src/database/connect.ts'

export type TestDatabase = { readonly sql: Sql; readonly url: string; readonly close: () => Promise<void> }

/** Clones the template; `close` ends the connections and drops the clone. Needs `npm test -- <files>` around it. */
export async function testDatabase(): Promise<TestDatabase> {
  const { CASCAD_TEST_DATABASE_URL: server, CASCAD_TEST_TEMPLATE: template } = process.env
  if (!server || !template) {
    throw new Error('Run this file with "npm test -- <file>": it starts the PostgreSQL that the test needs.')
  }
  const name = `${template}_${randomBytes(6).toString('hex')}`
  const admin = connect(server, { connections_max: 1, application_name: 'cascad-test-admin' })
  await admin`create database ${admin(name)} template ${admin(template)}`
  const url = new URL(server)
  url.pathname = `/${name}`
  const sql = connect(url.href, { connections_max: 8, application_name: 'cascad-test' })
  return {
    sql,
    url: url.href,
    async close() {
      await sql.end({ timeout: 1 })
      await admin`drop database ${admin(name)} with (force)`
      await admin.end({ timeout: 1 })
    },
  }
}
