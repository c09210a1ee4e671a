import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { until } from '../../../../tests/product/time.ts'
import { createAccount } from '../accounts/create-account.ts'
import { loadStarterDirectory } from '../directory/load-starter.ts'
import { createGateway } from '../routing/create-gateway.ts'
import { readGateways } from '../routing/load-routing.ts'

const file = fileURLToPath(new URL('gateways-command.ts', import.meta.url))
const key = 'key-that-nobody-sees'
const good: Readonly<Record<string, string>> = {
  base_url: 'https://acquirer.example/v1',
  terminal: 'hidden-terminal',
  api_key: key,
  webhook_secret: 'hook-that-nobody-sees',
}
const linesOf = (values: object): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

let t: TestContext

type Told = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

async function gateways(args: readonly string[], input = '', secret_key = Buffer.alloc(32, 7)): Promise<Told> {
  const child = spawn(process.execPath, [file, ...args], {
    env: {
      PATH: process.env.PATH,
      CASCAD_MODE: 'production',
      CASCAD_PUBLIC_URL: 'https://pay.example',
      CASCAD_SECRET_KEY: secret_key.toString('base64'),
      DATABASE_URL: t.database_url,
    },
  })
  const told = { stdout: '', stderr: '' }
  child.stdout.on('data', (piece) => (told.stdout += piece))
  child.stderr.on('data', (piece) => (told.stderr += piece))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [status] = (await once(child, 'close')) as [number | null]
  return { status, ...told }
}

/** What it says when all goes well. */
async function said(args: readonly string[], input = ''): Promise<string> {
  const { status, stdout, stderr } = await gateways(args, input)
  assert.equal(status, 0, stderr)
  return stdout
}

async function added(...settings: string[]): Promise<number> {
  const [, id] =
    /^Gateway (\d+), /.exec(await said(['add', 'acquirer', 'Made', 'live', ...settings], linesOf(good))) ?? []
  assert.ok(id)
  return Number(id)
}

async function gatewayOf(id: number) {
  const gateway = (await readGateways(t.ctx)).get(id)
  assert.ok(gateway)
  return gateway
}

const statusOf = async (id: number): Promise<string> => (await gatewayOf(id)).status

before(async () => {
  t = await testContext()
  await loadStarterDirectory(t.ctx)
  await createAccount(t.ctx, { name: 'Harbour Books', base_currency: 'EUR' })
  await createGateway(t.ctx, { gateway_id: 441, name: 'Desk', connector: 'cascade', test_mode: true })
})
after(() => t.close())

test('connectors are told with what they can and the names of their credentials', async () => {
  const told = await said(['connectors'])
  assert.match(
    told,
    /^acquirer {2}Card acquirer\n {6}methods: payment_card\n {6}operations: charge verify authorize\n {6}credentials: base_url terminal api_key webhook_secret\n/m,
  )
  assert.match(told, /^ {6}credentials: secret_key webhook_secret \[base_url\] \[account\]$/m)
  assert.match(told, /^cascade {2}[\s\S]*its gateways are made by npm run providers -- add-connection$/m)
})

test('a gateway is made with credentials as lines or as JSON, at the id given or at the next', async () => {
  const at = await said(['add', 'acquirer', 'First Acquirer', 'test', 'gateway_id=900', 'priority=7'], linesOf(good))
  assert.equal(
    at,
    `Gateway 900, First Acquirer (test), by acquirer; every process knows within a second.
Its provider sends notifications to https://pay.example/provider-events/900
`,
  )
  const { credentials, name, test_mode, priority, status, misconfigured } = await gatewayOf(900)
  assert.deepEqual(credentials, good)
  assert.deepEqual([name, test_mode, priority, status, misconfigured], ['First Acquirer', true, 7, 'active', null])
  const next = await said(['add', 'stripe', 'Stripe', 'live'], '{"secret_key":"sk_live_1","webhook_secret":"whsec_12"}')
  assert.match(next, /^Gateway 901, Stripe \(live\), by stripe;/)
  assert.deepEqual((await gatewayOf(901)).credentials, { secret_key: 'sk_live_1', webhook_secret: 'whsec_12' })
  const windows = linesOf(good).replaceAll('\n', '  \r\n\r\n')
  await said(['credentials', '900'], `\uFEFF${windows}`)
  assert.deepEqual((await gatewayOf(900)).credentials, good)
})

test('no answer shows a credential, or a part of one', async () => {
  const id = String(await added('merchant_code=m-1'))
  await said(['tariff', id, 'EUR', 'rate=2.50', 'fix=0.10', 'max=50'])
  const shown = await said(['show', id])
  for (const words of [
    `${id}  Made (live, active)\nConnector: acquirer, Card acquirer\nCredentials: as the connector wants them\n`,
    '\nTariff: 2.5 % + 0.10 EUR, at most 50.00 EUR\n',
    `\nNotifications: https://pay.example/provider-events/${id}\n  name=Made\n  merchant_code=m-1\n`,
  ])
    assert.ok(shown.includes(words), `${words}\n${shown}`)
  const all = `${shown}${await said(['settings', id])}${await said(['list'])}${await said(['credentials', id], linesOf(good))}`
  for (const value of Object.values(good)) assert.equal(all.includes(value), false, value)
})

