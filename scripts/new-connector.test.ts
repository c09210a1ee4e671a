import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { newConnector } from './new-connector.ts'

const folder = mkdtempSync(join(tmpdir(), 'cascad-connectors-'))
after(() => rmSync(folder, { recursive: true }))

test('a new connector has its name everywhere and the template nowhere', () => {
  assert.ok(Array.isArray(newConnector('acme-pay', folder)))
  const files = readdirSync(join(folder, 'acme-pay'))
  assert.deepEqual(files.sort(), [
    'acme-pay.test.ts',
    'charge.ts',
    'decline-codes.ts',
    'index.ts',
    'provider.ts',
    'status.ts',
  ])
  const texts = files.map((file) => readFileSync(join(folder, 'acme-pay', file), 'utf8')).join('\n')
  assert.match(texts, /id: 'acme-pay'/)
  assert.match(texts, /title: 'Acme pay'/)
  assert.doesNotMatch(texts, /new.provider/i)
})

test('an existing connector is never overwritten, a bad name makes nothing', () => {
  newConnector('twice', folder)
  assert.match(String(newConnector('twice', folder)), /exists already/)
  for (const name of ['', 'Acme', '../evil', 'a/b', '-a', 'a--b', 'x'.repeat(41)])
    assert.match(String(newConnector(name, folder)), /is no name/)
  assert.deepEqual(
    readdirSync(folder).filter((name) => name !== 'acme-pay'),
    ['twice'],
  )
})
