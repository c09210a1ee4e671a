import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { availableMinor } from './available.ts'
import { findHolds } from './find-holds.ts'
import { foldBalances } from './fold-balances.ts'
import { holdIfAvailable } from './hold-if-available.ts'
import { insertTransfers } from './insert-transfers.ts'
import { readBalances } from './read-balances.ts'
import { transfersOfPayment } from './rules/payment-transfers.ts'
import { transfersOfRefundDone, transfersOfRefundFailed, transfersOfRefundHold } from './rules/refund-transfers.ts'
import { SampleBooks, type SampleEvent, sampleEvent } from './sample-books.ts'
import type { Stamp, Transfer } from './transfer.ts'

let db: TestDatabase
before(async () => {
  db = await testDatabase()
})
after(() => db.close())

const now = new Date('2026-01-02T03:04:05.678Z')
let serial = 0
const nextText = (): string => {
  serial += 1
  return String(serial).padStart(16, '0')
}
const stamp: Stamp = { created_at: now, nextId: () => `trf_${nextText()}` }
const ctx = () => ({ sql: db.sql, now: () => now })

async function book(account_id: string, transfers: readonly Transfer[], guard = true): Promise<number> {
  const rows = await db.sql`
    with allowed as (select 1 where ${guard}::boolean),
    ${insertTransfers(db.sql, account_id, transfers, db.sql`allowed`)}
    select id from inserted_transfers`
  return rows.length
}

const occasion = (payment_id: string, test_mode = false) =>
  ({ ledger_scheme: 'simple', test_mode, currency: 'USD', payment_id }) as const

function paymentOf(amount_minor: bigint, options: { fee?: bigint; reserve?: bigint; test_mode?: boolean } = {}) {
  return transfersOfPayment(
    {
      ...occasion(`cpi_${nextText()}`, options.test_mode),
      gateway_id: 7,
      processed_amount_minor: amount_minor,
      processed_fee_minor: options.fee ?? 0n,
      reserved_amount_minor: options.reserve ?? null,
    },
    stamp,
  )
}

function refundOf(amount_minor: bigint, returned_fee_minor = 0n, refund_id = `ref_${nextText()}`) {
  const refund = { ...occasion('cpi_x'), refund_id, gateway_id: 7, amount_minor, returned_fee_minor }
  return transfersOfRefundHold(refund, stamp)
}

const account = (): string => `coma_${nextText()}`

describe('booking', () => {
  test('a payment credits its deposit and its reserve, in live balances only', async () => {
    const id = account()
    await book(id, paymentOf(10000n, { fee: 1300n, reserve: 1000n }))
    await book(id, paymentOf(555n, { test_mode: true }))
    assert.deepEqual(
      [...(await readBalances(ctx(), id))],
      [['USD', { active_minor: 7700n, pending_minor: 0n, reserved_minor: 1000n }]],
    )
    assert.equal(await availableMinor(db.sql, id, 'USD', true), 555n)
    assert.equal(await availableMinor(db.sql, id, 'EUR', false), 0n)
  })

  test('a guard without rows books nothing', async () => {
    const id = account()
    assert.equal(await book(id, paymentOf(100n, { fee: 3n }), false), 0)
    assert.equal(await book(id, []), 0)
    assert.equal(await availableMinor(db.sql, id, 'USD', false), 0n)
    assert.equal((await db.sql`select 1 from ledger_unfolded where account_id = ${id}`).length, 0)
  })

  test('the same event twice fails as a whole', async () => {
    const id = account()
    const [first, second] = paymentOf(100n, { fee: 3n })
    assert.ok(first && second)
    await book(id, [first])
    const again = [{ ...second }, { ...first, id: stamp.nextId() }]
    await assert.rejects(book(id, again), { code: '23505', constraint_name: 'ledger_transfers_once' })
    assert.equal(await availableMinor(db.sql, id, 'USD', false), 100n)
  })

  test('the statement stays prepared whatever the number of transfers', async () => {
    const id = account()
    await db.sql.begin(async (tx) => {
      const add = (transfers: readonly Transfer[]) => tx`
        with allowed as (select 1), ${insertTransfers(tx, id, transfers, tx`allowed`)}
        select count(*) as prepared_or_not from inserted_transfers`
      for (let i = 0; i < 3; i += 1) {
        await add(paymentOf(100n))
        await add(paymentOf(100n, { fee: 3n, reserve: 5n }))
      }
      const kept = await tx<{ generic_plans: bigint; custom_plans: bigint }[]>`
        select generic_plans, custom_plans from pg_prepared_statements where statement like '%prepared_or_not%ledger_transfers%' or statement like '%ledger_transfers%prepared_or_not%'`
      const booked = kept.filter(({ generic_plans, custom_plans }) => generic_plans + custom_plans === 6n)
      assert.equal(booked.length, 1)
    })
  })
})

