import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { connect } from '../database/connect.ts'
import { foldBalances } from '../ledger/fold-balances.ts'
import { freezeAppeal } from './freeze-appeal.ts'
import type { Provider } from './provider.ts'
import { readBalance } from './read-balance.ts'
import { rebookAppeal } from './rebook-appeal.ts'
import { releaseHold } from './release-hold.ts'
import { addProvider, hold, nextAttempt, sampleNow as now, sampleContext } from './sample-provider.ts'
import { settleSuccess } from './settle-success.ts'
import { unfreezeAppeal } from './unfreeze-appeal.ts'

let db: TestDatabase
before(async () => {
  db = await testDatabase()
})
after(() => db.close())

const figures = async (provider: Provider) => {
  const { available_minor, held_minor, frozen_minor, total_minor } = await readBalance(db.sql, provider, false)
  return [available_minor, held_minor, frozen_minor, total_minor]
}
const roubles = (amount_minor: bigint) => ({ amount_minor, exponent: 2 })

describe('a hold', () => {
  test('needs a balance above zero that covers the settlement amount, to the last unit', async () => {
    const exact = await addProvider(db.sql, 45614036n, 6)
    const short = await addProvider(db.sql, 45614035n, 6)
    const empty = await addProvider(db.sql, 0n, 6)
    const amount_minor = 390000n
    assert.deepEqual(await hold(db.sql, exact, { attempt_id: nextAttempt(), amount_minor }), {
      result: 'held',
      settlement_minor: 45614036n,
    })
    assert.deepEqual(await figures(exact), [0n, 45614036n, 0n, 45614036n])
    assert.deepEqual(await hold(db.sql, short, { attempt_id: nextAttempt(), amount_minor }), {
      result: 'balance_insufficient',
      settlement_minor: 45614036n,
      available_minor: 45614035n,
    })
    assert.equal(
      (await hold(db.sql, empty, { attempt_id: nextAttempt(), amount_minor })).result,
      'balance_not_positive',
    )
    assert.equal(
      (await hold(db.sql, exact, { attempt_id: nextAttempt(), amount_minor })).result,
      'balance_not_positive',
    )
  })

  test('is made once per attempt, at whatever time it is asked for again', async () => {
    const provider = await addProvider(db.sql, 10000n)
    const of = { provider_id: provider.id, attempt_id: nextAttempt() }
    const ask = () => hold(db.sql, provider, { ...of, amount_minor: 390000n })
    const results = await Promise.all([ask(), ask(), ask(), ask()])
    assert.deepEqual(results.map(({ result }) => result).sort(), ['held', 'repeated', 'repeated', 'repeated'])
    await releaseHold(db.sql, of, now)
    assert.equal((await ask()).result, 'repeated')
    assert.deepEqual(await figures(provider), [10000n, 0n, 0n, 10000n])
  })

  test('of a process killed before it commits leaves nothing, and the attempt may be held again', async () => {
    const provider = await addProvider(db.sql, 5000n)
    const attempt_id = nextAttempt()
    const script = `
      import { connect } from '${new URL('../database/connect.ts', import.meta.url)}'
      import { holdForCreate } from '${new URL('./hold-for-create.ts', import.meta.url)}'
      const sql = connect(process.env.DATABASE_URL, { connections_max: 1, application_name: 'cascad-test' })
      await sql.begin(async (tx) => {
        const provider = { id: '${provider.id}', settlement_currency: 'USDT', settlement_scale: 2 }
        const { result } = await holdForCreate(tx, { provider, attempt_id: '${attempt_id}', account_id: 'coma_shop', payment_id: 'cpi_1',
          test_mode: false, currency: 'RUB', exponent: 2, amount_minor: 390000n, rate: '85.5', now: new Date() })
        console.log(result)
        await new Promise((resolve) => setTimeout(resolve, 60_000))
      })`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, DATABASE_URL: db.url },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said] = await once(child.stdout, 'data')
    assert.match(String(said), /^held/)
    child.kill('SIGKILL')
    await once(child, 'exit')
    assert.equal((await hold(db.sql, provider, { attempt_id, amount_minor: 390000n })).result, 'held')
    assert.deepEqual(await figures(provider), [438n, 4562n, 0n, 5000n])
  })
})

test('500 creates at once on a balance for 200 give exactly 200, whoever asks and while balances are folded', async () => {
  const provider = await addProvider(db.sql, 200n * 4562n + 4561n)
  const pools = [1, 2, 3].map(() => connect(db.url, { connections_max: 6, application_name: 'cascad-test' }))
  const folding = (async () => {
    for (let round = 0; round < 10; round += 1) await foldBalances(sampleContext(db.sql))
  })()
  const results = await Promise.all(
    Array.from({ length: 500 }, (_, index) =>
      hold(pools[index % 3] as (typeof pools)[0], provider, { attempt_id: nextAttempt(), amount_minor: 390000n }),
    ),
  )
  await folding
  await Promise.all(pools.map((pool) => pool.end({ timeout: 1 })))
  assert.equal(results.filter(({ result }) => result === 'held').length, 200)
  assert.equal(results.filter(({ result }) => result === 'balance_insufficient').length, 300)
  assert.deepEqual(await figures(provider), [4561n, 200n * 4562n, 0n, 200n * 4562n + 4561n])
})

