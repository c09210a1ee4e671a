import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { addProvider, sampleNow as now } from '../cascades/sample-provider.ts'
import { addProviderPayment } from '../cascades/sample-provider-payment.ts'
import { claimDue, endLease, type Followed, updatePolled } from './table.ts'

let db: TestDatabase
before(async () => {
  db = await testDatabase()
})
after(() => db.close())

const lease_until = new Date(now.getTime() + 60_000)

test('due rows are claimed by one worker each, oldest first, and again when a lease has run out', async () => {
  const provider = await addProvider(db.sql, 0n)
  const added: string[] = []
  for (let age = 50; age > 0; age -= 1) {
    const { attempt_id } = await addProviderPayment(db.sql, provider, { poll_at: new Date(now.getTime() - age * 1000) })
    added.push(attempt_id)
  }
  await addProviderPayment(db.sql, provider, { poll_at: new Date(now.getTime() + 1) })
  await addProviderPayment(db.sql, provider, { poll_at: null, state: 'success' })
  const claims = await Promise.all(Array.from({ length: 8 }, () => claimDue(db.sql, now, lease_until, 5)))
  const rest = await claimDue(db.sql, now, lease_until, 100)
  const claimed = [...claims.flat(), ...rest].map(({ attempt_id }) => attempt_id)
  assert.deepEqual(claimed.toSorted(), added.toSorted())
  assert.equal((await claimDue(db.sql, now, lease_until, 100)).length, 0)
  const later = new Date(lease_until.getTime() + 1)
  const [oldest] = await claimDue(db.sql, later, new Date(later.getTime() + 60_000), 1)
  assert.equal(oldest?.attempt_id, added[0])
  await endLease(db.sql, oldest as Followed)
  assert.equal((await claimDue(db.sql, later, new Date(later.getTime() + 60_000), 1))[0]?.attempt_id, added[0])
})

test('what came of a question is not written over news that came beside it', async () => {
  const provider = await addProvider(db.sql, 0n)
  const polled = { poll_at: null, polls: 1, poll_errors: 0, not_found_since: null, not_found_count: 0, polled_at: now }
  const changes = [
    { state: 'success' },
    { poll_at: new Date(now.getTime() - 1) },
    { claimed_at: now },
    { cancel_tries: 1 },
  ]
  const written: boolean[] = []
  for (const change of changes) {
    const far = new Date(now.getTime() - 100_000)
    const { attempt_id } = await addProviderPayment(db.sql, provider, { poll_at: far })
    const [seen] = await claimDue(db.sql, now, lease_until, 1)
    assert.equal(seen?.attempt_id, attempt_id)
    await db.sql`update provider_payments set ${db.sql(change)} where attempt_id = ${attempt_id}`
    written.push(await updatePolled(db.sql, seen as Followed, polled))
    await db.sql`delete from provider_payments where attempt_id = ${attempt_id}`
  }
  assert.deepEqual(written, [false, false, false, true])
})
