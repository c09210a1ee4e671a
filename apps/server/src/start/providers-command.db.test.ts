import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'

let database: TestDatabase
let provider = ''
before(async () => {
  database = await testDatabase()
  await database.sql`
    insert into gateways (gateway_id, name, connector, test_mode, credentials_encrypted, merchant_account_id)
    values (501, 'Desk', 'acquirer', false, ${Buffer.from('none')}, 'ma_1')`
  const created = providers('create', 'North desk', 'USDT', '6', '100')
  assert.equal(created.status, 0, created.stderr)
  provider = created.stdout.split(' ')[0] ?? ''
})
after(() => database.close())

function providers(...args: string[]) {
  const file = fileURLToPath(new URL('providers-command.ts', import.meta.url))
  return spawnSync(process.execPath, [file, ...args], {
    env: { ...process.env, DATABASE_URL: database.url },
    encoding: 'utf8',
  })
}

test('a top-up is ordered, confirmed, and stands in the balance and in the statement', () => {
  const ordered = providers('top-up', provider, 'live', '250.5', 'invoice 7')
  assert.equal(ordered.status, 0, ordered.stderr)
  const id = ordered.stdout.split(' ')[0] ?? ''
  assert.match(providers('list').stdout, /North desk \(active\)\n {6}live: 0\.000000 USDT available/)
  assert.match(providers('confirm-top-up', provider, id).stdout, /is confirmed\.\n {6}live: 250\.500000 USDT available/)
  assert.match(providers('confirm-top-up', provider, id).stderr, /Nothing was changed/)
  assert.match(
    providers('statement', provider, 'live').stdout,
    new RegExp(`,top_up,${id},,250\\.500000,250\\.500000,0\\.000000,250\\.500000,USDT`),
  )
  assert.match(
    providers('orders', provider, 'live').stdout,
    new RegExp(`^${id} {2}top-up 250\\.500000 USDT, confirmed: "invoice 7"`),
  )
})

test('a withdrawal needs a destination of yesterday and a second person', async () => {
  const saved = providers('destination', provider, 'Wallet', 'TXYZ')
  const destination = saved.stdout.split(' ')[0] ?? ''
  assert.match(providers('withdraw', provider, 'live', '10', destination).stderr, /can be used from/)
  await database.sql`update provider_destinations set created_at = created_at - interval '1 day'`
  assert.match(providers('withdraw', provider, 'live', '1000', destination).stderr, /more than is available/)
  const asked = providers('withdraw', provider, 'live', '10', destination)
  const id = asked.stdout.split(' ')[0] ?? ''
  assert.match(providers('approve', provider, id).stderr, /asked for by you/)
  await database.sql`update provider_withdrawals set requested_by = 'desk' where id = ${id}`
  assert.match(providers('approve', provider, id).stdout, /is approved/)
  assert.match(providers('paid', provider, id).stdout, /is paid/)
  assert.match(
    providers('list').stdout,
    /live: 240\.500000 USDT available; .* withdrawing 0\.000000, total 240\.500000/,
  )
})

test('a provider is drained and resumed', () => {
  assert.match(providers('drain', provider).stdout, /takes no new payments\.\n/)
  assert.match(providers('list').stdout, /North desk \(draining\)/)
  assert.match(providers('resume', provider).stdout, /takes payments\.\n/)
  assert.match(providers('resume', provider).stdout, /takes payments, as before/)
})

test('a gateway belongs to one provider', async () => {
  assert.equal(providers('connect', provider, '501').status, 0)
  assert.equal(providers('connect', provider, '501').status, 0)
  const other = providers('create', 'South desk', 'EUR', '2').stdout.split(' ')[0] ?? ''
  assert.match(providers('connect', other, '501').stderr, /another provider's/)
  assert.match(providers('connect', other, '502').stderr, /is not there/)
})

test('a mistake changes nothing and says what to write', () => {
  for (const args of [
    [],
    ['top-up', provider, 'live', '1.0000001', 'x'],
    ['create', 'x', 'usd', '2'],
    ['statement', 'prv_0000000000000000', 'live'],
  ]) {
    const { status, stderr } = providers(...args)
    assert.equal(status, 1, args.join(' '))
    assert.match(stderr, /Use one of|is no amount with 6 decimals|There is no provider/)
    assert.doesNotMatch(stderr, /\n\s+at /)
  }
})
