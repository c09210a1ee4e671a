import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type TestContext, testContext } from '../../../../tests/context.ts'
import { decideTopUp } from './decide-top-up.ts'
import { decideWithdrawal } from './decide-withdrawal.ts'
import { findProvider } from './find-provider.ts'
import { listTopUps, listWithdrawals } from './list-balance-orders.ts'
import { orderTopUp } from './order-top-up.ts'
import type { Provider } from './provider.ts'
import { readBalance } from './read-balance.ts'
import { releaseHold } from './release-hold.ts'
import { requestWithdrawal } from './request-withdrawal.ts'
import { addProvider, hold, nextAttempt } from './sample-provider.ts'
import { saveDestination } from './save-destination.ts'
import { settleSuccess } from './settle-success.ts'
import { topUpDemo } from './top-up-demo.ts'
import { watchBalances } from './watch-balances.ts'

let t: TestContext
let clock = new Date('2026-01-02T03:04:05.678Z')
before(async () => {
  t = await testContext({ now: () => clock })
})
after(() => t.close())

const available = async (provider: Provider, test_mode = false) =>
  (await readBalance(t.ctx.sql, provider, test_mode)).available_minor

describe('a top-up', () => {
  const order = { test_mode: false, amount_minor: 500n, reference: 'bank 1', ordered_by: 'desk' }

  test('counts when it is confirmed, once', async () => {
    const provider = await addProvider(t.ctx.sql, 0n)
    const { id } = await orderTopUp(t.ctx, provider, order)
    assert.equal(await available(provider), 0n)
    const confirm = () => decideTopUp(t.ctx, provider.id, id, { status: 'confirmed', decided_by: 'operator' })
    const done = await Promise.all([confirm(), confirm(), confirm()])
    assert.equal(done.filter((top_up) => top_up !== null).length, 1)
    assert.equal(await available(provider), 500n)
    assert.equal(await decideTopUp(t.ctx, provider.id, id, { status: 'rejected', decided_by: 'operator' }), null)
    const [listed] = await listTopUps(t.ctx.sql, provider.id, { test_mode: false, limit: 10 })
    assert.deepEqual([listed?.id, listed?.status, listed?.decided_by], [id, 'confirmed', 'operator'])
  })

  test('that is rejected or cancelled, or of another provider, books nothing', async () => {
    const [provider, other] = [await addProvider(t.ctx.sql, 0n), await addProvider(t.ctx.sql, 0n)]
    for (const status of ['rejected', 'cancelled'] as const) {
      const { id } = await orderTopUp(t.ctx, provider, order)
      assert.equal(await decideTopUp(t.ctx, other.id, id, { status: 'confirmed', decided_by: 'operator' }), null)
      assert.equal(
        (await decideTopUp(t.ctx, provider.id, id, { status, decided_by: 'x', note: 'no money' }))?.note,
        'no money',
      )
    }
    assert.equal(await available(provider), 0n)
    await assert.rejects(orderTopUp(t.ctx, provider, { ...order, amount_minor: 0n }), RangeError)
  })

  test('of the demo is for test money, unless everything is a demo', async () => {
    const provider = await addProvider(t.ctx.sql, 0n)
    const production = { ...t.ctx, config: { ...t.ctx.config, mode: 'production' as const } }
    await topUpDemo(production, provider, true, 70n)
    assert.equal(await available(provider, true), 70n)
    await assert.rejects(topUpDemo(production, provider, false, 70n), /real money/)
    assert.equal(await available(provider), 0n)
  })
})

