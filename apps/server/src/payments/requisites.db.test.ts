/** The cascade over providers of requisites: real PostgreSQL, simulated desks over HTTP. Cascade API, sections 4.1, 7, 9, 13. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { demoProviders } from '../../demo/providers.ts'
import { findProvider } from '../cascades/find-provider.ts'
import { listProviderPaymentsOf } from '../cascades/find-provider-payment.ts'
import { readBalance } from '../cascades/read-balance.ts'
import { flushCalls } from '../cascades/record-call.ts'
import { applyOutcome } from './apply-outcome.ts'
import { loadState, type State } from './find-payment.ts'
import { refundPayment } from './refund-payment.ts'
import { runningOf } from './running.ts'
import { type RequisitesWorld, requisitesWorld } from './sample-requisites.ts'

let world: RequisitesWorld
before(async () => {
  world = await requisitesWorld()
})
beforeEach(async () => {
  await world.reset()
  await world.setAvailable('volga', 1_000_000_000n)
})
after(() => world.close())

const [volga, neva] = demoProviders

async function figures(name: 'volga' | 'neva') {
  const provider = await findProvider(world.ctx.sql, (name === 'volga' ? volga : neva)?.id ?? '')
  assert.ok(provider)
  const { available_minor, held_minor, total_minor } = await readBalance(world.ctx.sql, provider, true)
  return { available_minor, held_minor, total_minor }
}

const rows = ({ payment }: State) => listProviderPaymentsOf(world.ctx.sql, payment.account_id, payment.id)
const states = async (state: State) => (await rows(state)).map(({ state: name, reason }) => [name, reason])

test('requisites are given: the payer may see them, the settlement amount is held, nothing personal is in the attempt', async () => {
  const before = await figures('volga')
  const state = await world.search('3900')
  assert.deepEqual(
    [state.payment.status, state.payment.payment_status, state.attempts.map(({ status }) => status)],
    ['process_pending', 'invoked', ['incomplete']],
  )
  const [row] = await rows(state)
  assert.equal(row?.state, 'issued')
  assert.equal(row?.rate, '85.5')
  assert.equal(row?.settlement_minor, 45_614_036n)
  assert.deepEqual(Object.keys(state.attempts[0]?.action ?? {}), ['kind', 'method', 'expires_at'])
  assert.match(row?.number_mask ?? '', /^\d{6}\*{6}\d{4}$/)
  const now = await figures('volga')
  assert.equal(now.held_minor - before.held_minor, 45_614_036n)
  assert.equal(now.total_minor, before.total_minor)
})

const refusals = [
  ['refuse:NO_REQUISITES', 'refused', 'NO_REQUISITES', 'declined'],
  ['refuse:INSUFFICIENT_BALANCE', 'refused', 'INSUFFICIENT_BALANCE', 'declined'],
  ['refuse:AMOUNT_OUT_OF_RANGE', 'refused', 'AMOUNT_OUT_OF_RANGE', 'declined'],
  ['refuse_plain:410', 'refused', 'OTHER', 'declined'],
  ['throttle:1', 'refused', 'THROTTLED', 'declined'],
  ['create_failed', 'refused', 'OTHER', 'declined'],
  ['missing:bank', 'violation', null, 'declined'],
  ['wrong_method', 'violation', null, 'declined'],
  ['redirect', 'violation', null, 'declined'],
  ['e500:created', 'unknown', null, 'orphaned'],
  ['e500:not_created', 'unknown', null, 'orphaned'],
  ['reset', 'unknown', null, 'orphaned'],
  ['bad_json', 'unknown', null, 'orphaned'],
  ['huge', 'unknown', null, 'orphaned'],
] as const

for (const [step, state, reason, status] of refusals) {
  test(`${step} at the first provider: the payer sees the second one's requisites, and the first holds nothing`, async () => {
    const before = await figures('volga')
    world.script('volga', step)
    const found = await world.search('3900')
    assert.deepEqual(await states(found), [
      [state, reason],
      ['issued', null],
    ])
    assert.deepEqual(
      found.attempts.map((attempt) => attempt.status),
      [status, 'incomplete'],
    )
    assert.deepEqual(await figures('volga'), before)
  })
}

test('no provider has requisites: the third route, a page of a bank, is taken', async () => {
  world.script('volga', 'refuse:NO_REQUISITES')
  world.script('neva', 'refuse:NO_REQUISITES')
  const found = await world.search('3900')
  assert.deepEqual(
    found.attempts.map(({ gateway_id, status }) => [gateway_id, status]),
    [
      [441, 'declined'],
      [442, 'declined'],
      [420, 'incomplete'],
    ],
  )
})

test('nobody has any, not even a page: the payer may have it looked for again while attempts are left', async () => {
  await world.setStatus(420, 'off')
  for (const desk of ['volga', 'neva'] as const) world.script(desk, 'refuse:NO_REQUISITES')
  const none = await world.search('3900')
  const { status, payment_status, due_at, expires_at } = none.payment
  assert.deepEqual([status, payment_status, due_at], ['process_pending', 'process_failed', expires_at])
  for (const desk of ['volga', 'neva'] as const) world.script(desk, 'refuse:NO_REQUISITES')
  const again = await world.searchAgain(none)
  assert.deepEqual([again.payment.status, again.attempts.length], ['process_pending', 4])
  const found = await world.searchAgain(again)
  assert.deepEqual(
    found.attempts.map(({ gateway_id }) => gateway_id),
    [441, 442, 441, 442, 441],
  )
  await world.setStatus(420, 'active')
})

test('paid: the merchant has the money, the provider is debited exactly what was held', async () => {
  const before = await figures('volga')
  const state = await world.search('3900')
  const paid = await world.apply(state, world.approved)
  assert.equal(paid.payment.status, 'processed')
  assert.equal(paid.payment.processed_amount_minor, 390_000n)
  assert.deepEqual(await states(paid), [['success', null]])
  const now = await figures('volga')
  assert.equal(now.held_minor, before.held_minor)
  assert.equal(before.total_minor - now.total_minor, 45_614_036n)
  await world.apply(paid, world.approved)
  assert.deepEqual(await figures('volga'), now)
})

test('over, then paid all the same: released, then debited from what is available, and the payment succeeds', async () => {
  const before = await figures('volga')
  const state = await world.search('3900')
  const over = await world.apply(state, { type: 'time_over', claimed: true })
  assert.equal(over.payment.status, 'process_failed')
  assert.deepEqual(await figures('volga'), before)
  const [row] = await rows(over)
  assert.deepEqual([row?.state, row?.cancel_status, row?.late], ['expired', 'needed', false])
  const late = await world.apply(over, world.approved)
  assert.equal(late.payment.status, 'processed')
  const [paid] = await rows(late)
  assert.deepEqual([paid?.state, paid?.late], ['success', true])
  assert.equal(before.total_minor - (await figures('volga')).total_minor, 45_614_036n)
})

test('given up for others, and then both are paid: one sale, the second money waits for an operator', async () => {
  const state = await world.search('3900')
  const gone = await world.apply(state, { type: 'given_up', then: 'search' })
  assert.deepEqual([gone.payment.status, gone.attempts[0]?.status], ['process_pending', 'cancelled'])
  const second = await world.searchAgain(gone)
  assert.deepEqual(
    second.attempts.map(({ gateway_id, status }) => [gateway_id, status]),
    [
      [441, 'cancelled'],
      [442, 'incomplete'],
    ],
  )
  const first = (await applyOutcome(world.ctx, world.account, second, 1, world.approved, null)).state
  assert.deepEqual([first.payment.status, first.attempts[0]?.winner], ['processed', true])
  const both = (await applyOutcome(world.ctx, world.account, first, 2, world.approved, null)).state
  assert.deepEqual(both.attempts[1]?.winner, false)
  assert.deepEqual(await states(both), [
    ['success', null],
    ['success', null],
  ])
  const cases = await world.ctx.sql`select kind from provider_cases where payment_id = ${both.payment.id}`
  assert.deepEqual([...cases], [{ kind: 'double_success' }])
})

test('given up for good: the payment is terminated; money that comes then waits for an operator', async () => {
  const state = await world.search('3900')
  const gone = await world.apply(state, { type: 'given_up', then: 'end' })
  assert.equal(gone.payment.status, 'terminated')
  const late = await world.apply(gone, world.approved)
  assert.equal(late.payment.status, 'terminated')
  const cases = await world.ctx.sql`select kind from provider_cases where payment_id = ${late.payment.id}`
  assert.deepEqual([...cases], [{ kind: 'late_success' }])
})

test('a balance that does not cover the payment: the provider is not asked', async () => {
  await world.setAvailable('volga', 45_614_035n)
  const found = await world.search('3900')
  assert.deepEqual(
    found.attempts.map(({ gateway_id }) => gateway_id),
    [442],
  )
  await world.setAvailable('volga', 45_614_036n)
  assert.deepEqual(
    (await world.search('3900')).attempts.map(({ gateway_id }) => gateway_id),
    [441],
  )
})

test('20 payments at once on a balance for five: five are asked for there, the others go on to the second provider', async () => {
  await world.setAvailable('volga', 5n * 45_614_036n)
  const all = await Promise.all(Array.from({ length: 20 }, () => world.search('3900')))
  const first = all.filter(({ attempts }) => attempts[0]?.gateway_id === 441)
  assert.equal(first.length, 5)
  assert.ok(all.every(({ attempts }) => attempts.at(-1)?.status === 'incomplete'))
  assert.equal((await figures('volga')).available_minor, 0n)
})

test('an answer after the limit: its requisites are never shown, and the order is cancelled as soon as its id is known', async () => {
  await world.setCredentials(441, { create_timeout_s: 1 })
  world.script('volga', 'late_answer:2')
  const found = await world.search('3900')
  assert.deepEqual(await states(found), [
    ['unknown', null],
    ['issued', null],
  ])
  const learned = await world.eventually(
    async () => (await rows(found))[0],
    (row) => row?.orphan === true,
  )
  assert.deepEqual([learned?.cancel_status, learned?.number_mask, learned?.bank], ['needed', null, null])
  assert.ok(learned?.provider_reference)
  await world.setCredentials(441, {})
})

test('a provider that takes repeats is asked once more under the same key before others are', async () => {
  await world.ctx.sql`update provider_connections set supports_idempotency_key = true where gateway_id = 441`
  world.script('volga', 'e500:created')
  const found = await world.search('3900')
  await world.ctx.sql`update provider_connections set supports_idempotency_key = false where gateway_id = 441`
  assert.deepEqual(await states(found), [['issued', null]])
})

test('every call is in the log with masked bodies', async () => {
  const found = await world.search('3900')
  await flushCalls(world.ctx)
  const [call] = await world.ctx.sql`
    select event, http_status, reading, request::text as request, answer from provider_calls where attempt_id = ${found.attempts[0]?.id ?? ''}`
  assert.deepEqual([call?.event, call?.http_status, call?.reading], ['CREATE_PAYMENT', 201, 'issued'])
  const { number_mask } = (await rows(found))[0] ?? {}
  assert.match(call?.answer, new RegExp(String(number_mask).replaceAll('*', '\\*')))
  assert.doesNotMatch(call?.answer + call?.request, /999999\d{6}|sim_cascade_key/)
})

test('taken for dead while it was asking: what was held is released, the search goes on, and what comes then is cancelled', async () => {
  const before = await figures('volga')
  world.script('volga', 'slow:700')
  const { payment } = await world.create('3900')
  const asking = runningOf(world.ctx, payment.id)
  const load = () => loadState(world.ctx, payment.account_id, payment.id)
  const sent = await world.eventually(load, ({ attempts }) => attempts.length === 1)
  const dead = await world.apply(sent, { type: 'unknown', detail: 'the process died' })
  assert.deepEqual([dead.attempts[0]?.status, dead.payment.payment_status], ['orphaned', 'invoked'])
  assert.deepEqual(await figures('volga'), before)
  assert.ok(dead.payment.due_at && dead.payment.due_at <= new Date())
  const answered = await asking
  assert.deepEqual(
    answered?.attempts.map(({ status }) => status),
    ['orphaned'],
  )
  const [row] = await rows(dead)
  assert.deepEqual([row?.state, row?.orphan, row?.cancel_status], ['unknown', true, 'needed'])
  const on = await world.searchAgain(await load())
  assert.equal(on.attempts.at(-1)?.status, 'incomplete')
})

test('nobody answers, and the payer has it looked for again in vain: the payment names the providers’ error, not an unknown end', async (t) => {
  await world.setStatus(420, 'off')
  t.after(() => world.setStatus(420, 'active'))
  for (const desk of ['volga', 'neva'] as const) world.script(desk, 'e500:not_created')
  const first = await world.search('3900')
  assert.deepEqual(
    first.attempts.map(({ status, class: name }) => [status, name]),
    [
      ['orphaned', 'unknown'],
      ['orphaned', 'unknown'],
    ],
  )
  assert.equal(first.payment.resolution, 'provider_error')
  const again = await world.searchAgain(first)
  assert.deepEqual([again.attempts.length, again.payment.resolution], [2, 'provider_error'])
})

test('a provider whose id belongs to another payment: nothing of it is shown, and the other payment stays as it is', async () => {
  const first = await world.search('3900')
  world.script('volga', 'duplicate_id')
  const second = await world.search('3900')
  assert.deepEqual(await states(second), [
    ['violation', null],
    ['issued', null],
  ])
  const [row] = await rows(second)
  assert.deepEqual([row?.orphan, row?.cancel_status], [false, null])
  assert.deepEqual(await states(first), [['issued', null]])
})

test('less than five minutes of lifetime left: no provider is asked', async () => {
  const found = await world.search('3900', { expires_at: new Date(Date.now() + 4 * 60_000) })
  assert.deepEqual(
    found.attempts.map(({ gateway_id }) => gateway_id),
    [420],
  )
})

test('limits of a day hold however many payments come at once', async () => {
  await world.ctx.sql`
    update provider_connections set limits = ${JSON.stringify({ card: { daily_count: 3 } })}::json where gateway_id = 441`
  await world.ctx.sql`update provider_payments set requested_at = requested_at - interval '2 days'`
  const all = await Promise.all(Array.from({ length: 9 }, () => world.search('3900')))
  await world.ctx.sql`update provider_connections set limits = '{}' where gateway_id = 441`
  assert.equal(all.filter(({ attempts }) => attempts[0]?.gateway_id === 441).length, 3)
})

test('a refund is taken and fails: the provider cannot give money back, an operator may pay it out', async () => {
  const paid = await world.apply(await world.search('3900'), world.approved)
  const wish = { amount_minor: null, reference_id: 'back', description: null }
  const { payment, refused } = await refundPayment(world.ctx, world.account, paid.payment, wish)
  assert.deepEqual([refused, payment.status, payment.refunded_amount_minor], [false, 'refund_failed', null])
})
