import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { after, before, beforeEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { createSimulators, type Simulators } from '../../../simulators/src/simulators.ts'
import { openSource, type Source } from '../cascades/sample-feeds.ts'

const secret_key = Buffer.alloc(32, 7).toString('base64')
let world: TestContext
let simulators: Simulators
let source: Source
before(async () => {
  world = await testContext()
  simulators = await createSimulators({ port: 0, cascad_url: 'http://127.0.0.1:1' })
  source = await openSource()
})
beforeEach(async () => {
  for (const table of ['rate_feed_pairs', 'rate_feeds', 'provider_rates'])
    await world.ctx.sql`delete from ${world.ctx.sql(table)}`
})
after(async () => {
  await source.close()
  await simulators.close()
  await world.close()
})

/** Not `spawnSync`: the sources that are asked run in this process. */
function providers(args: readonly string[], input = ''): Promise<{ status: number | null; out: string; err: string }> {
  const file = fileURLToPath(new URL('providers-command.ts', import.meta.url))
  const env = { ...process.env, DATABASE_URL: world.database_url, CASCAD_SECRET_KEY: secret_key }
  const child = spawn(process.execPath, [file, ...args], { env })
  let [out, err] = ['', '']
  child.stdout.on('data', (data) => (out += data))
  child.stderr.on('data', (data) => (err += data))
  // Who reads nothing may be gone before it is written.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, out, err })))
}

test('a feed is registered and asked at once, listed, and switched off', async () => {
  assert.match((await providers(['feeds'])).out, /^There is no feed: rates are told by hand\.\n$/)
  const url = `${simulators.url}/rates?from={from}`
  const made = await providers(['feed', 'market', url, 'pairs=USDT/RUB,USDT/EUR', 'rate=/rates/{to}', 'time=/time'])
  assert.equal(made.status, 0, made.err)
  assert.ok(made.out.startsWith(`market  ${url} (every 60 s)\n`), made.out)
  assert.match(made.out, /rate at "\/rates\/\{to\}", time at "\/time"; jumps over 20 % are doubted; saved by \S+\n/)
  assert.match(made.out, / {6}1 USDT is 0\.86\d* EUR, \d+ s old\n {6}1 USDT is 84\.6\d* RUB, \d+ s old\n$/)
  const listed = await providers(['feeds'])
  assert.match(listed.out, /1 USDT is 84\.6\d* RUB, \d+ s old/)
  const off = await providers(['feed-off', 'market'])
  assert.match(off.out, /^market is asked no more/)
  assert.match((await providers(['feeds'])).out, /^market {2}\S+ \(off\)\n/)
  assert.match((await providers(['feed-off', 'market'])).err, /no feed market, or it is off already/)
})

test('the value of a header comes from standard input and is never shown', async () => {
  source.says('{"price":"0.0118"}')
  const made = await providers(
    ['feed', 'bank', source.url, 'pairs=USDT/RUB', 'rate=/price', 'inverted=yes', 'interval_s=15', 'header=X-Api-Key'],
    'bank-key-of-ours\nmore\n',
  )
  assert.equal(made.status, 0, made.err)
  assert.equal(source.asked.at(-1)?.headers['x-api-key'], 'bank-key-of-ours')
  assert.match(made.out, /\(every 15 s\)\n.*time of the answer, inverted, header X-Api-Key;/)
  assert.match(made.out, /1 USDT is 84\.745762711864 RUB/)
  assert.doesNotMatch(made.out, /bank-key/)
})

test('what is wrong with an answer is shown, and how a doubtful rate is confirmed', async () => {
  source.says('{"rates":{}}')
  const feed = ['feed', 'bank', source.url, 'pairs=USDT/RUB', 'rate=/rates/{to}']
  assert.match(
    (await providers(feed)).out,
    /no rate of USDT in RUB yet\n {8}last answer: there is no rate in the answer/,
  )
  assert.equal((await providers(['rate', 'bank', 'USDT', 'RUB', '84'])).status, 0)
  source.says('{"rates":{"RUB":120.5}}')
  const doubted = await providers(feed)
  assert.match(doubted.out, /1 USDT is 84 RUB, \d+ s old\n {8}last answer: 120\.5 is not used/)
  const order = /npm run providers -- (rate bank USDT RUB 120\.5)\n/.exec(doubted.out)
  assert.ok(order?.[1], doubted.out)
  assert.equal((await providers(order[1].split(' '))).status, 0)
  assert.match((await providers(feed)).out, /1 USDT is 120\.5 RUB, \d+ s old\n$/)
})

test('what is said wrong changes nothing', async () => {
  for (const [args, said] of [
    [['feed', 'bank', source.url, 'pairs=USDT/RUB'], /Use one of/],
    [['feed', 'bank', source.url, 'rate=/price'], /Use one of/],
    [['feed', 'bank', source.url, 'pairs=USDT-RUB', 'rate=/price'], /Nothing was changed: a currency is/],
    [['feed', 'bank', source.url, 'pairs=USDT/RUB/EUR', 'rate=/price'], /Use one of/],
    [['feed', 'bank', source.url, 'pairs=USDT/RUB', 'rate=/price', 'inverted=maybe'], /Use one of/],
    [['feed', 'bank', source.url, 'pairs=USDT/RUB', 'rate=/price', 'every=5'], /Use one of/],
    [
      ['feed', 'bank', source.url, 'pairs=USDT/RUB', 'rate=/price', 'interval_s=soon'],
      /Nothing was changed: the interval/,
    ],
    [
      ['feed', 'bank', source.url, 'pairs=USDT/RUB', 'rate=/price', 'header=X-Key'],
      /Nothing was changed: the value of the header/,
    ],
    [['feed-off'], /Use one of/],
    [['rate', 'bank', 'USDT', 'RUB', 'much'], /Nothing was changed: the rate is a decimal/],
  ] as const) {
    const { status, err } = await providers(args)
    assert.equal(status, 1, args.join(' '))
    assert.match(err, said)
    assert.doesNotMatch(err, /\n\s+at /)
  }
  assert.equal((await world.ctx.sql`select 1 from rate_feeds`).length, 0)
})
