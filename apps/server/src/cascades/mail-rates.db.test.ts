/** What operators are told by e-mail of reference rates that are missing, fail or jump. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { sampleMailConfig, sendDue, startMailServer } from '../mail/sample-server.ts'
import { askRateFeed, claimRateFeeds } from './ask-rate-feed.ts'
import { askDue, feedAt, feedWorld, roubles } from './sample-feeds.ts'
import { watchRates } from './watch-rates.ts'

const euros = { from: 'USDT', to: 'EUR' } as const
const secret = 'k3y-0f-the-feed'

let world: Awaited<ReturnType<typeof feedWorld>>
let server: Awaited<ReturnType<typeof startMailServer>>
before(async () => {
  server = await startMailServer()
  world = await feedWorld({ mail: sampleMailConfig(server.port) })
})
beforeEach(async () => {
  await world.reset()
  await world.ctx.sql`delete from mails`
})
after(async () => {
  await world.close()
  await server.close()
})

const ours = (changes: Parameters<typeof feedAt>[1] = {}) =>
  feedAt(`${world.source.url}/rates?key=${secret}`, { time_pointer: null, ...changes })
const says = (rate: string): void => world.source.says(`{"rates":{"RUB":${rate},"EUR":0.86}}`)
const fails = (): void => world.source.does((response) => void response.writeHead(503).end(secret))

type Mail = { title: string; body: string; audience: string; account_id: string; subject_id: string }
const queued = () => world.ctx.sql<Mail[]>`
  select title, body, audience, account_id, subject_id from mails order by created_at, id`
const titles = async (): Promise<string[]> => (await queued()).map(({ title }) => title)

/** Several workers look at once. */
const look = () => Promise.all([1, 2, 3, 4].map(() => watchRates(world.ctx)))

async function rounds(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    world.pass(60)
    await Promise.all([1, 2, 3, 4].map(() => askDue(world.ctx)))
  }
}

describe('an alarm is one mail when it begins and one when it is over', () => {
  test('a rate that is missing, whoever looks and however often; all pairs of a source in one mail', async () => {
    await world.register(ours({ pairs: [roubles, euros] }))
    says('84')
    await world.round()
    world.pass(601)
    for (let times = 0; times < 4; times += 1) await look()
    assert.deepEqual(await titles(), ['No fresh rates of market'])
    const [mail] = await queued()
    assert.match(mail?.body ?? '', /^There is no rate .*\n\nUSDT\/EUR\nUSDT\/RUB\n\nnpm run providers -- feeds\n$/)
    assert.deepEqual([mail?.audience, mail?.account_id, mail?.subject_id], ['operator', 'platform', 'market'])
    await world.round(0)
    for (let times = 0; times < 4; times += 1) await look()
    assert.deepEqual(await titles(), ['No fresh rates of market', 'Fresh rates again of market'])
  })

  test('a feed that fails, from the third answer on, not at each of them', async () => {
    await world.register(ours({ pairs: [roubles, euros] }))
    says('84')
    await rounds(1)
    fails()
    await rounds(2)
    assert.deepEqual(await titles(), [])
    await rounds(1)
    assert.deepEqual(await titles(), ['The feed fails: market'])
    assert.match((await queued())[0]?.body ?? '', /\nUSDT\/EUR: last answer: answered 503\nUSDT\/RUB: last answer: /)
    await rounds(5)
    says('84')
    await rounds(2)
    fails()
    await rounds(2)
    assert.equal((await queued()).length, 1)
    says('84')
    await rounds(6)
    assert.deepEqual(await titles(), ['The feed fails: market', 'The feed works again: market'])
  })

  test('a jump that is not used, until it is believed', async () => {
    await world.register(ours({ pairs: [roubles, euros] }))
    says('84')
    await rounds(1)
    says('120')
    await rounds(2)
    assert.deepEqual(await titles(), ['A rate jumps: market'])
    assert.match((await queued())[0]?.body ?? '', /\n\nUSDT\/RUB: 120, before 84\n\n/)
    await rounds(4)
    assert.deepEqual(await titles(), ['A rate jumps: market', 'A rate stays where it jumped to: market'])
  })

  test('a source that jumps every other time is one alarm until it is calm', async () => {
    await world.register(ours())
    says('84')
    await rounds(1)
    for (let times = 0; times < 6; times += 1) {
      says('120')
      await rounds(1)
      says('84')
      await rounds(1)
    }
    assert.deepEqual(await titles(), ['A rate jumps: market'])
    await rounds(2)
    assert.deepEqual(await titles(), ['A rate jumps: market', 'A rate jumps no more: market'])
    await rounds(3)
    assert.equal((await queued()).length, 2)
  })

  test('an alarm that stood when the feed was registered anew is over once too', async () => {
    await world.register(ours())
    fails()
    await rounds(4)
    says('84')
    await world.register(ours())
    await rounds(5)
    assert.deepEqual(await titles(), ['The feed fails: market', 'The feed works again: market'])
  })
})

