import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { eraseRequisites } from '../cascades/erase-requisites.ts'
import { freezeAppeal } from '../cascades/freeze-appeal.ts'
import { unfreezeAppeal } from '../cascades/unfreeze-appeal.ts'
import { loadState, type State } from '../payments/find-payment.ts'
import { runningOf } from '../payments/running.ts'
import { askForOther } from './ask-other.ts'
import { cancelRequisites } from './cancel-requisites.ts'
import { claimPaid } from './claim-paid.ts'
import { readRequisitesView } from './read-requisites-view.ts'
import type { RequisitesView } from './requisites-view.ts'
import { type Desks, hour, minute, openDesks, second } from './sample-desks.ts'

let world: Desks
before(async () => {
  world = await openDesks()
})
afterEach(() => world.reset())
after(() => world.close())

const day = 24 * hour
async function view(of: State): Promise<RequisitesView> {
  const found = await readRequisitesView(world.ctx, world.account, await world.load(of))
  assert.ok(found)
  return found
}
const may = (seen: RequisitesView): string =>
  (['may_ask_other', 'may_cancel', 'may_claim', 'may_appeal'] as const).filter((name) => seen[name]).join(' ')
const number = /^999999\d{10}$/

test('while it may be paid, everything is shown, however often it is looked at', async () => {
  const state = await world.search('issue')
  const seen = await view(state)
  const { shown, phase, method, amount, currency, now, expires_at } = seen
  assert.deepEqual([phase, method, amount, currency, now], ['waiting', 'card', '3900', 'RUB', world.now()])
  assert.match(shown?.number ?? '', number)
  assert.equal(shown?.masked, false)
  assert.deepEqual(expires_at, (await world.row(state)).expires_at)
  assert.equal(may(seen), 'may_ask_other may_cancel may_claim')
  for (let again = 0; again < 3; again += 1) assert.deepEqual(await view(state), seen)
  assert.equal((await world.rowsOf(state)).length, 1)
})

test('when the time is over, only masks are shown, also to one who says that he has paid', async () => {
  const [quiet, claimed] = [await world.search('issue_never'), await world.search('issue_never')]
  await claimPaid(world.ctx, world.account, claimed.payment, 1)
  const before = await view(claimed)
  assert.deepEqual([before.phase, before.shown?.masked, may(before)], ['claimed', false, ''])
  await world.pass(30 * minute - 1)
  assert.equal((await view(quiet)).shown?.masked, false)
  await world.pass(1)
  const [over, waiting] = [await view(quiet), await view(claimed)]
  assert.deepEqual([over.phase, over.shown?.masked, may(over)], ['time_over', true, 'may_claim'])
  assert.deepEqual([waiting.phase, waiting.shown?.masked, may(waiting)], ['claimed', true, ''])
  assert.match(over.shown?.number ?? '', /^999999\*+\d{4}$/)
  assert.match(over.shown?.owner ?? '', /^(\S\*\*\* ?)+$/)
})

test('after the end there is nothing to do but to appeal', async () => {
  const state = await world.search('issue_never')
  await world.pass(32 * minute)
  const over = await view(state)
  assert.deepEqual([over.phase, over.shown?.masked, may(over)], ['ended', true, 'may_appeal'])
  const row = await world.row(state)
  const of = { provider_id: row.provider_id, attempt_id: row.attempt_id, appeal_id: 'apl_0000000000000002' }
  const roubles = { amount_minor: 390_000n, exponent: 2 }
  await freezeAppeal(world.ctx.sql, await world.provider('volga'), of, roubles, world.now())
  assert.equal(may(await view(state)), '')
  await unfreezeAppeal(world.ctx.sql, of, world.now())
})

test('an appeal is possible for fourteen days, and only where the merchant allows it', async () => {
  const state = await world.search('issue_never')
  await world.pass(32 * minute)
  const refusing = { ...world.account, options: { ...world.account.options, payer_appeals: false } }
  assert.equal((await readRequisitesView(world.ctx, refusing, await world.load(state)))?.may_appeal, false)
  world.sleep(14 * day - 32 * minute)
  assert.equal((await view(state)).may_appeal, true)
  world.sleep(1)
  assert.equal((await view(state)).may_appeal, false)
})

test('paid, given up, over: the page says so', async () => {
  const paid = await world.search('issue_success:5')
  await world.pass(20 * second)
  assert.deepEqual([(await view(paid)).phase, may(await view(paid))], ['paid', ''])
  assert.equal((await view(paid)).shown?.masked, true)
  const gone = await world.search('issue')
  await cancelRequisites(world.ctx, world.account, gone.payment)
  assert.deepEqual([(await view(gone)).phase, (await view(gone)).shown?.masked], ['ended', true])
  const over = await world.search('issue_never', { expires_at: new Date(world.now().getTime() + 2 * hour) })
  await world.pass(32 * minute)
  assert.deepEqual([(await view(over)).phase, may(await view(over))], ['over', 'may_ask_other may_appeal'])
  await askForOther(world.ctx, world.account, over.payment)
  assert.ok(['searching', 'waiting'].includes((await view(over)).phase))
  await runningOf(world.ctx, over.payment.id)
  const others = await view(over)
  assert.deepEqual([others.phase, others.shown?.masked], ['waiting', false])
})

test('while requisites are looked for, nothing is shown', async () => {
  const { payment } = await world.begin('slow:300')
  const searching = await view(await loadState(world.ctx, world.account.id, payment.id))
  assert.deepEqual(
    [searching.phase, searching.shown, searching.amount, may(searching)],
    ['searching', null, '3900', ''],
  )
  await runningOf(world.ctx, payment.id)
})

test('a payment by card has no such page', async () => {
  const { payment } = await world.begin('issue', { service: 'payment_card_rub_hpp' })
  const state = await loadState(world.ctx, world.account.id, payment.id)
  assert.equal(await readRequisitesView(world.ctx, world.account, state), null)
})

test('owner and number are erased ninety days after the last event; the masks stay', async () => {
  const [old, paid, appealed] = [
    await world.search('issue_never'),
    await world.search('issue_late:3600'),
    await world.search('issue_never'),
  ]
  await world.pass(3 * hour)
  const row = await world.row(appealed)
  const of = { provider_id: row.provider_id, attempt_id: row.attempt_id, appeal_id: 'apl_0000000000000003' }
  const roubles = { amount_minor: 390_000n, exponent: 2 }
  world.sleep(60 * day)
  await freezeAppeal(world.ctx.sql, await world.provider('volga'), of, roubles, world.now())
  const young = await world.search('issue_never')
  const kept = async (): Promise<boolean[]> =>
    Promise.all(
      [old, paid, appealed, young].map(async (state) => {
        const { attempt_id } = await world.row(state)
        const [found] = await world.ctx.sql<{ kept: boolean }[]>`
          select requisites_encrypted is not null as kept from provider_payments where attempt_id = ${attempt_id}`
        return found?.kept === true
      }),
    )
  await eraseRequisites(world.ctx)
  assert.deepEqual(await kept(), [true, true, true, true])
  world.sleep(30 * day - 2 * hour)
  await eraseRequisites(world.ctx)
  assert.deepEqual(await kept(), [false, true, true, true])
  world.sleep(day)
  await eraseRequisites(world.ctx)
  assert.deepEqual(await kept(), [false, false, true, true])
  assert.match((await world.row(old)).number_mask ?? '', /^999999\*+\d{4}$/)
  assert.equal((await view(old)).shown?.masked, true)
  await unfreezeAppeal(world.ctx.sql, of, world.now())
})