describe('refunds in two phases', () => {
  const balances = async (id: string) => (await readBalances(ctx(), id)).get('USD')

  test('accepted, done', async () => {
    const id = account()
    await book(id, paymentOf(10000n, { fee: 1000n }))
    const hold = refundOf(4000n, 400n, 'ref_done')
    await book(id, hold)
    assert.deepEqual(await balances(id), { active_minor: 5400n, pending_minor: 3600n, reserved_minor: 0n })
    await book(id, transfersOfRefundDone(await findHolds(db.sql, id, 'ref_done'), stamp))
    assert.deepEqual(await balances(id), { active_minor: 5400n, pending_minor: 0n, reserved_minor: 0n })
    assert.deepEqual([...(await findHolds(db.sql, id, 'ref_done'))], hold)
  })

  test('accepted, failed', async () => {
    const id = account()
    await book(id, paymentOf(10000n, { fee: 1000n }))
    await book(id, refundOf(4000n, 400n, 'ref_failed'))
    await foldBalances(ctx())
    await book(id, transfersOfRefundFailed(await findHolds(db.sql, id, 'ref_failed'), stamp))
    assert.deepEqual(await balances(id), { active_minor: 9000n, pending_minor: 0n, reserved_minor: 0n })
  })

  test('a hold ends once, and only a hold that exists', async () => {
    const id = account()
    const holds = refundOf(100n)
    await book(id, holds)
    await book(id, transfersOfRefundDone(holds, stamp))
    await assert.rejects(book(id, transfersOfRefundFailed(holds, stamp)), {
      constraint_name: 'ledger_transfers_hold_ended_once',
    })
    await assert.rejects(book(id, transfersOfRefundDone(refundOf(5n), stamp)), {
      constraint_name: 'ledger_transfers_hold',
    })
  })
})

describe('holds within the balance', () => {
  const tryHold = (account_id: string, transfers: readonly Transfer[], overdraft_minor = 0n) =>
    db.sql.begin((tx) => holdIfAvailable(tx, { account_id, transfers, overdraft_minor, now })) as Promise<boolean>

  test('to the last unit, and not one more', async () => {
    const id = account()
    await book(id, paymentOf(100n))
    assert.equal(await tryHold(id, refundOf(101n)), false)
    assert.equal(await tryHold(id, refundOf(100n)), true)
    assert.equal(await tryHold(id, refundOf(1n)), false)
    assert.equal(await tryHold(id, refundOf(1n), 1n), true)
    assert.equal(await tryHold(id, refundOf(1n), 1n), false)
    assert.equal(await availableMinor(db.sql, id, 'USD', false), -1n)
  })

  test('the returned fee is no burden of the merchant', async () => {
    const id = account()
    await book(id, paymentOf(100n, { fee: 40n }))
    assert.equal(await tryHold(id, refundOf(100n, 39n)), false)
    assert.equal(await tryHold(id, refundOf(100n, 40n)), true)
    assert.equal(await tryHold(id, refundOf(10n, 10n)), true)
    assert.equal(await tryHold(id, []), true)
  })

  test('test money covers no live refund', async () => {
    const id = account()
    await book(id, paymentOf(100n, { test_mode: true }))
    assert.equal(await tryHold(id, refundOf(1n)), false)
  })

  test('100 holds at once against a balance for 40 give exactly 40, while others fold and pay', async () => {
    const id = account()
    await book(id, paymentOf(390n))
    const holds = Array.from({ length: 100 }, () => tryHold(id, refundOf(10n)))
    const others = [book(id, paymentOf(10n)), foldBalances(ctx()), foldBalances(ctx()), foldBalances(ctx())]
    await others[0]
    const given = (await Promise.all(holds)).filter(Boolean).length
    await Promise.all(others)
    const late = await Promise.all(Array.from({ length: 5 }, () => tryHold(id, refundOf(10n))))
    assert.equal(given + late.filter(Boolean).length, 40)
    assert.equal(await availableMinor(db.sql, id, 'USD', false), 0n)
  })
})

