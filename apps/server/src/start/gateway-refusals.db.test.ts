import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  type GatewaysCommand,
  acquirerCredentials as good,
  linesOf,
  openGatewaysCommand,
} from './sample-gateways-command.ts'

let command: GatewaysCommand
before(async () => {
  command = await openGatewaysCommand()
})
after(() => command.close())

const key = good.api_key
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
  const id = String(await command.added())
  const stored = async () =>
    (
      await command.ctx.sql`
        select (select json_agg(g order by gateway_id)::text from gateways g) as gateways,
          (select json_agg(f)::text from gateway_tariffs f) as tariffs`
    )[0]
  const before_all = await stored()
  for (const [what, args, input, pattern] of mistakes) {
    const { status, stdout, stderr } = await command.run(
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
    const other_key = await command.run(args, all, Buffer.alloc(32, 8))
    assert.match(other_key.stderr, /^The secret key is not the one this database was written with/)
    assert.deepEqual(await stored(), before_all)
  }
})
