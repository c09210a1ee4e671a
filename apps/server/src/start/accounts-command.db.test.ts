import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { until } from '../../../../tests/product/time.ts'
import { createShop } from '../accounts/create-shop.ts'
import { getAccount } from '../accounts/find-account.ts'
import { privateKey } from '../accounts/private-key.ts'
import { noticeChanges } from '../database/settings-memory.ts'
import { createServer } from '../http/server.ts'
import { routeModules } from '../route-modules.ts'
import { publishScheme } from '../routing/publish-scheme.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const service = 'payment_card_usd_hpp'
let t: TestContext
let app: FastifyInstance

type Told = { readonly status: number | null; readonly stdout: string; readonly stderr: string }
type Made = { readonly id: string; readonly api_key: string; readonly public_key: string }

function run(program: string, args: readonly string[], secret_key = Buffer.alloc(32, 7)): Promise<Told> {
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
    CASCAD_MODE: 'production',
    CASCAD_PUBLIC_URL: 'https://pay.example',
    CASCAD_SECRET_KEY: secret_key.toString('base64'),
    DATABASE_URL: t.database_url,
  }
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, cwd: root })
    const told = { stdout: '', stderr: '' }
    child.stdout.on('data', (piece) => {
      told.stdout += piece
    })
    child.stderr.on('data', (piece) => {
      told.stderr += piece
    })
    child.on('close', (status) => resolve({ status, ...told }))
  })
}

const file = fileURLToPath(new URL('accounts-command.ts', import.meta.url))
const accounts = (...args: string[]): Promise<Told> => run(process.execPath, [file, ...args])

/** What it says when all goes well; this process has seen the change then. */
async function said(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await accounts(...args)
  assert.equal(status, 0, stderr)
  await noticeChanges(t.ctx)
  return stdout
}

function madeBy(stdout: string): Made {
  const [, id = '', api_key = '', public_key = ''] =
    /^Account (coma_\w{16}), .*\n {2}API key (\S{43})\n {2}test {2}public key (pk_test_\S{43}) {2}private key sk_test_\S{43}\n/m.exec(
      stdout,
    ) ?? []
  assert.ok(id, stdout)
  return { id, api_key, public_key }
}

