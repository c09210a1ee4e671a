/** Answers of providers that come at an unlucky moment: real PostgreSQL, desks over HTTP. Cascade API, 4.1, 5 and 8.3. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { listProviderPaymentsOf } from '../cascades/find-provider-payment.ts'
import { listCases } from '../cascades/list-cases.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { loadState, type State } from './find-payment.ts'
import { runningOf } from './running.ts'
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

const rows = ({ payment }: State) => listProviderPaymentsOf(world.ctx.sql, payment.account_id, payment.id)

/** The payment's search asks its first provider; nothing about it can be written before `body` has ended. */
async function whileAsked(step: string, body: () => Promise<unknown>): Promise<State> {
  world.script('volga', step)
  const { payment } = await world.create('3900')
  const load = () => loadState(world.ctx, payment.account_id, payment.id)
  const searching = runningOf(world.ctx, payment.id)
  await world.eventually(load, ({ attempts }) => attempts.length === 1)
  await world.ctx.sql.begin(async (tx) => {
    await tx`select 1 from payments where id = ${payment.id} for update`
    await body()
  })
  await searching
  return load()
}

test('two answers with the same id at once: the second to be written is a violation, and its search goes on', async () => {
  let other: State | null = null
  const state = await whileAsked('slow:400', async () => {
    await world.eventually(
      () =>
        world.ctx.sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      (waiting) => waiting.length > 0,
    )
    world.script('volga', 'duplicate_id')
    other = await world.search('3900')
  })
  assert.ok(other)
  const [first] = await rows(other)
  assert.equal(first?.state, 'issued')
  const found = await rows(state)
  assert.deepEqual(
    found.map((row) => [row.state, row.provider_reference === first?.provider_reference]),
    [
      ['violation', false],
      ['issued', false],
    ],
  )
  const cases = await listCases(world.ctx.sql, { attempt_id: found[0]?.attempt_id ?? '' }, 10)
  assert.deepEqual(
    cases.map(({ kind }) => kind),
    ['duplicate_reference'],
  )
  assert.deepEqual([found[0]?.cancel_at, first?.cancel_at], [null, null])
})

test('an answer that comes between the limit and the end of the attempt is cancelled all the same', async () => {
  await world.setCredentials(441, { create_timeout_s: 1 })
  try {
    const state = await whileAsked('late_answer:1.5', () => sleep(2_000))
    const learned = await world.eventually(
      async () => (await rows(state))[0],
      (row) => row?.orphan === true,
    )
    assert.deepEqual([learned?.state, learned?.orphan, learned?.cancel_status], ['unknown', true, 'needed'])
  } finally {
    await world.setCredentials(441, {})
  }
})