test('settings narrow what the connector can, are shown as they are typed, and an empty value takes them away', async () => {
  const id = await added()
  const plain = await said(['settings', String(id)])
  const wishes = [
    'name=Second',
    'methods=payment_card',
    'currencies=EUR,USD,EUR',
    'brands=visa,mir',
    'issuer_countries=DE,FR',
    'operations=charge,verify',
    'amount_min=0.50',
    'amount_max=5000',
    'priority=30',
    'failure_domain=host-1',
    'accept_late_success=true',
    'merchant_code=m',
  ]
  assert.equal(
    await said(['settings', String(id), ...wishes]),
    `${id} has these settings; every process knows within a second.\n`,
  )
  const gateway = await gatewayOf(id)
  assert.deepEqual(
    [gateway.name, gateway.priority, gateway.failure_domain, gateway.accept_late_success, gateway.merchant_code],
    ['Second', 30, 'host-1', true, 'm'],
  )
  assert.deepEqual([gateway.amount_min_minor, gateway.amount_max_minor], [50n, 500_000n])
  assert.deepEqual(
    [gateway.methods, gateway.currencies, gateway.brands, gateway.issuer_countries, gateway.operations].map((set) =>
      [...(set ?? [])].join(),
    ),
    ['payment_card', 'EUR,USD', 'visa,mir', 'DE,FR', 'charge,verify'],
  )
  const lines = (await said(['settings', String(id)])).trimEnd().split('\n')
  assert.ok(lines.includes('amount_max=5000.00') && lines.includes('currencies=EUR,USD'))
  await said(['settings', String(id), ...lines])
  assert.deepEqual((await said(['settings', String(id)])).trimEnd().split('\n'), lines)
  await said(['settings', String(id), ...plain.trimEnd().split('\n')])
  assert.equal(await said(['settings', String(id)]), plain)
  const { currencies, amount_max_minor } = await gatewayOf(id)
  assert.deepEqual([currencies, amount_max_minor], [null, null])
})

test('a limit is in the decimals of the currencies, and never changes its meaning in silence', async () => {
  const id = String(await added('currencies=JPY', 'amount_max=5000'))
  const refused = await gateways(['settings', id, 'currencies=EUR'])
  assert.match(refused.stderr, /^Nothing was changed: amount_max was said in other decimals than those of the new/)
  assert.match((await gateways(['settings', id, 'currencies='])).stderr, /give it too, or amount_max= for no limit/)
  await said(['settings', id, 'currencies=EUR', 'amount_max=50.05'])
  assert.equal((await gatewayOf(Number(id))).amount_max_minor, 5005n)
  await said(['settings', id, 'currencies=USD'])
  await said(['settings', id, 'currencies=', 'amount_max='])
  assert.equal((await gatewayOf(Number(id))).amount_max_minor, null)
})

test('a gateway is drained, switched off and given back; an archived one stays so', async () => {
  const id = await added()
  assert.match(await said(['drain', String(id)]), / drains: new payments pass it over/)
  assert.equal(await statusOf(id), 'draining')
  assert.match(await said(['disable', String(id)]), / is off: new payments pass it over/)
  assert.equal(await statusOf(id), 'off')
  await said(['credentials', String(id)], linesOf(good))
  assert.equal(await statusOf(id), 'off')
  assert.equal(await said(['enable', String(id)]), `${id} takes payments; every process knows within a second.\n`)
  assert.equal(await statusOf(id), 'active')
  await t.ctx.sql`update gateways set status = 'archived' where gateway_id = ${id}`
  for (const act of ['enable', 'drain', 'disable']) {
    const { status, stderr } = await gateways([act, String(id)])
    assert.deepEqual([status, stderr], [1, `Nothing was changed: gateway ${id} is archived and stays so.\n`])
    assert.equal(await statusOf(id), 'archived')
  }
})

test('a gateway that was set aside is active again with other credentials, and one without any says why it is passed over', async () => {
  const id = await added()
  await t.ctx.sql`update gateways set status = 'misconfigured' where gateway_id = ${id}`
  assert.match(await said(['show', String(id)]), /^Credentials: set aside after an error of its credentials$/m)
  assert.match(await said(['credentials', String(id)], linesOf(good)), /\nIt had been set aside .* active again\.\n$/)
  assert.equal(await statusOf(id), 'active')
  assert.match(await said(['enable', '441']), /\nPayments pass it over all the same: the credentials are not as/)
})

