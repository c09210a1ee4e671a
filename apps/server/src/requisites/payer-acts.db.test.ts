import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import type { State } from '../payments/find-payment.ts'
import { runningOf } from '../payments/running.ts'
import { askForOther } from './ask-other.ts'
import { cancelRequisites } from './cancel-requisites.ts'
import { checkNow } from './check-now.ts'
import { claimPaid } from './claim-paid.ts'
import { readRequisitesView } from './read-requisites-view.ts'
import { type Desks, hour, minute, openDesks, second } from './sample-desks.ts'

let world: Desks
before(async () => {
  world = await openDesks()
})
afterEach(() => world.reset())
after(() => world.close())

const whole = 45_614_036n
const claim = ({ payment }: State) => claimPaid(world.ctx, world.account, payment, 1)
const other = ({ payment }: State) => askForOther(world.ctx, world.account, payment)
const cancel = ({ payment }: State) => cancelRequisites(world.ctx, world.account, payment)
const settled = async ({ payment }: State): Promise<unknown> => runningOf(world.ctx, payment.id)
const long = () => ({ expires_at: new Date(world.now().getTime() + 5 * hour) })
const states = async (of: State): Promise<string[]> => (await world.rowsOf(of)).map(({ state }) => state)
const phase = async (of: State): Promise<string | undefined> =>
  (await readRequisitesView(world.ctx, world.account, await world.load(of)))?.phase

describe('"I have paid"', () => {
  test('is noted once, and asked about at once and then every five seconds', async () => {
    const state = await world.search('issue_never')
    await world.pass(10 * minute)
    const before = await world.row(state)
    await Promise.all([claim(state), claim(state), claim(state)])
    const claimed_at = world.now()
    const asked = world.calls(before, 'GET_PAYMENT').length
    await world.pass(minute)
    await claim(state)
    await world.pass(minute)
    const row = await world.row(state)
    assert.deepEqual(row.claimed_at, claimed_at)
    const times = world.calls(row, 'GET_PAYMENT').slice(asked)
    assert.deepEqual(times[0], claimed_at)
    assert.ok(times.length >= 22 && times.length <= 28, String(times.length))
    await world.pass(10 * minute)
    assert.ok(world.calls(row, 'GET_PAYMENT').length - asked - times.length <= 24)
  })

  test('takes the other choices away, and pays nothing by itself', async () => {
    const state = await world.search('issue_never')
    await claim(state)
    await other(state)
    await cancel(state)
    assert.deepEqual(await states(state), ['issued'])
    assert.equal((await world.load(state)).payment.status, 'process_pending')
    assert.equal(await phase(state), 'claimed')
  })

  test('after the end changes nothing', async () => {
    const state = await world.search('issue_never')
    await world.pass(40 * minute)
    const before = await world.row(state)
    await claim(state)
    assert.deepEqual(await world.row(state), before)
  })

  test('while the last questions are asked still counts', async () => {
    const state = await world.search('issue_late:30', long())
    await world.pass(30 * minute)
    assert.equal(await phase(state), 'time_over')
    await claim(state)
    assert.equal(await phase(state), 'claimed')
    await world.pass(40 * second)
    assert.equal((await world.row(state)).state, 'success')
    assert.equal(await phase(state), 'paid')
  })
})

