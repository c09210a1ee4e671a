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

const account_id = 'coma_SettingsCommand1'
let database: TestDatabase
let folder: string

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cascad-settings-'))
  database = await testDatabase()
  const config = readConfig({ PORT: '0', CASCAD_LOG: 'silent' })
  const ctx = await createContext({ config, database_url: database.url, secret_key: Buffer.alloc(32, 7) })
  await saveAccount(ctx, { id: account_id, name: 'Careful', base_currency: 'USD', currencies: ['USD'] })
  await ctx.close()
})
after(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

function command(file: string, ...args: string[]) {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const env = { ...process.env, DATABASE_URL: database.url, CASCAD_DATA_DIR: join(folder, 'data') }
  return spawnSync(process.execPath, [path, ...args], { env, encoding: 'utf8' })
}

const settings = (...args: string[]) => command('settings-command.ts', ...args)

function written(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

test('settings are shown, replaced as the next version, and each version keeps who wrote it', async () => {
  assert.deepEqual(JSON.parse(settings(account_id).stdout), {})
  assert.match(settings(account_id, written('a.json', { visa_30d_limit: 15 })).stdout, /^Version 1 /)
  assert.match(settings(account_id, written('b.json', { max_attempts: 2 })).stdout, /^Version 2 /)
  assert.deepEqual(JSON.parse(settings(account_id).stdout), { max_attempts: 2 })
  const rows = await database.sql<{ version: number; changed_by: string }[]>`
    select version, changed_by from cascade_settings where owner = ${account_id} order by version`
  assert.deepEqual(
    rows.map(({ version, changed_by }) => [version, changed_by !== '']),
    [
      [1, true],
      [2, true],
    ],
  )
})

const refused: readonly (readonly [name: string, owner: string, content: unknown, words: RegExp])[] = [
  [
    'a ceiling above that of the network',
    'platform',
    { visa_30d_limit: 21 },
    /visa_30d_limit is a whole number from 1 to 20/,
  ],
  ['a setting that is not known', 'platform', { visa_limit: 3 }, /"visa_limit" is not known here/],
  [
    'a class that is none',
    'platform',
    { class_overrides: [{ kind: 'network_code', code: '96', class: 'x' }] },
    /class_overrides is a list/,
  ],
  ['what is no object', 'platform', [], /settings are an object/],
  ['text that is no JSON', 'platform', '{', /not valid JSON/],
  ['an account that is not there', 'coma_Nobody0000000001', {}, /There is no gateway and no account/],
  ['a gateway that is not there', '999', {}, /There is no gateway and no account/],
]
for (const [name, owner, content, words] of refused) {
  test(`refused, and nothing written: ${name}`, async () => {
    const before = await database.sql`select * from cascade_settings`
    const { status, stderr } = settings(owner, written('refused.json', content))
    assert.equal(status, 1)
    assert.match(stderr, words)
    assert.equal((await database.sql`select * from cascade_settings`).length, before.length)
  })
}

test('network blocks: listed, lifted with a reason and only once', async () => {
  const blocks = (...args: string[]) => command('../start/network-blocks-command.ts', ...args)
  assert.match(blocks('list').stdout, /No card is blocked/)
  await database.sql`
    insert into network_blocks (account_id, id, scope, fingerprint, amount_minor, currency, test_key, payment_id, attempt_number,
      reason, created_at)
    values (${account_id}, 'pay_1.card', 'card', 'f', 1, 'USD', '', 'cpi_1', 1, 'network_code 43', now())`
  assert.match(blocks('list').stdout, /pay_1\.card .* card until lifted, after network_code 43/)
  assert.equal(blocks('lift', 'pay_1.card').status, 1)
  assert.equal(blocks('lift', 'pay_1.card', '--because= ').status, 1)
  assert.equal(blocks('lift', 'pay_2.card', '--because=wrong').status, 1)
  assert.equal(blocks('lift', 'pay_1.card', '--because=the issuer was wrong').status, 0)
  assert.match(blocks('lift', 'pay_1.card', '--because=again').stderr, /lifted before/)
  const [row] = await database.sql<{ lifted_because: string }[]>`select lifted_because from network_blocks`
  assert.equal(row?.lifted_because, 'the issuer was wrong')
})
