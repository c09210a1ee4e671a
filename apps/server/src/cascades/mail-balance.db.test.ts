/** Who is told by e-mail that a balance runs out. Cascade API, 9.4. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import type { Context } from '../context.ts'
import { addReaders, queuedMails } from '../mail/sample-readers.ts'
import { sampleMailConfig } from '../mail/sample-server.ts'
import type { Provider } from './provider.ts'
import { releaseHold } from './release-hold.ts'
import { addProvider, hold, nextAttempt } from './sample-provider.ts'
import { settleSuccess } from './settle-success.ts'
import { topUpDemo } from './top-up-demo.ts'
import { watchBalances } from './watch-balances.ts'

const now = new Date('2026-01-02T03:04:05.678Z')
const long_ago = new Date(now.getTime() - 2 * 86_400_000)
let t: TestContext
before(async () => {
  t = await testContext({
    now: () => now,
    config: { mail: sampleMailConfig(1), public_url: 'https://pay.example.com' },
  })
})
after(() => t.close())

async function watched(balance_minor: bigint, alert_minor: bigint): Promise<Provider> {
  const provider = await addProvider(t.ctx.sql, balance_minor)
  await t.ctx.sql`update providers set low_balance_alert_minor = ${alert_minor} where id = ${provider.id}`
  await addReaders(t.ctx.sql, provider.id)
  return provider
}

/** Two workers look at once. */
async function look(ctx: Context = t.ctx): Promise<void> {
  await Promise.all([watchBalances(ctx), watchBalances(ctx)])
}

const toldOf = async ({ id }: Provider): Promise<string[]> =>
  (await queuedMails(t.ctx.sql, id)).map(({ to, title }) => `${to}: ${title.replace(/ of Desk prv_\w+/, '')}`)

test('each crossing is told once: the owner, finance and operators, and nobody when it is over', async () => {
  const provider = await watched(1000n, 500n)
  const take = async (amount_minor: bigint) => {
    const of = { provider_id: provider.id, attempt_id: nextAttempt() }
    await hold(t.ctx.sql, provider, { attempt_id: of.attempt_id, amount_minor, rate: '1' })
    return of
  }
  await look()
  assert.deepEqual(await toldOf(provider), [])
  const first = await take(501n)
  for (const _ of [1, 2, 3]) await look()
  const low = ['finance', 'owner', 'operators@cascad.example'].map((to) => `${to}: The balance is low`)
  assert.deepEqual(await toldOf(provider), low)
  await take(499n)
  await look()
  const empty = low.map((line) => line.replace('is low', 'is used up'))
  assert.deepEqual((await toldOf(provider)).sort(), [...low, ...empty].sort())
  await releaseHold(t.ctx.sql, first, now)
  await look()
  assert.equal((await toldOf(provider)).length, 6)
  await take(501n)
  await look()
  assert.equal((await toldOf(provider)).length, 9)
  await settleSuccess(t.ctx.sql, first, long_ago)
  await look()
  const last = (await toldOf(provider)).filter((line) => line.includes('far below'))
  assert.deepEqual(last, ['operators@cascad.example: The balance is far below zero'])
})

test('a letter says how much is left, where to look, and which mode it is about', async () => {
  const provider = await watched(1200n, 100_000n)
  await topUpDemo(t.ctx, provider, true, 700n)
  await t.ctx.sql`update providers set name = ${'Desk\r\nBcc: thief@evil.example'} where id = ${provider.id}`
  await look()
  const letters = await queuedMails(t.ctx.sql, provider.id)
  assert.equal(letters.length, 6)
  const live = letters.find(({ to, title }) => to === 'owner' && !title.startsWith('[test] '))
  assert.equal(live?.title, 'The balance of Desk Bcc: thief@evil.example is low')
  assert.equal(
    live?.body,
    [
      'New payments stop when nothing is left.',
      '',
      'Provider: Desk Bcc: thief@evil.example',
      'Available: 12.00\u00a0USDT',
      'Alert below: 1,000.00\u00a0USDT',
      '',
      'https://pay.example.com/dashboard/balance',
      '',
    ].join('\n'),
  )
  const ours = letters.find(({ audience, title }) => audience === 'operator' && title.startsWith('[test] '))
  assert.match(
    ours?.body ?? '',
    /Available: 7\.00\sUSDT[\s\S]*npm run providers -- statement prv_\w+ test[\s\S]*test mode/,
  )
})

test('without a mail server a crossing is noted and nothing queued', async () => {
  const provider = await watched(1000n, 5000n)
  await look({ ...t.ctx, config: { ...t.ctx.config, mail: null } })
  assert.deepEqual(await toldOf(provider), [])
  const [noted] = await t.ctx.sql<
    { level: string }[]
  >`select level from provider_alarms where provider_id = ${provider.id}`
  assert.equal(noted?.level, 'low')
})

test('whoever is told that a balance takes no new payments can rely on it: both are one commit', async () => {
  const { sql } = t.ctx
  const provider = await watched(1000n, 0n)
  const of = { provider_id: provider.id, attempt_id: nextAttempt() }
  await hold(sql, provider, { attempt_id: of.attempt_id, amount_minor: 600n, rate: '1' })
  await releaseHold(sql, of, now)
  await hold(sql, provider, { attempt_id: nextAttempt(), amount_minor: 600n, rate: '1' })
  await settleSuccess(sql, of, long_ago)
  await sql`create function refuse_draining() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`
  await sql`create trigger refuse_draining before update on providers for each row execute function refuse_draining()`
  await assert.rejects(watchBalances(t.ctx))
  assert.deepEqual(await toldOf(provider), [])
  await sql`drop trigger refuse_draining on providers`
  await look()
  assert.equal((await toldOf(provider)).length, 3)
  const [row] = await sql<{ draining: boolean }[]>`select draining from providers where id = ${provider.id}`
  assert.equal(row?.draining, true)
})