test('of success, expiry and release at once, one ends the hold, and a success is debited once', async () => {
  for (let round = 0; round < 15; round += 1) {
    const provider = await addProvider(db.sql, 10000n)
    const of = { provider_id: provider.id, attempt_id: nextAttempt() }
    await hold(db.sql, provider, { ...of, amount_minor: 390000n })
    const [first, second, released] = await Promise.all([
      settleSuccess(db.sql, of, now),
      settleSuccess(db.sql, of, now),
      releaseHold(db.sql, of, now),
    ])
    assert.equal([first, second].filter((debited) => debited !== null).length, 1)
    assert.equal((first ?? second)?.first_debit, released ? 'late_success' : 'success')
    assert.deepEqual(await figures(provider), [10000n - 4562n, 0n, 0n, 10000n - 4562n])
  }
})

test('a late success is debited below zero', async () => {
  const provider = await addProvider(db.sql, 4562n)
  const late = { provider_id: provider.id, attempt_id: nextAttempt() }
  await hold(db.sql, provider, { ...late, amount_minor: 390000n })
  await releaseHold(db.sql, late, now)
  await hold(db.sql, provider, { attempt_id: nextAttempt(), amount_minor: 390000n })
  assert.deepEqual(await settleSuccess(db.sql, late, now), { debited_minor: 4562n, first_debit: 'late_success' })
  assert.deepEqual(await figures(provider), [-4562n, 4562n, 0n, 0n])
})

describe('an appeal', () => {
  const cases: [
    what: string,
    state: 'failed' | 'success' | 'issued',
    amount: bigint,
    freeze: bigint,
    change: bigint,
  ][] = [
    ['the same amount, of a failed payment', 'failed', 390000n, 45614036n, -45614036n],
    ['more, of a paid one', 'success', 400000n, 1169590n, -1169590n],
    ['less, of a paid one', 'success', 350000n, 0n, 4678363n],
    ['more, while the payer may still pay', 'issued', 400000n, 1169590n, -1169590n],
  ]
  for (const [what, state, amount, freeze, change] of cases) {
    test(`of ${what}: frozen, then taken by its difference, or given back`, async () => {
      for (const confirmed of [true, false]) {
        const provider = await addProvider(db.sql, 100000000n, 6)
        const appeal = { provider_id: provider.id, attempt_id: nextAttempt(), appeal_id: `apl_${nextAttempt()}` }
        await hold(db.sql, provider, { ...appeal, amount_minor: 390000n })
        if (state === 'failed') await releaseHold(db.sql, appeal, now)
        if (state === 'success') await settleSuccess(db.sql, appeal, now)
        const [available = 0n, held = 0n, , total = 0n] = await figures(provider)
        const frozen = await freezeAppeal(db.sql, provider, appeal, roubles(amount), now)
        assert.equal(frozen?.freeze_minor, freeze)
        assert.deepEqual(await figures(provider), [available - freeze, held, freeze, total])
        assert.equal(await freezeAppeal(db.sql, provider, appeal, roubles(amount), now), null)
        if (confirmed) {
          const [one, two] = await Promise.all([rebookAppeal(db.sql, appeal, now), rebookAppeal(db.sql, appeal, now)])
          assert.equal((one ?? two)?.debited_minor, frozen?.appeal_minor)
          assert.equal(one && two, null)
          assert.deepEqual(await figures(provider), [available + change, 0n, 0n, total + change - held])
          assert.equal(await settleSuccess(db.sql, appeal, now), null)
        } else {
          assert.deepEqual(
            await Promise.all([
              unfreezeAppeal(db.sql, appeal, now),
              rebookAppeal(db.sql, { ...appeal, appeal_id: 'apl_other' }, now),
            ]),
            [true, null],
          )
          assert.deepEqual(await figures(provider), [available, held, 0n, total])
          assert.equal(await unfreezeAppeal(db.sql, appeal, now), false)
        }
      }
    })
  }

  test('whose payment expires under it keeps its whole amount frozen, and no more', async () => {
    for (const [amount, moved] of [
      [400000n, 45614036n],
      [350000n, 40935673n],
    ] as const) {
      const provider = await addProvider(db.sql, 100000000n, 6)
      const appeal = { provider_id: provider.id, attempt_id: nextAttempt(), appeal_id: `apl_${nextAttempt()}` }
      await hold(db.sql, provider, { ...appeal, amount_minor: 390000n })
      const frozen = await freezeAppeal(db.sql, provider, appeal, roubles(amount), now)
      assert.equal((await releaseHold(db.sql, appeal, now))?.moved_minor, moved)
      const appeal_minor = frozen?.appeal_minor ?? 0n
      assert.deepEqual(await figures(provider), [100000000n - appeal_minor, 0n, appeal_minor, 100000000n])
      await rebookAppeal(db.sql, appeal, now)
      assert.deepEqual(await figures(provider), [100000000n - appeal_minor, 0n, 0n, 100000000n - appeal_minor])
    }
  })

  test('confirmed while the success comes in takes its own amount once', async () => {
    for (let round = 0; round < 10; round += 1) {
      const provider = await addProvider(db.sql, 100000000n, 6)
      const appeal = { provider_id: provider.id, attempt_id: nextAttempt(), appeal_id: `apl_${nextAttempt()}` }
      await hold(db.sql, provider, { ...appeal, amount_minor: 390000n })
      await freezeAppeal(db.sql, provider, appeal, roubles(400000n), now)
      await Promise.all([
        settleSuccess(db.sql, appeal, now),
        rebookAppeal(db.sql, appeal, now),
        releaseHold(db.sql, appeal, now),
      ])
      assert.deepEqual(await figures(provider), [100000000n - 46783626n, 0n, 0n, 100000000n - 46783626n])
    }
  })
})
