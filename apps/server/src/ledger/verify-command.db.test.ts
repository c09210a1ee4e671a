import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type EmbeddedDatabase, startEmbedded } from '../database/embedded.ts'
import { findEmbedded } from '../database/find-embedded.ts'
import { migrate } from '../database/migrate.ts'

let folder: string
let server: EmbeddedDatabase

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cascad-verify-'))
  chmodSync(folder, 0o755)
  server = await startEmbedded({ folder, settings: { fsync: 'off' }, log: () => {} })
  await migrate(server.url)
})
after(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

function verify(data_dir: string) {
  const { DATABASE_URL, ...env } = process.env
  const file = fileURLToPath(new URL('verify-command.ts', import.meta.url))
  return spawnSync(process.execPath, [file], { env: { ...env, CASCAD_DATA_DIR: data_dir }, encoding: 'utf8' })
}

test('the books of a data folder are proved while its database runs, and when it does not', async () => {
  assert.equal(findEmbedded(folder), server.url)
  const beside = verify(folder)
  assert.equal(beside.status, 0, beside.stderr)
  assert.match(beside.stdout, /The books are right/)
  await server.stop()
  assert.equal(findEmbedded(folder), null)
  const alone = verify(folder)
  assert.equal(alone.status, 0, alone.stderr)
  assert.equal(findEmbedded(folder), null)
})

test('a folder that does not exist is not made', () => {
  const { status, stderr } = verify(join(folder, 'nowhere'))
  assert.equal(status, 1)
  assert.match(stderr, /^There are no books: .*nowhere does not exist/)
})