describe('a withdrawal', () => {
  async function withDestination(balance_minor: bigint) {
    const provider = await addProvider(t.ctx.sql, balance_minor)
    const { id } = await saveDestination(t.ctx, provider.id, { label: 'Wallet', address: 'TXYZ-secret' }, 'desk')
    clock = new Date(clock.getTime() + 24 * 3_600_000)
    const ask = (amount_minor: bigint, destination_id = id) =>
      requestWithdrawal(t.ctx, provider, { test_mode: false, amount_minor, destination_id, requested_by: 'desk' })
    return { provider, destination_id: id, ask }
  }

  test('takes no more than is available, whoever asks at once', async () => {
    const { provider, ask } = await withDestination(1000n)
    const results = await Promise.all(Array.from({ length: 12 }, () => ask(300n)))
    assert.equal(results.filter(({ result }) => result === 'requested').length, 3)
    assert.equal(results.filter(({ result }) => result === 'balance_insufficient').length, 9)
    const figures = await readBalance(t.ctx.sql, provider, false)
    assert.deepEqual([figures.available_minor, figures.withdrawing_minor, figures.total_minor], [100n, 900n, 1000n])
    const taken = await hold(t.ctx.sql, provider, { attempt_id: nextAttempt(), amount_minor: 10100n, rate: '1' })
    assert.equal(taken.result, 'balance_insufficient')
  })

  test('goes to a destination that is known for a day', async () => {
    const { provider, ask } = await withDestination(1000n)
    const fresh = await saveDestination(t.ctx, provider.id, { label: 'New', address: 'T2' }, 'desk')
    clock = new Date(clock.getTime() + 24 * 3_600_000 - 1)
    assert.equal((await ask(1n, fresh.id)).result, 'destination_too_new')
    clock = new Date(clock.getTime() + 1)
    assert.equal((await ask(1n, fresh.id)).result, 'requested')
    assert.equal((await ask(1n, 'dst_0000000000000000')).result, 'destination_unknown')
    const [stored] = await t.ctx.sql`select address_encrypted from provider_destinations where id = ${fresh.id}`
    assert.ok(!Buffer.from(stored?.address_encrypted).includes('T2'))
  })

  test('is approved by a second person, and ends once', async () => {
    const { provider, ask } = await withDestination(1000n)
    const asked = await ask(400n)
    assert.equal(asked.result, 'requested')
    const id = asked.result === 'requested' ? asked.withdrawal.id : ''
    const step = (name: 'approved' | 'paid' | 'rejected' | 'cancelled', by: string) =>
      decideWithdrawal(t.ctx, provider.id, id, { step: name, by })
    assert.equal(await step('paid', 'operator'), null)
    assert.equal(await step('approved', 'desk'), null)
    assert.equal((await step('approved', 'operator'))?.approved_by, 'operator')
    assert.equal(await step('cancelled', 'desk'), null)
    const ends = await Promise.all([step('paid', 'operator'), step('rejected', 'operator')])
    assert.equal(ends.filter((end) => end !== null).length, 1)
    const figures = await readBalance(t.ctx.sql, provider, false)
    assert.deepEqual([figures.withdrawing_minor, figures.available_minor], [0n, ends[0] ? 600n : 1000n])
    const [listed] = await listWithdrawals(t.ctx.sql, provider.id, { test_mode: false, limit: 10 })
    assert.equal(listed?.status, ends[0] ? 'paid' : 'rejected')
  })
})

test('a balance that crosses a level is told once by whoever looks, and one far below zero takes no new payments', async () => {
  const provider = await addProvider(t.ctx.sql, 1000n)
  await t.ctx.sql`update providers set low_balance_alert_minor = 500 where id = ${provider.id}`
  const told = async (): Promise<string[]> => {
    const all = await Promise.all([watchBalances(t.ctx), watchBalances(t.ctx), watchBalances(t.ctx)])
    return all
      .flat()
      .filter(({ provider_id }) => provider_id === provider.id)
      .map(({ level }) => level)
  }
  const attempt_ids = [nextAttempt(), nextAttempt(), nextAttempt()]
  const take = (index: number, amount_minor: bigint) =>
    hold(t.ctx.sql, provider, { attempt_id: attempt_ids[index] as string, amount_minor, rate: '1' })
  assert.deepEqual(await told(), [])
  await take(0, 501n)
  assert.deepEqual(await told(), ['low'])
  assert.deepEqual(await told(), [])
  await take(1, 499n)
  assert.deepEqual(await told(), ['empty'])
  await releaseHold(t.ctx.sql, { provider_id: provider.id, attempt_id: attempt_ids[0] as string }, clock)
  assert.deepEqual(await told(), ['fine'])
  await take(2, 501n)
  await settleSuccess(
    t.ctx.sql,
    { provider_id: provider.id, attempt_id: attempt_ids[0] as string },
    new Date(clock.getTime() - 2 * 86_400_000),
  )
  assert.deepEqual(await told(), ['overdrawn'])
  assert.equal((await findProvider(t.ctx.sql, provider.id))?.draining, true)
  assert.match(
    await t.ctx.events.registry.metrics(),
    new RegExp(`provider_id="${provider.id}",mode="live",level="overdrawn"\\} 1`),
  )
})