test('the answer of a worker that comes home after its lease does not count', async () => {
  await world.register(ours())
  fails()
  await rounds(1)
  world.pass(60)
  const [slow] = await claimRateFeeds(world.ctx, 1)
  world.pass(91)
  const [next] = await claimRateFeeds(world.ctx, 1)
  assert.ok(slow && next)
  await Promise.all([askRateFeed(world.ctx, slow), askRateFeed(world.ctx, next)])
  assert.deepEqual(await titles(), [])
  await rounds(1)
  assert.deepEqual(await titles(), ['The feed fails: market'])
})

test('the alarm and its mail are one commit: neither is there without the other', async () => {
  const { sql } = world.ctx
  await world.register(ours())
  says('84')
  await rounds(1)
  says('120')
  await sql`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$`
  try {
    for (const refusal of [
      sql`create trigger refuse before insert on mails for each row execute function refuse()`,
      sql`create constraint trigger refuse after update on rate_feed_pairs deferrable initially deferred
        for each row execute function refuse()`,
    ]) {
      await refusal
      world.pass(601)
      await assert.rejects(askDue(world.ctx), /refused/)
      await assert.rejects(watchRates(world.ctx), /refused/)
      await sql`drop trigger if exists refuse on mails`
      await sql`drop trigger if exists refuse on rate_feed_pairs`
      assert.deepEqual(await titles(), [])
    }
  } finally {
    await sql`drop function refuse() cascade`
  }
  await look()
  world.pass(601)
  await askDue(world.ctx)
  assert.deepEqual(await titles(), ['No fresh rates of market', 'A rate jumps: market'])
})

test('nothing of the address or the header of a feed is in a mail, whatever the source says', async () => {
  await world.register(ours({ header_name: 'Authorization', header_value: secret, pairs: [roubles] }))
  await world.register(
    feedAt(`http://${secret}.invalid/{from}`, { source: 'away', header_name: 'X-Key', header_value: secret }),
  )
  world.source.does((response) => void response.end(`{"rates":{"RUB":"${secret}"}}`))
  await rounds(12)
  await look()
  says('84')
  await rounds(3)
  says('120')
  await rounds(3)
  await look()
  const mails = await queued()
  assert.deepEqual(new Set(mails.map(({ subject_id }) => subject_id)), new Set(['market', 'away']))
  assert.equal(mails.length, 8)
  for (const { title, body } of mails)
    assert.doesNotMatch(`${title}\n${body}`, /k3y|http|127\.0\.0\.1|Authorization|X-Key/i)
  assert.match(
    mails.find(({ title }) => title === 'The feed fails: away')?.body ?? '',
    /last answer: no answer: ENOTFOUND\n/,
  )
})

test('the mail goes to the operators of the installation', async () => {
  server.received.length = 0
  await world.register(ours())
  fails()
  await rounds(3)
  await sendDue(world.ctx)
  const [got] = server.received
  assert.deepEqual(got?.to, ['operators@cascad.example'])
  assert.deepEqual(got?.headers.get('subject'), ['The feed fails: market'])
})

test('without a mail server or an operator the alarm is noted and nothing queued', async () => {
  await world.register(ours())
  fails()
  const { config } = world.ctx
  for (const mail of [null, sampleMailConfig(server.port, { operator: null })]) {
    await world.ctx.sql`update rate_feed_pairs set failing = false, stale = false, streak = 0`
    for (let times = 0; times < 11; times += 1) {
      world.pass(60)
      await askDue({ ...world.ctx, config: { ...config, mail } })
    }
    await watchRates({ ...world.ctx, config: { ...config, mail } })
    assert.deepEqual(
      [...(await world.ctx.sql`select failing, stale from rate_feed_pairs`)],
      [{ failing: true, stale: true }],
    )
  }
  assert.deepEqual(await titles(), [])
})