/** Both begin while others hold the gateways, and go on together. */
async function atOnce(...orders: readonly (readonly [args: readonly string[], input: string])[]): Promise<Told[]> {
  let done: Promise<Told[]> = Promise.resolve([])
  await t.ctx.sql.begin(async (tx) => {
    await tx`lock table gateways in share row exclusive mode`
    done = Promise.all(orders.map(([args, input]) => gateways(args, input)))
    await until('all wait', async () => {
      const waiting = await t.ctx.sql`
        select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
      return waiting.length === orders.length
    })
  })
  return done
}

test('two operators at once: both settings hold, both gateways are made, an id is given once', async () => {
  const id = await added()
  const settings = await atOnce(
    [['settings', String(id), 'priority=5'], ''],
    [['settings', String(id), 'merchant_code=m'], ''],
  )
  for (const { status, stderr } of settings) assert.equal(status, 0, stderr)
  const { priority, merchant_code } = await gatewayOf(id)
  assert.deepEqual([priority, merchant_code], [5, 'm'])
  const before_ids = new Set((await readGateways(t.ctx)).keys())
  const made = await atOnce(
    [['add', 'acquirer', 'Left', 'live'], linesOf(good)],
    [['add', 'acquirer', 'Right', 'live'], linesOf({ ...good, terminal: 'right' })],
  )
  for (const { status, stderr } of made) assert.equal(status, 0, stderr)
  const both = [...(await readGateways(t.ctx)).values()].filter(({ gateway_id }) => !before_ids.has(gateway_id))
  assert.deepEqual(both.map(({ name, credentials }) => [name, (credentials as typeof good).terminal]).sort(), [
    ['Left', 'hidden-terminal'],
    ['Right', 'right'],
  ])
  const same = await atOnce(
    [['add', 'acquirer', 'Left', 'live', 'gateway_id=777'], linesOf(good)],
    [['add', 'acquirer', 'Right', 'live', 'gateway_id=777'], linesOf(good)],
  )
  assert.deepEqual(same.map(({ status }) => status).sort(), [0, 1])
  assert.equal(same.find(({ status }) => status === 1)?.stderr, 'Nothing was changed: there is a gateway 777.\n')
})

const make = ['add', 'acquirer', 'Wrong', 'live']
const all = linesOf(good)
const without = (name: string): string =>
  linesOf(Object.fromEntries(Object.entries(good).filter(([one]) => one !== name)))
const mistakes: readonly [what: string, args: readonly string[], input: string, pattern: RegExp][] = [
  ['no order', [], '', /^Use one of/],
  ['an order nobody knows', ['delete', 'ID'], '', /^Use one of/],
  ['a word after connectors', ['connectors', 'all'], '', /^Use one of/],
  ['a gateway that is not there', ['show', '999'], '', /^There is no gateway 999\.\n$/],
  ['a gateway that is no number', ['drain', 'first'], '', /^Use one of/],
  ['a word too many', ['disable', 'ID', 'now'], '', /^Use one of/],
  ['no mode', ['add', 'acquirer', 'Wrong'], all, /^Use one of/],
  ['no name', ['add', 'acquirer', 'test'], all, /^Use one of/],
  ['a mode nobody knows', ['add', 'acquirer', 'Wrong', 'both'], all, /^Use one of/],
  [
    'a connector nobody knows',
    ['add', 'bank', 'Wrong', 'live'],
    all,
    /^Nothing was changed: there is no connector "bank"; there are acquirer, cascad, cascade, redirect, stripe, test\.\n$/,
  ],
  [
    'a provider of requisites',
    ['add', 'cascade', 'Wrong', 'live'],
    all,
    /npm run providers -- add-connection makes them/,
  ],
  ['an id that is taken', [...make, 'gateway_id=ID'], all, /^Nothing was changed: there is a gateway \d+\.\n$/],
  ['an id that is none', [...make, 'gateway_id=0'], all, /gateway_id takes a whole number from 1 to 999999999/],
  ['two ids', [...make, 'gateway_id=5', 'gateway_id=6'], all, /gateway_id is given twice/],
  [
    'a setting nobody knows',
    [...make, 'colour=red'],
    all,
    /there is no setting "colour"; there are name, merchant_code, methods/,
  ],
  ['a name on two lines', ['add', 'acquirer', 'A\nB', 'live'], all, /name takes 1 to 100 characters on one line/],
  [
    'no credentials',
    make,
    '',
    /:\n {2}- base_url is missing\n {2}- terminal is missing\n {2}- api_key is missing\n {2}- webhook_secret is missing\n$/,
  ],
  ['one credential less', make, without('api_key'), /:\n {2}- api_key is missing\n$/],
  [
    'two bad credentials',
    make,
    linesOf({ ...good, base_url: 'ftp://x', terminal: 'a b' }),
    /:\n {2}- base_url must match pattern "\^https\?:\/\/"\n {2}- terminal must match pattern .*\n$/,
  ],
  [
    'a credential too many',
    make,
    `${all}seen=nowhere\n`,
    /:\n {2}- line 5 is no name=value of base_url, terminal, api_key, webhook_secret\n$/,
  ],
  ['a credential twice', make, `${all}terminal=other\n`, /:\n {2}- terminal is given twice\n$/],
  [
    'a secret without its name',
    make,
    `${without('api_key')}${key}\n`,
    /- line 4 is no name=value of .*\n {2}- api_key is missing\n$/,
  ],
  ['half a JSON', make, `{"api_key":"${key}"`, /:\n {2}- what begins with "\{" is not valid JSON\n$/],
  [
    'JSON with another name',
    make,
    JSON.stringify({ ...good, [key]: 1 }),
    /:\n {2}- there is a name that is none of base_url,/,
  ],
  ['JSON of another type', make, JSON.stringify({ ...good, terminal: 5 }), /:\n {2}- terminal must be string\n$/],
  ['bad credentials for a gateway', ['credentials', 'ID'], without('terminal'), /:\n {2}- terminal is missing\n$/],
  [
    "a provider's credentials",
    ['credentials', '441'],
    all,
    /the provider of 441 gives its endpoint and key in the dashboard/,
  ],
  [
    "a provider's currencies",
    ['settings', '441', 'priority=1', 'currencies=EUR'],
    '',
    /npm run providers -- connection/,
  ],
  ['a bad setting after a good one', ['settings', 'ID', 'priority=1', 'priority=2'], '', /priority is given twice/],
  [
    'a method it cannot',
    ['settings', 'ID', 'methods=payment_card,sepa'],
    '',
    /methods takes some of payment_card, separated by commas, or nothing/,
  ],
  [
    'an operation it cannot',
    ['settings', 'ID', 'operations=refund'],
    '',
    /operations takes some of charge, verify, authorize,/,
  ],
  ['a currency nobody knows', ['settings', 'ID', 'currencies=EUR,XXZ'], '', /currencies takes some of .*EUR/],
  ['a brand nobody knows', ['settings', 'ID', 'brands=Visa'], '', /brands takes some of visa, mastercard,/],
  [
    'a country nobody knows',
    ['settings', 'ID', 'issuer_countries=DE,XX'],
    '',
    /issuer_countries takes countries of two capitals/,
  ],
  ['a limit without a currency', ['settings', 'ID', 'amount_min=1'], '', /amount_min needs currencies=/],
  [
    'a limit for unlike currencies',
    ['settings', 'ID', 'currencies=EUR,JPY', 'amount_min=1'],
    '',
    /amount_min needs currencies=/,
  ],
  [
    'too many decimals',
    ['settings', 'ID', 'currencies=JPY', 'amount_max=1.5'],
    '',
    /amount_max takes an amount with at most 0 decimals/,
  ],
  [
    'a limit of nothing',
    ['settings', 'ID', 'currencies=EUR', 'amount_max=0'],
    '',
    /amount_max takes an amount above 0/,
  ],
  [
    'limits the wrong way',
    ['settings', 'ID', 'currencies=EUR', 'amount_min=2', 'amount_max=1'],
    '',
    /amount_max would be below amount_min/,
  ],
  ['no name any more', ['settings', 'ID', 'name='], '', /name takes 1 to 100 characters/],
  ['a priority that is none', ['settings', 'ID', 'priority=-1'], '', /priority takes a whole number from 0 to 1000000/],
]
test('what is wrong is said, nothing is changed, and no credential is repeated', async () => {
  const id = String(await added())
  const stored = async () =>
    (
      await t.ctx.sql`
        select (select json_agg(g order by gateway_id)::text from gateways g) as gateways,
          (select json_agg(f)::text from gateway_tariffs f) as tariffs`
    )[0]
  const before_all = await stored()
  for (const [what, args, input, pattern] of mistakes) {
    const { status, stdout, stderr } = await gateways(
      args.map((word) => word.replace(/\bID$/, id)),
      input,
    )
    assert.deepEqual([status, stdout], [1, ''], what)
    assert.match(stderr, pattern, what)
    assert.doesNotMatch(stderr, /\n {4}at /, what)
    for (const value of [...Object.values(good), 'seen=nowhere', 'ftp://x'])
      assert.equal(stderr.includes(value), false, what)
    assert.deepEqual(await stored(), before_all, what)
  }
  for (const args of [make, ['credentials', id], ['drain', id], ['settings', id, 'priority=1']]) {
    const other_key = await gateways(args, all, Buffer.alloc(32, 8))
    assert.match(other_key.stderr, /^The secret key is not the one this database was written with/)
    assert.deepEqual(await stored(), before_all)
  }
})