describe('folding', () => {
  test('many folders at once count every transfer once', async () => {
    const id = account()
    for (let i = 0; i < 30; i += 1) await book(id, Array.from({ length: 100 }, () => paymentOf(3n)).flat())
    const counts = await Promise.all(Array.from({ length: 6 }, () => foldBalances(ctx())))
    const rest = await foldBalances(ctx())
    assert.ok(counts.reduce((sum, count) => sum + count, rest) >= 3000)
    assert.equal((await db.sql`select 1 from ledger_unfolded where account_id = ${id}`).length, 0)
    assert.equal(await availableMinor(db.sql, id, 'USD', false), 9000n)
  })

  test('a folder that dies in the middle of a batch changes nothing', async () => {
    const id = account()
    await book(id, paymentOf(100n, { fee: 1n }))
    const crash = new Error('power cut')
    await assert.rejects(
      db.sql.begin(async (tx) => {
        await foldBalances({ sql: tx as unknown as typeof db.sql, now: () => now })
        throw crash
      }),
      crash,
    )
    assert.equal(await availableMinor(db.sql, id, 'USD', false), 99n)
    assert.equal(await foldBalances(ctx()), 2)
    assert.equal(await availableMinor(db.sql, id, 'USD', false), 99n)
  })

  test('any sequence of events, folded whenever, keeps the books', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sampleEvent, { minLength: 5, maxLength: 40 }), async (events: SampleEvent[]) => {
        const id = account()
        const books = new SampleBooks(nextText())
        for (const event of events) {
          if (event.type === 'fold') await foldBalances(ctx())
          else await book(id, books.book(event))
        }
        const live = await readBalances(ctx(), id)
        for (const [key, sums] of books.expected) {
          const [mode, currency = ''] = key.split(' ')
          assert.equal(await availableMinor(db.sql, id, currency, mode === 'test'), sums.active_minor, key)
          if (mode === 'live')
            assert.deepEqual(live.get(currency) ?? { active_minor: 0n, pending_minor: 0n, reserved_minor: 0n }, sums)
        }
        const unbalanced = await db.sql`
          select 1 from ledger_balance_parts where account_id = ${id} group by test_mode, currency
          having sum(debits_posted_minor) <> sum(credits_posted_minor) or sum(debits_pending_minor) <> sum(credits_pending_minor)`
        assert.equal(unbalanced.length, 0)
      }),
      { numRuns: 40 },
    )
  })
})

describe('what is posted stays', () => {
  test('update, delete and truncate are refused', async () => {
    const id = account()
    await book(id, paymentOf(100n))
    const refused = { code: '23000', message: 'ledger transfers are never changed or deleted' }
    await assert.rejects(db.sql`update ledger_transfers set amount_minor = 1 where account_id = ${id}`, refused)
    await assert.rejects(db.sql`delete from ledger_transfers where account_id = ${id}`, refused)
    await assert.rejects(db.sql`truncate ledger_transfers`, refused)
    await assert.rejects(db.sql`truncate ledger_transfers cascade`, refused)
    assert.equal(await availableMinor(db.sql, id, 'USD', false), 100n)
  })

  test('nothing, less than nothing, or to itself cannot be moved', async () => {
    const id = account()
    const [transfer] = paymentOf(100n)
    assert.ok(transfer)
    for (const wrong of [
      { amount_minor: 0n },
      { amount_minor: -1n },
      { credit: transfer.debit },
      { pending_id: 'trf_x' },
    ]) {
      await assert.rejects(book(id, [{ ...transfer, ...wrong }]), { code: '23514' })
    }
  })
})
