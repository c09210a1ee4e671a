/** "I have paid" and "other details" in the same instant, from two tabs: exactly one of them happens, and the other is told so. */
import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { State } from '../payments/find-payment.ts'
import { runningOf } from '../payments/running.ts'
import { askForOther } from './ask-other.ts'
import { cancelRequisites } from './cancel-requisites.ts'
import { claimPaid } from './claim-paid.ts'
import { readRequisitesView } from './read-requisites-view.ts'
import { type Desks, hour, minute, openDesks } from './sample-desks.ts'

let world: Desks
before(async () => {
  world = await openDesks()
})
afterEach(() => world.reset())
after(() => world.close())

const whole = 45_614_036n
const claim = ({ payment }: State, asked = 1) => claimPaid(world.ctx, world.account, payment, asked)
const other = ({ payment }: State) => askForOther(world.ctx, world.account, payment)
const cancel = ({ payment }: State) => cancelRequisites(world.ctx, world.account, payment)
const search = (): Promise<State> =>
  world.search('issue_never', { expires_at: new Date(world.now().getTime() + 5 * hour) })
const settled = async ({ payment }: State): Promise<unknown> => runningOf(world.ctx, payment.id)
const sets = async (of: State) => (await world.rowsOf(of)).map(({ state, claimed_at }) => [state, claimed_at !== null])

/** Keeps everybody else from the row of the first requisites until `meanwhile` is over, which may change it. */
async function holding(of: State, meanwhile: (claimNow: () => Promise<unknown>) => Promise<void>): Promise<void> {
  const { attempt_id } = await world.row(of)
  await world.ctx.sql.begin(async (tx) => {
    await tx`select 1 from provider_payments where attempt_id = ${attempt_id} for update`
    await meanwhile(() => tx`update provider_payments set claimed_at = ${world.now()} where attempt_id = ${attempt_id}`)
  })
}

/** Until so many statements wait for a row of ours. */
async function waiting(count: number): Promise<void> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    const [{ waiters } = { waiters: 0 }] = await world.ctx.sql<{ waiters: number }[]>`
      select count(distinct pid)::integer as waiters from pg_locks
      where not granted and (database is null or database = (select oid from pg_database where datname = current_database()))
        and pid in (select pid from pg_stat_activity where datname = current_database())`
    if (waiters >= count) return
    await sleep(10)
  }
  assert.fail(`${count} statements never waited`)
}

for (const [name, act, end] of [
  ['other details', other, 'searching'],
  ['giving up', cancel, 'cancelled'],
] as const) {
  describe(`"I have paid" and ${name}`, () => {
    test('the claim is committed while the other is being written: nothing is given up', async () => {
      for (let round = 0; round < 8; round += 1) {
        const state = await search()
        const before = await world.figures('volga')
        let acted: Promise<string> | null = null
        await holding(state, async (claimNow) => {
          acted = act(state)
          await waiting(1)
          await claimNow()
        })
        assert.equal(await acted, 'claimed')
        await settled(state)
        assert.deepEqual(await sets(state), [['issued', true]])
        assert.equal((await world.load(state)).payment.status, 'process_pending')
        assert.deepEqual(await world.figures('volga'), before)
        assert.equal(await act(state), 'claimed', 'nor is it afterwards')
      }
    })

    test('both wait for the same row, in either order: one happens, the other says why it did not', async () => {
      for (let round = 0; round < 8; round += 1) {
        const state = await search()
        const pressed: { claimed: Promise<string> | null; acted: Promise<string> | null } = {
          claimed: null,
          acted: null,
        }
        await holding(state, async () => {
          if (round % 2 === 0) pressed.claimed = claim(state)
          else pressed.acted = act(state)
          await waiting(1)
          pressed.claimed ??= claim(state)
          pressed.acted ??= act(state)
          await waiting(2)
        })
        const results = [await pressed.claimed, await pressed.acted]
        await settled(state)
        const [first] = await sets(state)
        if (results[0] === 'claimed') assert.deepEqual([results[1], first], ['claimed', ['issued', true]])
        else
          assert.deepEqual(
            [results, first],
            [
              ['too_late', end],
              ['cancelled', false],
            ],
          )
      }
    })

    test('given up first: the claim is for details that are not valid any more, and not for those that are', async () => {
      const state = await search()
      assert.equal(await act(state), end)
      await settled(state)
      assert.equal(await claim(state), 'too_late')
      assert.deepEqual((await sets(state))[0], ['cancelled', false])
      assert.ok((await sets(state)).every(([, claimed]) => !claimed))
    })
  })
}

test('from several tabs at once, round after round: never both, and what was sent to the first is paid once', async () => {
  for (let round = 0; round < 12; round += 1) {
    const state = await search()
    const [first] = await world.rowsOf(state)
    assert.ok(first)
    const acts = [() => claim(state), () => other(state), () => claim(state), () => other(state)]
    const turned = [...acts.slice(round % 4), ...acts.slice(0, round % 4)]
    const results = await Promise.all(turned.map((press) => press()))
    await settled(state)
    const all = await sets(state)
    if (results.includes('searching')) {
      assert.deepEqual(all[0], ['cancelled', false], `${results}`)
      assert.ok(results.includes('too_late') && !results.includes('claimed'), `${results}`)
    } else {
      assert.deepEqual(all, [['issued', true]], `${results}`)
      assert.ok(!results.includes('too_late'), `${results}`)
    }
    const before = await world.figures('volga')
    world.setPaid(first)
    await world.pass(minute)
    assert.equal((await world.row(state)).state === 'issued', false)
    assert.equal((await world.load(state)).payment.status, 'processed')
    assert.equal(before.total_minor - (await world.figures('volga')).total_minor, whole)
  }
})

test('a page that was read while others were being looked for shows them, and not that there were never any', async () => {
  const read = await search()
  assert.equal(await other(read), 'searching')
  await settled(read)
  const view = await readRequisitesView(world.ctx, world.account, read)
  assert.deepEqual([view?.asked, view?.phase, view?.method], [2, 'waiting', 'card'])
})

test('a claim for requisites of another number, or of none, changes nothing', async () => {
  const state = await search()
  for (const asked of [0, 2, 99, -1, 1.5, Number.NaN]) assert.equal(await claim(state, asked), 'nothing')
  assert.deepEqual(await sets(state), [['issued', false]])
  const refused = await world.search('refuse:NO_REQUISITES')
  const none = (await world.rowsOf(refused)).findIndex(({ issued_at }) => issued_at === null)
  assert.equal(await claim(refused, none + 1), 'nothing')
})
