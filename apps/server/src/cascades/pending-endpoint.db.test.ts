/** Another endpoint or key waits for a test, and of two who save or test at once one wins. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readConnection } from './read-connection.ts'
import { flushCalls } from './record-call.ts'
import { check, connectionOf, live, openConnections, save } from './sample-connections.ts'
import { saveConnection } from './save-connection.ts'
import { dropPending, saveCredentials } from './save-credentials.ts'

const { world, usedBy, isWaiting } = openConnections()

describe('another endpoint or key', () => {
  test('waits until a test of it has passed; only then it is used', async () => {
    const before = await usedBy(live)
    assert.equal(before.endpoint_url, world().volga.endpoint_url)
    await save(world().ctx, live, world().neva)
    assert.deepEqual(await usedBy(live), before)
    const result = await check(world().ctx, live)
    assert.deepEqual([result.which, result.passed, result.activated], ['pending', true, true])
    assert.deepEqual(
      result.calls.map(({ event, reading }) => [event, reading.result]),
      [
        ['CREATE_PAYMENT', 'issued'],
        ['CANCEL_PAYMENT', 'delivered'],
      ],
    )
    assert.equal((await usedBy(live)).endpoint_url, world().neva.endpoint_url)
    assert.equal(await isWaiting(live), false)
    assert.ok(
      world()
        .desks.payments('neva')
        .every(({ status }) => status === 'failed'),
      'what it created is cancelled',
    )
    assert.equal(world().desks.payments('volga').length, 0)
  })

  for (const step of [
    'unauthorized',
    'refuse:NO_REQUISITES',
    'e500:created',
    'bad_json',
    'redirect',
    'cancel:409',
    'cancel:500',
  ]) {
    test(`is not used when its test meets ${step}; what is in use goes on`, async () => {
      const before = await usedBy(live)
      await save(world().ctx, live, world().neva)
      world().desks.script('neva', { steps: [step] })
      const result = await check(world().ctx, live)
      assert.deepEqual([result.passed, result.activated], [false, false])
      assert.notEqual(result.text, '')
      assert.deepEqual([await usedBy(live), await isWaiting(live)], [before, true])
    })
  }

  test('an order that exists although its answer was no use is cancelled all the same', async () => {
    await save(world().ctx, live, world().neva)
    world().desks.script('neva', { steps: ['missing:bank'] })
    const result = await check(world().ctx, live)
    assert.deepEqual(
      result.calls.map(({ event, reading }) => [event, reading.result]),
      [
        ['CREATE_PAYMENT', 'violation'],
        ['CANCEL_PAYMENT', 'delivered'],
      ],
    )
    assert.ok(
      world()
        .desks.payments('neva')
        .every(({ cancelled_at_ms }) => cancelled_at_ms !== null),
    )
  })

  test('a key alone, then an address alone: both wait together', async () => {
    await save(world().ctx, live, { api_key: world().neva.api_key })
    assert.equal((await check(world().ctx, live)).passed, false, 'the key of neva at the desk volga')
    await save(world().ctx, live, { endpoint_url: world().neva.endpoint_url })
    assert.ok((await check(world().ctx, live)).activated)
    assert.deepEqual(await usedBy(live), { ...world().neva, event_form: 'prefixed' })
  })

  test('saved as it is in use already, nothing waits any more', async () => {
    await save(world().ctx, live, world().neva)
    const again = await save(world().ctx, live, world().volga)
    assert.deepEqual(again, { type: 'saved', api_key: null, pending: false })
    assert.equal(await isWaiting(live), false)
  })

  test('what waits can be dropped, once', async () => {
    await save(world().ctx, live, world().neva)
    assert.equal(await dropPending(world().ctx, await connectionOf(world().ctx, live), 'owner'), true)
    assert.equal(await dropPending(world().ctx, await connectionOf(world().ctx, live), 'owner'), false)
    assert.equal(await isWaiting(live), false)
  })

  test('the key is shown masked, and a made one only to who has it made', async () => {
    const saved = await save(world().ctx, live, { generate_key: true })
    assert.ok(saved.type === 'saved' && saved.api_key !== null)
    assert.match(saved.api_key, /^[0-9A-Za-z]{43}$/)
    const view = await readConnection(world().ctx, null, live)
    assert.equal(view?.pending?.api_key_mask, `****${saved.api_key.slice(-4)}`)
    assert.equal(view?.endpoint.api_key_mask, `****${world().volga.api_key.slice(-4)}`)
    assert.ok(!JSON.stringify(view).includes(saved.api_key) && !JSON.stringify(view).includes(world().volga.api_key))
  })

  test('is not lost when the operator changes the terms during its test, and neither are the terms', async () => {
    await save(world().ctx, live, world().neva)
    world().desks.script('neva', { steps: ['slow:300'] })
    const [result, wrong] = await Promise.all([
      check(world().ctx, live),
      saveConnection(world().ctx, await connectionOf(world().ctx, live), { window_minutes: 44 }),
    ])
    assert.deepEqual([result.activated, wrong], [true, null])
    const view = await readConnection(world().ctx, null, live)
    assert.deepEqual([view?.endpoint.endpoint_url, view?.window_minutes], [world().neva.endpoint_url, 44])
  })
})

describe('at once', () => {
  test('what was saved during a test of something else is not used by that test', async () => {
    await save(world().ctx, live, world().neva)
    world().desks.script('neva', { steps: ['slow:300'] })
    const running = check(world().ctx, live)
    while (world().desks.calls('neva').length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    const other = { endpoint_url: `${world().neva.endpoint_url}?other` }
    assert.equal((await save(world().ctx, live, other)).type, 'saved')
    const result = await running
    assert.deepEqual([result.passed, result.activated, await isWaiting(live)], [false, false, true])
    assert.equal((await usedBy(live)).endpoint_url, world().volga.endpoint_url)
  })

  test('of two tests of the same only one puts it to use', async () => {
    await save(world().ctx, live, world().neva)
    const results = await Promise.all([1, 2, 3].map(() => check(world().ctx, live)))
    assert.equal(results.filter(({ activated }) => activated).length, 1)
    assert.equal((await usedBy(live)).endpoint_url, world().neva.endpoint_url)
  })

  test('of two who save on the same ground one is told to look again', async () => {
    const own = await connectionOf(world().ctx, live)
    const saved = await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        saveCredentials(world().ctx, own, { endpoint_url: `${world().neva.endpoint_url}?${name}` }, name),
      ),
    )
    assert.deepEqual(saved.map(({ type }) => type).sort(), ['changed_meanwhile', 'changed_meanwhile', 'saved'])
  })
})

test('probes are in the log of calls as such, hold nothing and are no payments', async () => {
  const { ctx } = world()
  await flushCalls(ctx)
  await ctx.sql`delete from provider_calls`
  assert.ok((await check(ctx, live)).passed)
  await flushCalls(ctx)
  const calls = await ctx.sql`select event, attempt_id, http_status, reading from provider_calls order by at, id`
  assert.deepEqual(
    calls.map((call) => ({ ...call })),
    [
      { event: 'CREATE_PAYMENT', attempt_id: null, http_status: 201, reading: 'issued' },
      { event: 'CANCEL_PAYMENT', attempt_id: null, http_status: 200, reading: 'delivered' },
    ],
  )
  const [count] = await ctx.sql<{ rows: bigint }[]>`
    select (select count(*) from provider_payments) + (select count(*) from provider_settlements)
      + (select count(*) from ledger_transfers) + (select count(*) from gateway_results) as rows`
  assert.equal(count?.rows, 0n)
})
