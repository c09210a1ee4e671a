/** What may be registered as a feed, and what admits us to it. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { listRateFeeds } from './list-rate-feeds.ts'
import type { Pair } from './rate-feed.ts'
import { feedAt, feedWorld, roubles } from './sample-feeds.ts'
import { type FeedWish, saveRateFeed } from './save-rate-feed.ts'

let world: Awaited<ReturnType<typeof feedWorld>>
before(async () => {
  world = await feedWorld()
})
beforeEach(() => world.reset())
after(() => world.close())

const euros = { from: 'USDT', to: 'EUR' }
const numbered = (count: number): Pair[] =>
  Array.from({ length: count }, (_, index) => ({ from: 'USDT', to: `C${String(index).padStart(2, '0')}` }))

for (const [what, changes, mistake] of [
  ['a source that is no word', { source: 'The Market' }, /^the source is a word/],
  ['asking too often', { interval_s: 14 }, /^the interval/],
  ['asking too seldom', { interval_s: 301 }, /^the interval/],
  ['an interval that is none', { interval_s: Number.NaN }, /^the interval/],
  ['no jump at all', { jump_percent: 0 }, /^the jump/],
  ['no pair', { pairs: [] }, /^a feed serves 1 to 20 pairs/],
  ['too many pairs', { pairs: numbered(21) }, /^a feed serves 1 to 20 pairs/],
  ['a currency that is none', { pairs: [{ from: 'usdt', to: 'RUB' }] }, /^a currency is/],
  ['one currency', { pairs: [{ from: 'RUB', to: 'RUB' }] }, /^a rate is between two/],
  ['a pair twice', { pairs: [roubles, roubles] }, /^two pairs have one place/],
  ['one place for two pairs', { pairs: [roubles, euros], rate_pointer: '/price' }, /^two pairs have one place/],
  ['a pointer that is none', { rate_pointer: 'rates.{to}' }, /^"rates.RUB" is no JSON pointer/],
  ['a time that stands nowhere', { time_pointer: 'time' }, /^"time" is no JSON pointer/],
  ['a long pointer', { rate_pointer: `/${'x'.repeat(500)}` }, /no JSON pointer/],
  ['a URL that is none', { url: 'market.example/rates' }, /^the URL is absolute/],
  ['a name and password in the URL', { url: 'https://me:secret@market.example/rates' }, /^the URL is absolute/],
  ['another scheme', { url: 'ftp://market.example/rates' }, /^the URL is absolute/],
  ['an unknown place in the URL', { url: 'https://market.example/{base}' }, /^the URL has/],
  ['a part after #', { url: 'https://market.example/#rates' }, /^the URL has/],
  ['a long URL', { url: `https://market.example/${'x'.repeat(2048)}` }, /^the URL is absolute/],
  ['an address of our own network', { url: 'https://10.0.0.1/rates' }, /public address/],
  [
    'a header of the message itself',
    { header_name: 'Content-Length', header_value: '5' },
    /^Content-Length is no header/,
  ],
  ['a host of its own', { header_name: 'host', header_value: 'else.example' }, /^host is no header/],
  ['a header that is no word', { header_name: 'X Key', header_value: 'k' }, /^X Key is no header/],
  ['a header in a header', { header_name: 'X-Key', header_value: 'k\r\nHost: else' }, /^the value of the header/],
  ['a header without a value', { header_name: 'X-Key', header_value: '' }, /^the value of the header/],
] as const satisfies readonly (readonly [string, Partial<FeedWish>, RegExp])[]) {
  test(`refused: ${what}`, async () => {
    const wrong = await saveRateFeed(world.ctx, feedAt('https://market.example/rates', changes), 'operator')
    assert.match(wrong ?? 'it was saved', mistake)
    assert.deepEqual(await listRateFeeds(world.ctx), [])
  })
}

test('twenty pairs in one answer, and places in every part', async () => {
  await world.register(feedAt('https://market.example/{from}', { pairs: numbered(20) }))
  assert.equal((await world.viewOf('market')).pairs.length, 20)
  await world.register(feedAt('https://market.example/{from}?to={to}', { pairs: [roubles, euros], rate_pointer: '' }))
  assert.deepEqual(
    (await world.viewOf('market')).pairs.map(({ to }) => to),
    ['EUR', 'RUB'],
  )
})

test('the header admits us, is kept encrypted, and goes to nobody else', async () => {
  const elsewhere = `${world.source.url}/elsewhere`
  world.source.does((response, path) =>
    path === '/rates'
      ? void response.writeHead(302, { location: elsewhere }).end()
      : void response.end('{"rates":{"RUB":1}}'),
  )
  const secret = 'Bearer market-key-of-ours'
  const wish = { header_name: 'Authorization', header_value: secret, time_pointer: null }
  await world.register(feedAt(`${world.source.url}/rates`, wish))
  await world.round()
  assert.deepEqual(
    world.source.asked.map(({ path, headers }) => [path, headers.authorization]),
    [['/rates', secret]],
  )
  const [row] = await world.ctx.sql<{ text: string; header_encrypted: Uint8Array }[]>`
    select rate_feeds::text as text, header_encrypted from rate_feeds`
  assert.ok(row && !row.text.includes('market-key') && !Buffer.from(row.header_encrypted).includes('market-key'))
  assert.ok(!JSON.stringify(await world.viewOf('market')).includes('market-key'))
  // Registered anew, it may be another's address: the header is not sent there.
  await world.register(feedAt(`${world.source.url}/mine`, { time_pointer: null }))
  await world.round()
  assert.equal(world.source.asked.at(-1)?.headers.authorization, undefined)
})

test('a header that another key encrypted is no reason to ask without it', async () => {
  await world.register(
    feedAt(`${world.source.url}/rates`, { header_name: 'X-Key', header_value: 'k', time_pointer: null }),
  )
  await world.ctx.sql`update rate_feeds set header_encrypted = ${Buffer.alloc(40)}`
  await world.round()
  assert.equal(world.source.asked.length, 0)
  assert.match((await world.viewOf('market')).pairs[0]?.error ?? '', /cannot be decrypted/)
})

test('where private targets are off, plain http and our own network are refused, also when they are registered already', async () => {
  const strict = await feedWorld({ allow_private_targets: false })
  try {
    for (const url of [`${strict.source.url}/rates`, 'http://market.example/rates', 'https://localhost/rates'])
      assert.match(
        (await saveRateFeed(strict.ctx, feedAt(url), 'operator')) ?? 'it was saved',
        /https:\/\/ and is at a public/,
      )
    await strict.register(feedAt('https://market.example/rates'))
    await strict.ctx.sql`update rate_feeds set url = ${`${strict.source.url}/rates`}`
    await strict.round()
    assert.equal(strict.source.asked.length, 0)
    assert.match((await strict.viewOf('market')).pairs[0]?.error ?? '', /target_refused/)
  } finally {
    await strict.close()
  }
})