describe('other requisites', () => {
  test('end those that were shown, tell their provider, and are looked for elsewhere', async () => {
    const before = await world.figures('volga')
    const state = await world.search('issue_never', long())
    const [first] = await world.rowsOf(state)
    await other(state)
    await settled(state)
    assert.deepEqual(await states(state), ['cancelled', 'issued'])
    assert.deepEqual(await world.figures('volga'), before)
    await world.pass(minute)
    assert.equal(first && world.calls(first, 'CANCEL_PAYMENT').length, 1)
    assert.equal(await phase(state), 'waiting')
  })

  test('asked for many times at once, are looked for once', async () => {
    for (let round = 0; round < 3; round += 1) {
      const state = await world.search('issue_never', long())
      await Promise.all([other(state), other(state), other(state), other(state)])
      await settled(state)
      assert.deepEqual(await states(state), ['cancelled', 'issued'])
    }
  })

  test('are looked for again where the first are over', async () => {
    const state = await world.search('issue_never', long())
    await world.pass(32 * minute)
    assert.equal(await phase(state), 'over')
    await Promise.all([other(state), other(state)])
    await settled(state)
    assert.deepEqual(await states(state), ['expired', 'issued'])
    assert.equal(await phase(state), 'waiting')
  })

  test('are not looked for when the payment has ended or has no time left', async () => {
    const ended = await world.search('issue_never')
    await world.pass(32 * minute)
    await other(ended)
    assert.deepEqual(await states(ended), ['expired'])
    const short = await world.search('issue_never', { expires_at: new Date(world.now().getTime() + 6 * minute) })
    await world.pass(2 * minute)
    await other(short)
    assert.deepEqual(await states(short), ['issued'])
  })

  test('beside "I have paid", one of the two comes first, and no money is lost', async () => {
    for (let round = 0; round < 4; round += 1) {
      const state = await world.search('issue_never', long())
      const [first] = await world.rowsOf(state)
      assert.ok(first)
      await Promise.all(round % 2 === 0 ? [claim(state), other(state)] : [other(state), claim(state)])
      await settled(state)
      const before = await world.figures('volga')
      world.setPaid(first)
      await world.pass(minute)
      const [paid] = await world.rowsOf(state)
      assert.equal(paid?.state, 'success')
      assert.equal((await world.load(state)).payment.status, 'processed')
      assert.equal(before.total_minor - (await world.figures('volga')).total_minor, whole)
    }
  })

  test('beside the news that the first were paid: paid once, whoever comes first', async () => {
    for (let round = 0; round < 4; round += 1) {
      const state = await world.search('issue_never', long())
      const [first] = await world.rowsOf(state)
      assert.ok(first)
      world.setPaid(first)
      world.sleep(10 * second)
      await Promise.all(round % 2 === 0 ? [world.work(), other(state)] : [other(state), world.work()])
      await settled(state)
      await world.pass(2 * minute)
      const { payment, attempts } = await world.load(state)
      assert.equal(payment.status, 'processed')
      assert.deepEqual(
        attempts.map(({ winner }) => winner),
        attempts.map((_, index) => index === 0),
      )
      const rest = (await states(state)).slice(1)
      assert.ok(
        rest.every((one) => one === 'cancelled'),
        `${rest}`,
      )
      assert.equal((await world.told(state)).filter((one) => one === 'processed').length, 1)
    }
  })
})

describe('giving the payment up', () => {
  test('ends it, and is told to the provider once', async () => {
    const before = await world.figures('volga')
    const state = await world.search('issue')
    await Promise.all([cancel(state), cancel(state), cancel(state)])
    const { payment } = await world.load(state)
    assert.deepEqual([payment.status, await states(state), await phase(state)], ['terminated', ['cancelled'], 'ended'])
    await world.pass(minute)
    assert.equal(world.calls(await world.row(state), 'CANCEL_PAYMENT').length, 1)
    assert.deepEqual(await world.figures('volga'), before)
    assert.deepEqual((await world.told(state)).slice(-1), ['terminated'])
  })

  test('beside other requisites: one of the two', async () => {
    for (let round = 0; round < 3; round += 1) {
      const state = await world.search('issue_never', long())
      await Promise.all([cancel(state), other(state)])
      await settled(state)
      const after = await states(state)
      const { payment } = await world.load(state)
      if (payment.status === 'terminated') assert.deepEqual(after, ['cancelled'])
      else assert.deepEqual(after, ['cancelled', 'issued'])
    }
  })
})

describe('"check now"', () => {
  test('adds at most one question in five seconds', async () => {
    const state = await world.search('issue_never')
    const check = () => checkNow(world.ctx, world.account, state.payment)
    const asked = async (): Promise<number> => world.calls(await world.row(state), 'GET_PAYMENT').length
    world.sleep(5 * minute)
    await world.work()
    const before = await asked()
    assert.equal(await check(), false)
    world.sleep(5 * second)
    const all = await Promise.all([check(), check(), check(), check()])
    assert.equal(all.filter(Boolean).length, 1)
    await world.work()
    assert.equal(await asked(), before + 1)
    assert.equal(await check(), false)
    world.sleep(5 * second)
    assert.equal(await check(), true)
    await world.work()
    assert.equal(await asked(), before + 2)
  })

  test('about a payment that was never shown anything, or is not asked about any more, does nothing', async () => {
    const state = await world.search('issue_never')
    await world.pass(100 * hour)
    assert.equal(await checkNow(world.ctx, world.account, state.payment), false)
  })
})
