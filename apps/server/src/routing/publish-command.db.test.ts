import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { saveAccount } from '../accounts/save-account.ts'
import { readConfig } from '../config.ts'
import { createContext } from '../context.ts'

const account_id = 'coma_PublishCommand01'
let database: TestDatabase
let folder: string

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cascad-publish-'))
  database = await testDatabase()
  const config = readConfig({ PORT: '0', CASCAD_LOG: 'silent' })
  const ctx = await createContext({ config, database_url: database.url, secret_key: Buffer.alloc(32, 7) })
  await saveAccount(ctx, { id: account_id, name: 'Publisher', base_currency: 'USD', currencies: ['USD'] })
  await ctx.close()
  await database.sql`
    insert into gateways (gateway_id, name, connector, test_mode, status, credentials_encrypted, merchant_account_id)
    values (408, 'One', 'acquirer', true, 'off', ${Buffer.from('none')}, 'ma_1')`
})
after(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

function publish(...args: string[]) {
  const file = fileURLToPath(new URL('publish-command.ts', import.meta.url))
  const env = { ...process.env, DATABASE_URL: database.url, CASCAD_DATA_DIR: join(folder, 'data') }
  return spawnSync(process.execPath, [file, ...args], { env, encoding: 'utf8' })
}

function written(name: string, scheme: unknown): string {
  const file = join(folder, name)
  writeFileSync(file, typeof scheme === 'string' ? scheme : JSON.stringify(scheme))
  return file
}

const schemeOf = (gateway_id: number) => ({
  id: 'main',
  rules: [{ id: 'r1', strategy: { type: 'direct', routes: [{ gateway_id }] }, cascade: { max_attempts: 1 } }],
})

async function inForce(): Promise<number[]> {
  const rows = await database.sql<{ number: number }[]>`
    select number from routing_versions where account_id = ${account_id} and status = 'published'`
  return rows.map(({ number }) => number)
}

test('a file is published with its warnings, a wrong one is refused with its errors, an old version comes back', async () => {
  const good = written('good.json', schemeOf(408))
  const first = publish(account_id, good)
  assert.equal(first.status, 0, first.stderr)
  assert.match(first.stdout, /^main\.v1 is in force for coma_PublishCommand01/)
  assert.match(first.stdout, /warning at rules\[0\]\.strategy\.routes\[0\]: gateway 408 is off/)

  const refused = publish(account_id, written('bad.json', schemeOf(409)))
  assert.equal(refused.status, 1)
  assert.match(refused.stderr, /^Nothing was published:\n {2}error at rules\[0\]\.strategy\.routes\[0\]: there is no/)
  assert.deepEqual(await inForce(), [1])

  assert.equal(publish(account_id, good).status, 0)
  assert.deepEqual(await inForce(), [2])
  const back = publish(account_id, 'main.v1')
  assert.equal(back.status, 0, back.stderr)
  assert.deepEqual(await inForce(), [1])
})

const mistakes: readonly [what: string, args: () => string[], pattern: RegExp][] = [
  ['no argument', () => [], /^Use one of/],
  ['a third argument', () => [account_id, 'main.v1', 'now'], /^Use one of/],
  ['a file that is not there', () => [account_id, join(folder, 'none.json')], /^There is no file/],
  ['a file that is no JSON', () => [account_id, written('broken.json', '{"id":')], /is not valid JSON/],
  ['an account that does not exist', () => ['coma_Nobody0000000001', 'main.v1'], /^There is no account/],
  ['a version that does not exist', () => [account_id, 'main.v99'], /there is no version main\.v99/],
]
for (const [what, args, pattern] of mistakes) {
  test(`${what} is told in a sentence, without a stack`, () => {
    const { status, stderr, stdout } = publish(...args())
    assert.deepEqual([status, stdout], [1, ''])
    assert.match(stderr, pattern)
    assert.doesNotMatch(stderr, /\n {4}at /)
  })
}
