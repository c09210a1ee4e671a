import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import type { State } from '../payments/find-payment.ts'
import { type Desks, hour, minute, openDesks, second } from './sample-desks.ts'

let world: Desks
before(async () => {
  world = await openDesks()
})
afterEach(() => world.reset())
after(() => world.close())

const whole = 45_614_036n
const status = async (of: State): Promise<string> => (await world.load(of)).payment.status
/** Milliseconds from the first time to each. */
const since = (start: Date | null, times: readonly Date[]): number[] =>
  times.map((time) => time.getTime() - (start?.getTime() ?? 0))

describe('a payment that nobody pays', () => {
  test('is asked about by the schedule, ends at its time, is cancelled, and is asked about for three days', async () => {
    const before = await world.figures('volga')
    const state = await world.search('issue_never')
    const start = await world.row(state)
    const finalise_ms = 31.5 * minute
    assert.deepEqual(since(start.issued_at, [start.expires_at as Date, start.finalise_at as Date]), [
      30 * minute,
      finalise_ms,
    ])
    await world.pass(finalise_ms - 1)
    assert.equal((await world.row(state)).state, 'issued')
    await world.pass(1)
    const over = await world.row(state)
    assert.equal(over.state, 'expired')
    assert.deepEqual(over.ended_at, over.finalise_at)
    assert.deepEqual(await world.figures('volga'), before)
    await world.pass(80 * hour)
    const asked = since(start.issued_at, world.calls(start, 'GET_PAYMENT'))
    let last = 0
    for (const at of asked) {
      const regular =
        last < 5 * minute
          ? 10 * second
          : last < finalise_ms
            ? 30 * second
            : last < finalise_ms + 30 * minute
              ? minute
              : last < finalise_ms + 24 * hour
                ? 15 * minute
                : 6 * hour
      assert.ok(at - last <= regular * 1.1, `${at - last} ms after ${last} ms`)
      if (at !== finalise_ms && at !== finalise_ms + 72 * hour)
        assert.ok(at - last >= regular * 0.9, `${at - last} ms after ${last} ms`)
      last = at
    }
    assert.ok(asked.includes(finalise_ms))
    assert.equal(last, finalise_ms + 72 * hour)
    assert.equal(asked.length, (await world.row(state)).polls)
    const end = await world.row(state)
    assert.deepEqual([end.poll_at, end.cancel_status, end.cancel_tries], [null, 'delivered', 1])
    assert.deepEqual(since(start.finalise_at, world.calls(start, 'CANCEL_PAYMENT')), [0])
    assert.equal(await status(state), 'process_failed')
    assert.deepEqual(await world.casesOf(end), [])
    assert.deepEqual(await world.told(state), ['process_pending', 'process_failed'])
  })

  test('while nobody asked for hours, is asked about once before it is over', async () => {
    const unpaid = await world.search('issue_never')
    const paid = await world.search('issue')
    world.sleep(2 * hour)
    world.setPaid(await world.row(paid))
    await world.work()
    const [over, success] = [await world.row(unpaid), await world.row(paid)]
    assert.deepEqual([over.state, over.polls], ['expired', 1])
    assert.deepEqual([success.state, success.late, success.polls], ['success', false, 1])
    assert.deepEqual([await status(unpaid), await status(paid)], ['process_failed', 'processed'])
    assert.equal(world.calls(success, 'CANCEL_PAYMENT').length, 0)
  })

  test('keeps the payment open for others while that lasts, unless its payer says that he has paid', async () => {
    const expires_at = new Date(world.now().getTime() + 3 * hour)
    const [quiet, claimed] = [
      await world.search('issue_never', { expires_at }),
      await world.search('issue_never', { expires_at }),
    ]
    const row = await world.row(claimed)
    await world.ctx.sql`update provider_payments set claimed_at = ${world.now()} where attempt_id = ${row.attempt_id}`
    await world.pass(32 * minute)
    assert.deepEqual([(await world.row(quiet)).state, (await world.row(claimed)).state], ['expired', 'expired'])
    assert.deepEqual([await status(quiet), await status(claimed)], ['process_pending', 'process_failed'])
  })
})

describe('a payment that is paid', () => {
  test('succeeds with the next question, is debited once, and is asked about once more', async () => {
    const before = await world.figures('volga')
    const state = await world.search('issue_success:7')
    await world.pass(8 * second)
    assert.equal((await world.row(state)).state, 'issued')
    await world.pass(3 * second)
    const row = await world.row(state)
    assert.deepEqual([row.state, row.late], ['success', false])
    assert.equal(await status(state), 'processed')
    const after = await world.figures('volga')
    assert.deepEqual([after.held_minor, before.total_minor - after.total_minor], [before.held_minor, whole])
    await world.pass(100 * hour)
    assert.deepEqual(since(row.paid_at, world.calls(row, 'GET_PAYMENT')).slice(-2), [0, 10 * minute])
    assert.deepEqual(await world.figures('volga'), after)
    assert.equal((await world.told(state)).filter((one) => one === 'processed').length, 1)
    assert.equal(world.calls(row, 'CANCEL_PAYMENT').length, 0)
  })

  test('stays paid when the provider takes it back; a person looks at it', async () => {
    for (const then of ['failed', 'pending'] as const) {
      const state = await world.search('issue')
      world.setPaid(await world.row(state))
      await world.pass(11 * second)
      world.setPaid(await world.row(state), then)
      const figures = await world.figures('volga')
      await world.pass(11 * minute)
      const row = await world.row(state)
      assert.equal(row.state, 'success')
      assert.deepEqual(await world.casesOf(row), ['status_regression'])
      assert.equal(await status(state), 'processed')
      assert.deepEqual(await world.figures('volga'), figures)
    }
  })

  test('by the word of the first answer alone, is not paid', async () => {
    const state = await world.search('issue_now_success')
    await world.pass(minute)
    assert.equal((await world.row(state)).state, 'issued')
  })

  test('after its end is paid late, also from an empty balance, and the merchant is told once', async () => {
    const state = await world.search('issue_late:3600')
    await world.pass(32 * minute)
    assert.equal(await status(state), 'process_failed')
    const fill = await world.empty('volga')
    assert.equal((await world.figures('volga')).available_minor, 0n)
    // Paid an hour after its window, and asked about every quarter of an hour, give or take a tenth.
    await world.pass(77 * minute)
    const row = await world.row(state)
    assert.deepEqual([row.state, row.late], ['success', true])
    assert.equal((await world.figures('volga')).available_minor, -whole)
    assert.equal(await status(state), 'processed')
    assert.equal((await world.told(state)).filter((one) => one === 'processed').length, 1)
    await world.pass(80 * hour)
    assert.equal((await world.figures('volga')).available_minor, -whole)
    await fill()
  })
})

describe('a payment that fails early', () => {
  test('is over at once, and paid all the same if the money comes', async () => {
    const before = await world.figures('volga')
    const state = await world.search('issue_fail:60')
    await world.pass(2 * minute)
    const row = await world.row(state)
    assert.equal(row.state, 'failed')
    assert.ok(row.ended_at !== null && row.expires_at !== null && row.ended_at < row.expires_at)
    assert.deepEqual(await world.figures('volga'), before)
    assert.equal(world.calls(row, 'CANCEL_PAYMENT').length, 0)
    world.setPaid(row)
    await world.pass(minute)
    assert.deepEqual([(await world.row(state)).state, (await world.row(state)).late], ['success', true])
    assert.equal(before.total_minor - (await world.figures('volga')).total_minor, whole)
  })
})
