import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { readConfig } from '../config.ts'
import { type Context, createContext } from '../context.ts'
import { loadStarterDirectory } from '../directory/load-starter.ts'
import { readGateways } from '../routing/load-routing.ts'

let database: TestDatabase
let ctx: Context

before(async () => {
  database = await testDatabase()
  const config = readConfig({ PORT: '0', CASCAD_LOG: 'silent' })
  ctx = await createContext({ config, database_url: database.url, secret_key: Buffer.alloc(32, 7) })
  await loadStarterDirectory(ctx)
  await database.sql`
    insert into gateways (gateway_id, name, connector, test_mode, credentials_encrypted, merchant_account_id)
    values (408, 'First', 'acquirer', true, ${Buffer.from('none')}, 'ma_1')`
})
after(async () => {
  await ctx.close()
  await database.close()
})

function gateways(...args: string[]) {
  const file = fileURLToPath(new URL('gateways-command.ts', import.meta.url))
  return spawnSync(process.execPath, [file, ...args], {
    env: { ...process.env, DATABASE_URL: database.url },
    encoding: 'utf8',
  })
}

test('a gateway is held, shown as held, and given back', () => {
  const held = gateways('hold', '408')
  assert.equal(held.status, 0, held.stderr)
  assert.match(held.stdout, /^408 is kept from payments until it is closed/)
  assert.match(
    gateways('list').stdout,
    /408 {2}First \(test, active\)\n {6}payment_card: held open by an operator; 0 failures, 0 healthy/,
  )
  assert.equal(gateways('close', '408').status, 0)
  assert.match(gateways('list').stdout, /payment_card: closed;/)
})

test('a tariff holds from now on', async () => {
  const set = gateways('tariff', '408', 'EUR', 'rate=2.5', 'fix=0.10', 'max=50')
  assert.equal(set.status, 0, set.stderr)
  assert.deepEqual((await readGateways(ctx)).get(408)?.tariff, {
    currency: 'EUR',
    rate_percent: '2.500000',
    fix_minor: 10n,
    min_minor: null,
    max_minor: 5000n,
  })
})

const mistakes: readonly [what: string, args: string[], pattern: RegExp][] = [
  ['nothing', [], /^Use one of/],
  ['an unknown act', ['stop', '408'], /^Use one of/],
  ['a gateway that is no number', ['open', 'first'], /^Use one of/],
  ['a gateway that is not there', ['open', '999'], /^There is no gateway 999/],
  ['a tariff for a gateway that is not there', ['tariff', '999', 'USD', 'rate=1'], /there is no gateway 999/],
  ['a tariff in an unknown currency', ['tariff', '408', 'XXQ', 'rate=1'], /^There is no currency XXQ/],
  ['a misspelt term', ['tariff', '408', 'USD', 'rat=1'], /rat is not one of rate, fix, min, max/],
  ['a rate of 100 percent and more', ['tariff', '408', 'USD', 'rate=100'], /rate is a percentage/],
  ['more decimals than the currency has', ['tariff', '408', 'USD', 'fix=0.001'], /fix is an amount with at most 2/],
  ['a negative amount', ['tariff', '408', 'USD', 'fix=-1'], /fix is an amount/],
  ['a maximum below the minimum', ['tariff', '408', 'USD', 'min=2', 'max=1'], /max is less than min/],
]
for (const [what, args, pattern] of mistakes) {
  test(`${what} is told in a sentence, and changes nothing`, async () => {
    const count = async () => (await database.sql`select 1 from gateway_tariffs`).length
    const before_count = await count()
    const { status, stderr, stdout } = gateways(...args)
    assert.deepEqual([status, stdout], [1, ''])
    assert.match(stderr, pattern)
    assert.doesNotMatch(stderr, /\n {4}at /)
    assert.equal(await count(), before_count)
  })
}
