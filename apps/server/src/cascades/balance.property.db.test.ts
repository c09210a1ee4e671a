import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { foldBalances } from '../ledger/fold-balances.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { readBalance } from './read-balance.ts'
import { BalanceModel, balanceEvent, RealBalance } from './sample-balance.ts'
import { addProvider, sampleContext } from './sample-provider.ts'

let db: TestDatabase
before(async () => {
  db = await testDatabase()
})
after(() => db.close())

const wrong = async () => (await verifyLedger(db.sql)).flatMap(({ culprits }) => culprits)

test('whatever the order of events, the figures are those of the contract and add up, and the books are right', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(balanceEvent, { minLength: 5, maxLength: 40 }), fc.nat(40), async (events, fold_at) => {
      const provider = await addProvider(db.sql, 0n)
      const real = new RealBalance(db.sql, provider)
      const model = new BalanceModel()
      for (const [index, event] of [{ type: 'top_up', amount: 700n } as const, ...events].entries()) {
        const before = model.available
        model.apply(event)
        await real.apply(event)
        if (index === fold_at) await foldBalances(sampleContext(db.sql))
        const figures = await readBalance(db.sql, provider, false)
        const { available, held, frozen, withdrawing } = model
        assert.deepEqual(
          figures,
          {
            available_minor: available,
            held_minor: held,
            frozen_minor: frozen,
            withdrawing_minor: withdrawing,
            total_minor: available + held + frozen + withdrawing,
          },
          JSON.stringify(event, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
        )
        // Only a late success, a confirmed appeal or a freeze may go below zero: a hold or withdrawal never does.
        if (event.type === 'hold' || event.type === 'withdraw') assert.ok(available >= 0n || available === before)
      }
    }),
    { numRuns: 40 },
  )
  assert.deepEqual(await wrong(), [])
})

test('events of one balance all at once leave figures that add up and books that are right', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(balanceEvent, { minLength: 5, maxLength: 25 }), async (events) => {
      const provider = await addProvider(db.sql, 1500n)
      const real = new RealBalance(db.sql, provider)
      for (const which of [0, 1, 2]) await real.apply({ type: 'hold', which, amount: 500n })
      await Promise.all(events.filter(({ type }) => type !== 'hold').map((event) => real.apply(event)))
      const { available_minor, held_minor, frozen_minor, withdrawing_minor, total_minor } = await readBalance(
        db.sql,
        provider,
        false,
      )
      assert.equal(available_minor + held_minor + frozen_minor + withdrawing_minor, total_minor)
      assert.ok(held_minor >= 0n && frozen_minor >= 0n && withdrawing_minor >= 0n)
    }),
    { numRuns: 25 },
  )
  assert.deepEqual(await wrong(), [])
})
