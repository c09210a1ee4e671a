/** A transfer that comes while something else is tried: one sale, one end, and nothing left behind. Cascade API, 7.3; real PostgreSQL, desks over HTTP. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { forgetAccount, getAccount } from '../accounts/find-account.ts'
import { listProviderPaymentsOf } from '../cascades/find-provider-payment.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { advancePayment } from './advance-payment.ts'
import { applyOutcome } from './apply-outcome.ts'
import { loadState, type State } from './find-payment.ts'
import type { News } from './rules/news.ts'
import { type RequisitesWorld, requisitesWorld } from './sample-requisites.ts'

let world: RequisitesWorld
before(async () => {
  world = await requisitesWorld()
})
beforeEach(() => world.reset())
after(async () => {
  try {
    const findings = await verifyLedger(world.ctx.sql)
    assert.deepEqual(
      findings.flatMap(({ culprits }) => culprits),
      [],
    )
  } finally {
    await world.close()
  }
})

const load = ({ payment }: State): Promise<State> => loadState(world.ctx, payment.account_id, payment.id)
const rows = ({ payment }: State) => listProviderPaymentsOf(world.ctx.sql, payment.account_id, payment.id)
async function tell(state: State, number: number, outcome: News['outcome']): Promise<State> {
  return (await applyOutcome(world.ctx, world.account, await load(state), number, outcome, null)).state
}
const advance = ({ payment }: State): Promise<void> =>
  advancePayment(world.ctx, payment.account_id, payment.id, new AbortController().signal)

/** Requisites are given up for others, nobody else has any, and the payer is sent to a page of a bank; then he pays to the first ones. */
async function paidBesideBank(): Promise<State> {
  const state = await world.search('3900')
  const gone = await world.apply(state, { type: 'given_up', then: 'search' })
  world.script('neva', 'refuse:NO_REQUISITES')
  const elsewhere = await world.searchAgain(gone)
  assert.deepEqual(
    elsewhere.attempts.map(({ gateway_id, status }) => [gateway_id, status]),
    [
      [441, 'cancelled'],
      [442, 'declined'],
      [420, 'incomplete'],
    ],
  )
  const paid = await tell(elsewhere, 1, world.approved)
  assert.deepEqual([paid.payment.status, paid.attempts[0]?.winner], ['processed', true])
  return paid
}

const declined = {
  type: 'declined',
  provider_reference: null,
  signals: {
    resolution: null,
    unified_code: null,
    network_code: null,
    advice_code: null,
    provider_code: 'failed',
    provider_text: null,
  },
} as const

for (const [name, outcome] of [
  ['says no', declined],
  ['is left until its time is over', { type: 'time_over' }],
] as const) {
  test(`a page of a bank that ${name} after the transfer came: the payment stays paid`, async () => {
    const paid = await paidBesideBank()
    const { payment } = await tell(paid, 3, outcome)
    assert.deepEqual(
      [payment.status, payment.processed_amount_minor],
      ['processed', paid.payment.processed_amount_minor],
    )
    await advance({ ...paid, payment })
    const rested = await load(paid)
    assert.deepEqual([rested.payment.status, rested.payment.due_at], ['processed', null])
  })
}

test('a page of a bank that is paid too: one winner, and the second money is given back', async () => {
  const paid = await paidBesideBank()
  const both = await tell(paid, 3, { ...world.approved, provider_reference: 'bank-order' })
  assert.equal(both.payment.status, 'processed')
  assert.deepEqual(
    both.attempts.map(({ winner, late_approval }) => [winner, late_approval]),
    [
      [true, true],
      [false, false],
      [false, true],
    ],
  )
  assert.equal(both.attempts[2]?.reversal_status, 'needed')
  assert.ok(both.payment.due_at)
})

test('paid while others are asked, and the process that asks dies: what it held is not forgotten', async () => {
  const state = await world.search('3900')
  const gone = await world.apply(state, { type: 'given_up', then: 'search' })
  world.script('neva', 'slow:700')
  const searching = world.searchAgain(gone)
  const sent = await world.eventually(
    () => load(gone),
    ({ attempts }) => attempts.length === 2,
  )
  const paid = await tell(sent, 1, world.approved)
  assert.equal(paid.payment.status, 'processed')
  assert.ok(paid.payment.due_at, 'somebody looks after the attempt that is out')
  await searching
  await advance(paid)
  const rested = await load(paid)
  assert.deepEqual([rested.payment.due_at, rested.attempts[1]?.status], [null, 'cancelled'])
  assert.deepEqual(
    (await rows(paid)).map((row) => [row.state, row.orphan]),
    [
      ['success', false],
      ['cancelled', true],
    ],
  )
})

test('who takes no late transfers takes those that come while the payment is open', async () => {
  const { sql } = world.ctx
  const save = async (accept: boolean): Promise<void> => {
    await sql`
      update accounts set options = jsonb_set(options::jsonb, '{accept_late_transfers}', ${JSON.stringify(accept)}::jsonb)::json
      where id = ${world.account.id}`
    forgetAccount(world.ctx, world.account.id)
  }
  await save(false)
  try {
    const account = await getAccount(world.ctx, world.account.id)
    assert.equal(account.options.accept_late_transfers, false)
    const state = await world.search('3900')
    const gone = await world.apply(state, { type: 'given_up', then: 'search' })
    const second = await world.searchAgain(gone)
    assert.equal(second.attempts[1]?.status, 'incomplete')
    const paid = await applyOutcome(world.ctx, account, await load(second), 1, world.approved, null)
    assert.deepEqual([paid.state.payment.status, paid.state.attempts[0]?.winner], ['processed', true])
    const failed = await world.apply(await world.search('3900'), { type: 'time_over', claimed: true })
    const late = await applyOutcome(world.ctx, account, await load(failed), 1, world.approved, null)
    assert.deepEqual([late.state.payment.status, late.code], ['process_failed', 'late_approval'])
  } finally {
    await save(true)
  }
})