/** The acquirer's gateway takes the account's payments; nobody is called before a payer pays. */
async function route(id: string): Promise<void> {
  const rules = [{ id: 'r', strategy: { type: 'direct', routes: [{ gateway_id: 408 }] } }]
  await publishScheme(t.ctx, await getAccount(t.ctx, id), { id: 'main', rules })
  await noticeChanges(t.ctx)
}

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`

let invoices = 0
const pay = ({ id, api_key }: Made, currency = 'USD') => {
  invoices += 1
  const code = `payment_card_${currency.toLowerCase()}_hpp`
  const payload = { reference_id: `a${invoices}`, service: code, currency, amount: 100, test_mode: true }
  return app.inject({
    method: 'POST',
    url: '/api/payment-invoices',
    headers: { authorization: basic(id, api_key) },
    payload,
  })
}

const profile = async ({ id, api_key }: Made): Promise<number> =>
  (await app.inject({ url: '/api/account/profile', headers: { authorization: basic(id, api_key) } })).statusCode

before(async () => {
  t = await testContext()
  const credentials = JSON.stringify({
    base_url: 'http://127.0.0.1:9',
    terminal: 't',
    api_key: 'k',
    webhook_secret: 'w',
  })
  await t.ctx.sql`
    insert into gateways (gateway_id, name, connector, test_mode, credentials_encrypted, merchant_account_id)
    values (408, 'One', 'acquirer', true, ${t.ctx.secrets.encrypt(credentials, 'gateway:408')}, 'ma_1')`
  app = await createServer(t.ctx, routeModules(t.ctx.config))
})
after(async () => {
  await app.close()
  await t.close()
})

test('the example of the README, word for word, makes a merchant whose invoices are taken', async () => {
  assert.match(
    (await accounts('create', 'Too soon', 'EUR')).stderr,
    /is empty: npm run directory:starter fills it\.\n$/,
  )
  assert.equal(await said('list'), 'There is no account yet.\n')
  const readme = readFileSync(`${root}/README.md`, 'utf8')
  const [, script = ''] = /```sh\n(npm run directory:starter\n[\s\S]*?)```/.exec(readme) ?? []
  const { status, stdout, stderr } = await run('sh', ['-e', '-c', script])
  assert.equal(status, 0, stderr)
  await noticeChanges(t.ctx)
  const made = madeBy(stdout)
  for (const words of [
    `${made.id}  Harbour Books (active, EUR)\n  name=Harbour Books\n`,
    '  callback_url=https://books.example/callbacks\n',
    '\nCurrencies: EUR\n',
    `\npayment_card_eur_hpp (live): on, but no gateway of the routing scheme can take it; fee 2.9 % + 0.30 EUR\n`,
  ])
    assert.ok(stdout.includes(words), `${words}\n${stdout}`)
  await route(made.id)
  const reply = await pay(made, 'EUR')
  assert.equal(reply.statusCode, 201, reply.body)
  assert.match(await said('list'), new RegExp(`^${made.id} {2}Harbour Books \\(active, EUR\\)$`, 'm'))
})

test('an invoice needs the service and the currency; the fee is the one agreed', async () => {
  const made = madeBy(await said('create', 'Fees', 'USD'))
  await route(made.id)
  assert.equal((await pay(made)).statusCode, 422)
  const told = await said('service', made.id, service, 'fee_rate=3', 'fee_fix=0.50', 'mode=test')
  assert.match(
    told,
    /^payment_card_usd_hpp \(test\): on; fee 3 % \+ 0\.50 USD\nEvery process knows within a second\.\n$/,
  )
  const paid = await pay(made)
  assert.deepEqual([paid.statusCode, paid.json().data.attributes.fee], [201, 3.5])
  assert.match(await said('service', made.id, service, 'off'), /\(test\): off; fee 3 %/)
  assert.equal((await pay(made)).statusCode, 422)
})

test('what a service in another currency lacks is said, and works once it is done', async () => {
  const made = madeBy(await said('create', 'Abroad', 'USD'))
  await route(made.id)
  const lacking = (await said('service', made.id, 'payment_card_eur_hpp', 'fee_fix=0.50')).match(/npm run .*/g) ?? []
  assert.deepEqual(lacking, [
    `npm run accounts -- currencies ${made.id} EUR`,
    `npm run accounts -- rate ${made.id} USD EUR <rate>`,
  ])
  assert.equal((await pay(made, 'EUR')).statusCode, 422)
  assert.match(await said('currencies', made.id, 'EUR', 'EUR', 'USD'), / has accounts in EUR USD; /)
  await said('rate', made.id, 'USD', 'EUR', '0.9')
  const paid = await pay(made, 'EUR')
  assert.deepEqual([paid.statusCode, paid.json().data?.attributes.fee], [201, 0.45])
  assert.doesNotMatch(await said('service', made.id, 'payment_card_eur_hpp'), /npm run/)
})

test('settings are changed one by one and shown as they are typed', async () => {
  const { id } = madeBy(
    await said('create', 'Settings', 'EUR', 'retry_limit=2', 'return_urls.common=https://a.example'),
  )
  await said(
    'settings',
    id,
    'fee_strategy=external',
    'website=https://books.example',
    'return_urls.fail=https://b.example',
  )
  const { options, website, return_urls } = await getAccount(t.ctx, id)
  assert.deepEqual([options.retry_limit, options.fee_strategy, website], [2, 'external', 'https://books.example'])
  assert.deepEqual(return_urls, { common: 'https://a.example', fail: 'https://b.example' })
  const lines = (await said('settings', id)).trimEnd().split('\n')
  assert.ok(lines.includes('fee_strategy=external') && lines.includes('return_urls.pending='))
  await said('settings', id, ...lines)
  assert.deepEqual((await said('settings', id)).trimEnd().split('\n'), lines)
})

test('two operators change two options at once: both hold', async () => {
  const { id } = madeBy(await said('create', 'Race', 'EUR'))
  let done: Promise<Told[]> = Promise.resolve([])
  await t.ctx.sql.begin(async (tx) => {
    await tx`select 1 from accounts where id = ${id} for update`
    done = Promise.all([accounts('settings', id, 'retry_limit=7'), accounts('settings', id, 'attempts_limit=9')])
    await until('both wait', async () => {
      const waiting = await t.ctx.sql`
        select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
      return waiting.length === 2
    })
  })
  for (const { status, stderr } of await done) assert.equal(status, 0, stderr)
  await noticeChanges(t.ctx)
  const { options } = await getAccount(t.ctx, id)
  assert.deepEqual([options.retry_limit, options.attempts_limit], [7, 9])
})

test('a disabled account is refused at every door with 403, and served again when it is enabled', async () => {
  const made = madeBy(await said('create', 'Doors', 'USD'))
  await said('service', made.id, service)
  await route(made.id)
  const shop = await createShop(t.ctx, made.id, { name: 'Doors' })
  assert.ok(shop)
  const { secret } = shop
  const doors = async (): Promise<readonly number[]> => {
    const { public_key } = made
    const card = basic(String(shop.shop.shop_id), secret)
    const replies = await Promise.all([
      pay(made),
      app.inject({
        method: 'POST',
        url: '/public-api/payment-prerequest',
        payload: { public_key, currency: 'USD' },
      }),
      app.inject({ url: `/hpp/?public_key=${public_key}&amount=10&currency=USD` }),
      app.inject({ url: '/transactions/nobody', headers: { authorization: card } }),
    ])
    return [await profile(made), ...replies.map(({ statusCode }) => statusCode)]
  }
  assert.deepEqual(await doors(), [200, 201, 200, 200, 404])
  assert.match(await said('disable', made.id), / is inactive; every process knows within a second\.\n$/)
  assert.deepEqual(await doors(), [403, 403, 403, 403, 403])
  await said('enable', made.id)
  assert.deepEqual(await doors(), [200, 201, 200, 200, 404])
})

