import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { type ProviderCode, providerBookings } from '../ledger/rules/provider-transfers.ts'
import type { Provider } from './provider.ts'
import { readBalance } from './read-balance.ts'
import { readStatement, type StatementLine } from './read-statement.ts'
import { releaseHold } from './release-hold.ts'
import { addProvider, hold, nextAttempt, sampleContext, sampleNow } from './sample-provider.ts'
import { settleSuccess } from './settle-success.ts'
import { sumStatementDays } from './sum-statement-days.ts'
import { topUpDemo } from './top-up-demo.ts'

let database: TestDatabase
before(async () => {
  database = await testDatabase()
})
after(() => database.close())

type Event = 'top_up' | 'hold_and_release' | 'hold_and_pay' | 'hold'

async function play(provider: Provider, events: readonly Event[]): Promise<void> {
  const { sql } = database
  for (const event of events) {
    if (event === 'top_up') {
      await topUpDemo(sampleContext(sql), provider, false, 700n)
      continue
    }
    const of = { provider_id: provider.id, attempt_id: nextAttempt() }
    await hold(sql, provider, { attempt_id: of.attempt_id, amount_minor: 85_500n })
    if (event === 'hold_and_release') await releaseHold(sql, of, sampleNow)
    if (event === 'hold_and_pay') await settleSuccess(sql, of, sampleNow)
  }
}

async function readAll(provider: Provider, codes: readonly ProviderCode[] | null, limit: number) {
  const lines: StatementLine[] = []
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page = await readStatement(database.sql, provider, {
      test_mode: false,
      ...(codes ? { codes } : {}),
      ...(cursor ? { cursor } : {}),
      limit,
    })
    assert.ok(page.lines.length <= limit)
    lines.push(...page.lines)
    cursor = page.cursor
  }
  return lines
}

const events = fc.array(fc.constantFrom<Event>('top_up', 'hold_and_release', 'hold_and_pay', 'hold'), { maxLength: 12 })
const codes = fc.subarray(Object.keys(providerBookings) as ProviderCode[], { minLength: 1 })

test('a statement of some kinds has the lines and balances of the whole one, whatever the pages', async () => {
  await fc.assert(
    fc.asyncProperty(events, codes, fc.integer({ min: 1, max: 5 }), async (played, wanted, limit) => {
      const provider = await addProvider(database.sql, 1_000_000n)
      await play(provider, played)
      const whole = await readAll(provider, null, 1000)
      assert.deepEqual(await readAll(provider, null, limit), whole)
      const some = whole.filter(({ code }) => wanted.includes(code))
      assert.deepEqual(await readAll(provider, wanted, limit), some)
    }),
    { numRuns: 25 },
  )
})

test('days add up to the balance, kind by kind', async () => {
  const provider = await addProvider(database.sql, 1_000_000n)
  await play(provider, ['top_up', 'hold_and_pay', 'hold_and_release', 'hold', 'hold_and_pay'])
  const period = { test_mode: false, from: new Date('2026-01-02T00:00:00Z'), to: new Date('2026-01-03T00:00:00Z') }
  const days = await sumStatementDays(database.sql, provider, period)
  assert.deepEqual(
    days.map(({ day, code, count, amount_minor, change_minor }) => [day, code, count, amount_minor, change_minor]),
    [
      ['2026-01-02', 'provider_debit', 2, 2_000n, 0n],
      ['2026-01-02', 'provider_hold', 4, 4_000n, -4_000n],
      ['2026-01-02', 'provider_release', 1, 1_000n, 1_000n],
      ['2026-01-02', 'top_up', 2, 1_000_700n, 1_000_700n],
    ],
  )
  const { available_minor } = await readBalance(database.sql, provider, false)
  assert.equal(
    days.reduce((sum, { change_minor }) => sum + change_minor, 0n),
    available_minor,
  )
  assert.deepEqual(await sumStatementDays(database.sql, provider, { ...period, test_mode: true }), [])
})
