/** A provider's balance changed by hand takes two persons, and never what is not there. Cascade API, 9.1 and 9.2. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { decideCorrection } from './decide-correction.ts'
import { exportStatement } from './export-statement.ts'
import { listCorrections } from './list-corrections.ts'
import type { Provider } from './provider.ts'
import { readBalance } from './read-balance.ts'
import { requestCorrection } from './request-correction.ts'
import { addProvider, hold, nextAttempt, sampleContext } from './sample-provider.ts'

let db: TestDatabase
before(async () => {
  db = await testDatabase()
})
after(async () => {
  const findings = await verifyLedger(db.sql)
  await db.close()
  assert.deepEqual(
    findings.flatMap(({ culprits }) => culprits),
    [],
  )
})

const ctx = () => sampleContext(db.sql)
const available = async (provider: Provider) => (await readBalance(db.sql, provider, false)).available_minor

async function asked(provider: Provider, change_minor: bigint): Promise<string> {
  const request = { test_mode: false, change_minor, reason: 'A transfer was counted twice.', requested_by: 'ann' }
  const correction = await requestCorrection(ctx(), provider, request)
  assert.equal(correction?.status, 'requested')
  return correction?.id ?? ''
}
const end = (provider: Provider, id: string, by: string, status: 'approved' | 'rejected' = 'approved') =>
  decideCorrection(ctx(), provider, id, { status, by })

test('nothing changes before another person approves, and then once', async () => {
  const provider = await addProvider(db.sql, 1_000n)
  const id = await asked(provider, 250n)
  assert.equal((await end(provider, id, 'ann')).result, 'same_person')
  assert.equal(await available(provider), 1_000n)
  const all = await Promise.all(['ben', 'cy', 'dan', 'eve'].map((by) => end(provider, id, by)))
  assert.deepEqual(all.map(({ result }) => result).sort(), ['decided', ...Array(3).fill('decided_before')])
  assert.equal(await available(provider), 1_250n)
  const [shown] = await listCorrections(db.sql, provider.id, false)
  assert.deepEqual(
    [shown?.id, shown?.status, shown?.requested_by, shown?.decided_by !== 'ann'],
    [id, 'approved', 'ann', true],
  )
})

test('it may be rejected by whoever, and is over then', async () => {
  const provider = await addProvider(db.sql, 1_000n)
  const id = await asked(provider, 250n)
  assert.equal((await end(provider, id, 'ann', 'rejected')).result, 'decided')
  assert.equal((await end(provider, id, 'ben')).result, 'decided_before')
  assert.equal(await available(provider), 1_000n)
  assert.equal((await end(provider, 'cor_none', 'ben')).result, 'unknown')
})

test('it takes what is available and no more, however many holds come at once', async () => {
  const provider = await addProvider(db.sql, 1_000n)
  const id = await asked(provider, -600n)
  const holds = Array.from({ length: 6 }, () =>
    hold(db.sql, provider, { attempt_id: nextAttempt(), amount_minor: 10_000n, rate: '1' }),
  )
  await Promise.all([...holds, end(provider, id, 'ben')])
  assert.ok((await available(provider)) >= 0n)
  const poor = await addProvider(db.sql, 599n)
  const other = await asked(poor, -600n)
  assert.equal((await end(poor, other, 'ben')).result, 'not_available')
  assert.equal(await available(poor), 599n)
})

test('two corrections that do not both fit: one is booked', async () => {
  const provider = await addProvider(db.sql, 1_000n)
  const ids = [await asked(provider, -700n), await asked(provider, -700n)]
  const all = await Promise.all(ids.map((id) => end(provider, id, 'ben')))
  assert.deepEqual(all.map(({ result }) => result).sort(), ['decided', 'not_available'])
  assert.equal(await available(provider), 300n)
})

test('no reason, or no change, is no correction', async () => {
  const provider = await addProvider(db.sql, 1_000n)
  const request = { test_mode: false, change_minor: 5n, reason: ' ', requested_by: 'ann' }
  assert.equal(await requestCorrection(ctx(), provider, request), null)
  assert.equal(await requestCorrection(ctx(), provider, { ...request, change_minor: 0n, reason: 'x' }), null)
})

test('the statement says what it was', async () => {
  const provider = await addProvider(db.sql, 1_000n)
  await end(provider, await asked(provider, 250n), 'ben')
  await end(provider, await asked(provider, -50n), 'ben')
  let csv = ''
  for await (const piece of exportStatement(db.sql, provider, { test_mode: false })) csv += piece
  assert.match(csv, /correction_debit,cor_\w{16},,0\.50,-0\.50,12\.50,12\.00,USDT\r\n/)
  assert.match(csv, /correction_credit,cor_\w{16},,2\.50,2\.50,10\.00,12\.50,USDT\r\n/)
})
