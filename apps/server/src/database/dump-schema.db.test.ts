import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { testDatabase } from '../../../../tests/database.ts'
import { dumpSchema, schemaFile } from './dump-schema.ts'

test('schema.sql is what the migrations make', async () => {
  const database = await testDatabase()
  try {
    assert.equal(
      await dumpSchema(database.sql),
      readFileSync(schemaFile, 'utf8'),
      'run npm run db:schema and review the difference',
    )
  } finally {
    await database.close()
  }
})
