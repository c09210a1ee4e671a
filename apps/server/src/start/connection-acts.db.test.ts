import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { addConnection, connectionOf, deskWorld, save } from '../cascades/sample-connections.ts'

const secret_key = Buffer.alloc(32, 7).toString('base64')
let world: Awaited<ReturnType<typeof deskWorld>>
let database_url = ''
before(async () => {
  world = await deskWorld()
  const [row] = await world.ctx.sql<{ name: string }[]>`select current_database() as name`
  const url = new URL(process.env.CASCAD_TEST_DATABASE_URL ?? '')
  url.pathname = `/${row?.name}`
  database_url = url.href
  await addConnection(world.ctx, 801, true)
  await save(world.ctx, 801, world.volga)
})
after(() => world.close())

/** Not `spawnSync`: the desk that is tested runs in this process. */
function providers(...args: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const file = fileURLToPath(new URL('providers-command.ts', import.meta.url))
  const env = { ...process.env, DATABASE_URL: database_url, CASCAD_SECRET_KEY: secret_key }
  const child = spawn(process.execPath, [file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (data) => (stdout += data))
  child.stderr.on('data', (data) => (stderr += data))
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })))
}

test('terms of a connection are set and shown, a mistake changes nothing', async () => {
  const set = await providers(
    'connection',
    '801',
    'methods=card,sbp',
    'card.min=100',
    'card.max=50000',
    'card.daily_count=9',
    'finalise_grace_s=30',
  )
  assert.equal(set.status, 0, set.stderr)
  assert.match(set.stdout, /card: min 100, max 50000, daily_count 9\n {6}sbp: no limits\n/)
  assert.match(set.stdout, /30 s of grace/)
  assert.match(set.stdout, /rate of sample, margin 1 %; currencies: RUB/)
  const cleared = await providers('connection', '801', 'card.max=', 'rate_margin_percent=2.5')
  assert.match(cleared.stdout, /card: min 100, daily_count 9\n/)
  assert.match(cleared.stdout, /margin 2\.5 %/)
  const wrong = await providers('connection', '801', 'card.min=0', 'window_minutes=2')
  assert.equal(wrong.status, 1)
  assert.match(wrong.stderr, /Nothing was changed: window_minutes must be a whole number from 5 to 1440/)
  assert.match((await providers('connection', '801')).stdout, /card: min 100, daily_count 9\n/)
  for (const args of [
    ['connection', '999'],
    ['connection'],
    ['connection', '801', 'nonsense'],
    ['connection', '801', 'card.most=5'],
  ]) {
    const { status, stderr } = await providers(...args)
    assert.equal(status, 1, args.join(' '))
    assert.doesNotMatch(stderr, /\n\s+at /)
  }
  await providers('connection', '801', 'rate_margin_percent=1', 'card.min=', 'card.daily_count=')
})

test('an endpoint that waits is tested and put to use; the key is shown masked', async () => {
  const waiting = await providers('connection', '801')
  assert.match(waiting.stdout, /waits for a test: http:\S+\/traders\/volga\/cascade, key \*{4}olga\n/)
  const tested = await providers('test-connection', '801', 'amount=3900')
  assert.equal(tested.status, 0, tested.stderr)
  assert.match(
    tested.stdout,
    /^CREATE_PAYMENT: 201 after \d+ ms, issued\nCANCEL_PAYMENT: 200 after \d+ ms, delivered\n.*in use from now on/,
  )
  const calls = await world.ctx.sql`select 1 from provider_calls where gateway_id = 801 and attempt_id is null`
  assert.equal(calls.length, 2)
  assert.equal((await connectionOf(world.ctx, 801)).row.pending_encrypted, null)
  world.desks.script('volga', { steps: ['refuse:NO_REQUISITES'] })
  const failed = await providers('test-connection', '801')
  assert.deepEqual(
    [failed.status, failed.stderr],
    [1, 'CREATE_PAYMENT: refused (NO_REQUISITES: refused by the script)\n'],
  )
  assert.ok(!(waiting.stdout + tested.stdout + failed.stderr).includes(world.volga.api_key))
})

test('a connection is added without endpoint, and rates are told', async () => {
  const { provider_id } = (await connectionOf(world.ctx, 801)).row
  const added = await providers('add-connection', provider_id, '802', 'live', 'cascade', 'Second', 'desk')
  assert.equal(added.status, 0, added.stderr)
  const { row, gateway } = await connectionOf(world.ctx, 802)
  assert.deepEqual(
    [row.provider_id, gateway.name, gateway.test_mode, gateway.status],
    [provider_id, 'Second desk', false, 'active'],
  )
  assert.notEqual(gateway.misconfigured, null)
  assert.match(
    (await providers('add-connection', provider_id, '802', 'live', 'cascade', 'x')).stderr,
    /there is a gateway 802/,
  )
  assert.match(
    (await providers('add-connection', provider_id, '803', 'live', 'stripe', 'x')).stderr,
    /gives no requisites/,
  )
  assert.match((await providers('test-connection', '802')).stderr, /no endpoint with a key yet/)
  assert.match((await providers('rate', 'bank', 'USDT', 'RUB', '84.6535')).stdout, /for the next ten minutes/)
  assert.match((await providers('rate', 'bank', 'USDT', 'RUB', '84.6535', 'agreed')).stdout, /for good/)
  assert.match(
    (await providers('rate', 'bank', 'USDT', 'RUB', 'much')).stderr,
    /Nothing was changed: the rate is a decimal/,
  )
})
