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

test('people of a provider are added, changed and given another password; the last owner stays', async () => {
  const added = providers('add-person', provider, 'owner', 'Ann@North.example', 'Ann', 'North')
  assert.match(added.stdout, /^ann@north\.example may sign in for North desk as owner, with the password \w{20}\n$/)
  assert.match(
    providers('add-person', provider, 'viewer', 'ann@north.example', 'Ann').stderr,
    /signs in as ann@north.example already/,
  )
  assert.match(providers('add-person', provider, 'chief', 'bob@north.example', 'Bob').stderr, /^Use one of/)
  assert.match(providers('person', provider, 'ann@north.example', 'off').stderr, /no owner left/)
  assert.equal(providers('add-person', provider, 'finance', 'bob@north.example', 'Bob').status, 0)
  assert.equal(providers('person', provider, 'bob@north.example', 'trading').stdout, 'bob@north.example is trading.\n')
  assert.equal(providers('person', provider, 'bob@north.example', 'off').stdout, 'bob@north.example is off.\n')
  assert.match(providers('reset-password', provider, 'ann@north.example').stdout, /with the password \w{20}\n$/)
  assert.match(providers('reset-password', provider, 'nobody@north.example').stderr, /Nobody of North desk/)
  assert.equal(
    providers('people', provider).stdout,
    'ann@north.example  owner  "Ann North"\nbob@north.example  trading (off)  "Bob"\n',
  )
  const rows = await database.sql<{ action: string }[]>`
    select action from provider_audit where provider_id = ${provider} order by id`
  assert.deepEqual(
    rows.map(({ action }) => action),
    ['team.add', 'team.add', 'team.change', 'team.change', 'team.reset_password'],
  )
})

test('whoever tops up reads what the operator says', async () => {
  assert.equal(providers('instructions', provider, 'Send', 'USDT', 'to TXYZ').status, 0)
  const [row] = await database.sql<
    { text: string }[]
  >`select top_up_instructions as text from providers where id = ${provider}`
  assert.equal(row?.text, 'Send USDT to TXYZ')
})