test('a rotated key is shown once and holds; the one before does not', async () => {
  const made = madeBy(await said('create', 'Keys', 'USD'))
  const [, api_key = ''] = /API key (\S{43})\n/.exec(await said('rotate', made.id, 'api_key')) ?? []
  assert.deepEqual([await profile(made), await profile({ ...made, api_key })], [401, 200])
  const live = await privateKey(t.ctx, made.id, false)
  const rotated = await said('rotate', made.id, 'test')
  const [, public_key = '', private_key = ''] =
    /public key (pk_test_\S+) {2}private key (sk_test_\S+)\n/.exec(rotated) ?? []
  assert.deepEqual(
    [await privateKey(t.ctx, made.id, true), await privateKey(t.ctx, made.id, false)],
    [private_key, live],
  )
  assert.notEqual(public_key, made.public_key)
  const shown = `${await said('show', made.id)}${await said('list')}${await said('settings', made.id)}`
  for (const secret of [api_key, private_key, live ?? '', 'sk_']) assert.equal(shown.includes(secret), false)
})

const nobody = 'coma_NobodyAtAll00001'
const mistakes: readonly [what: string, args: readonly string[], pattern: RegExp][] = [
  ['no order', [], /^Use one of/],
  ['an order nobody knows', ['delete', 'ID'], /^Use one of/],
  ['an account that is not there', ['show', nobody], /^There is no account coma_NobodyAtAll00001\.\n$/],
  ['no account', ['disable'], /^Use one of/],
  ['one word too many', ['disable', 'ID', 'now'], /^Use one of/],
  ['a word after list', ['list', 'all'], /^Use one of/],
  ['no name', ['create', 'retry_limit=1', 'EUR'], /^Use one of/],
  ['no base currency', ['create', 'Books'], /^Use one of/],
  ['a name that is too long', ['create', 'x'.repeat(101), 'EUR'], /^Nothing was changed: name takes 1 to 100/],
  ['two names', ['create', 'Books', 'EUR', 'name=Other'], /name is given twice/],
  ['a base currency nobody knows', ['create', 'Books', 'eur'], /the directory has no currency "eur"/],
  ['a bad setting of a new account', ['create', 'Books', 'EUR', 'retry_limit=x'], /retry_limit takes a whole number/],
  ['a bad setting after a good one', ['settings', 'ID', 'retry_limit=1', 'colour=red'], /there is no setting "colour"/],
  ['a private callback address', ['settings', 'ID', 'callback_url=https://10.0.0.1/'], /takes a public https address/],
  ['no currency', ['currencies', 'ID'], /^Use one of/],
  ['a currency nobody knows', ['currencies', 'ID', 'JPY', 'XXZ'], /the directory has no currency "XXZ"/],
  ['no service', ['service', 'ID'], /^Use one of/],
  ['a service nobody knows', ['service', 'ID', 'gold_usd_hpp'], /no such payment service \(gold_usd_hpp\)/],
  ['a service it does not have', ['service', 'ID', service, 'off'], /the account does not have this service/],
  ['a bad term', ['service', 'ID', service, 'fee_rate=100'], /fee_rate takes percent from 0 to below 100/],
  ['bounds the wrong way', ['service', 'ID', service, 'fee_min=2', 'fee_max=1'], /fee_min would be above fee_max/],
  ['half a reserve', ['service', 'ID', service, 'reserve_rate=5'], /a reserve needs reserve_rate and/],
  ['half a rate', ['rate', 'ID', 'EUR', 'USD'], /^Use one of/],
  ['a rate of nothing', ['rate', 'ID', 'EUR', 'USD', '0.0'], /the rate is a decimal above 0/],
  ['a rate to itself', ['rate', 'ID', 'EUR', 'EUR', '1'], /a rate is between two currencies/],
  ['a rate to nowhere', ['rate', 'ID', 'EUR', 'XXZ', '1'], /the directory has no currency "XXZ"/],
  ['a rotation of nothing', ['rotate', 'ID'], /^Use one of/],
  ['a rotation of what there is not', ['rotate', 'ID', 'secret'], /^Use one of/],
]
test('what is wrong is said, and nothing is changed', async () => {
  const { id } = madeBy(await said('create', 'Unharmed', 'EUR'))
  const stored = async () =>
    (
      await t.ctx.sql`select (select json_agg(a order by id)::text from accounts a) as accounts,
        (select json_agg(k order by account_id, test_mode)::text from account_keys k) as keys,
        (select json_agg(c order by id)::text from currency_accounts c) as currencies,
        (select json_agg(s order by id)::text from account_payment_services s) as services,
        (select json_agg(r)::text from exchange_rates r) as rates`
    )[0]
  const before = await stored()
  for (const [what, args, pattern] of mistakes) {
    const done = await accounts(...args.map((word) => (word === 'ID' ? id : word)))
    assert.equal(done.status, 1, what)
    assert.match(done.stderr, pattern, what)
    assert.equal(done.stdout, '', what)
    assert.deepEqual(await stored(), before, what)
  }
  const other_key = await run(process.execPath, [file, 'rotate', id, 'live'], Buffer.alloc(32, 8))
  assert.match(other_key.stderr, /^The secret key is not the one this database was written with/)
  assert.deepEqual(await stored(), before)
})
