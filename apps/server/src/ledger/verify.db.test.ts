import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import type { Transaction } from '../database/connect.ts'
import { foldBalances } from './fold-balances.ts'
import { account_id, addRightBooks, now } from './sample-verified.ts'
import { verifyLedger } from './verify.ts'

let db: TestDatabase
before(async () => {
  db = await testDatabase()
  await addRightBooks(db.sql)
})
after(() => db.close())

const command = () =>
  spawnSync(process.execPath, [fileURLToPath(new URL('verify-command.ts', import.meta.url))], {
    env: { ...process.env, DATABASE_URL: db.url },
    encoding: 'utf8',
  })

/** What the proof finds after `damage`, which is undone again. Triggers and foreign keys are off, as for somebody with all rights. */
async function findingsAfter(damage: (tx: Transaction) => Promise<unknown>): Promise<string[]> {
  const undo = new Error('undo')
  let found: string[] = []
  await assert.rejects(
    db.sql.begin(async (tx) => {
      await tx`set local session_replication_role = replica`
      await damage(tx)
      const inside = Object.assign((...args: Parameters<typeof tx>) => tx(...args), {
        begin: (_options: string, body: (inner: Transaction) => Promise<unknown>) => body(tx),
      })
      const findings = await verifyLedger(inside as unknown as typeof db.sql)
      found = findings.flatMap(({ check, culprits }) => culprits.map((culprit) => `${check}: ${culprit}`))
      throw undo
    }),
    undo,
  )
  return found
}

describe('right books', () => {
  test('pass every check, and every check looked at something', async () => {
    const findings = await verifyLedger(db.sql)
    assert.deepEqual(
      findings.filter(({ broken }) => broken > 0n),
      [],
    )
    for (const { check, counted } of findings) assert.ok(counted > 0n, check)
  })

  test('pass folded too', async () => {
    await foldBalances({ sql: db.sql, now: () => now })
    assert.ok((await verifyLedger(db.sql)).every(({ broken }) => broken === 0n))
    const { status, stdout, stderr } = command()
    assert.equal(status, 0, stderr)
    assert.match(stdout, /every paid payment is booked once, as it was settled +\d+ +0\n/)
  })
})

describe('wrong books', () => {
  const damages: [string, RegExp, (tx: Transaction) => Promise<unknown>][] = [
    [
      'a changed amount',
      /balances equal the sum of their entries: coma_verify live USD gateway:7.*\n.*merchant:active[\s\S]*as it was settled: coma_verify cpi_plain payment is booked wrongly trf_\d+ expected 10000 found 10001/,
      (tx) => tx`update ledger_transfers set amount_minor = 10001 where reference = 'cpi_plain' and code = 'payment'`,
    ],
    [
      'a deleted booking',
      /coma_verify cpi_plain payment_fee is not booked expected 300 found 0/,
      (tx) => tx`delete from ledger_transfers where reference = 'cpi_plain' and code = 'payment_fee'`,
    ],
    [
      'a balance changed by hand',
      /debits equal credits.*: coma_verify live USD[\s\S]*balances equal.*: coma_verify live USD merchant:active off by/,
      (tx) =>
        tx`update ledger_balances set credits_posted_minor = credits_posted_minor + 1 where not test_mode and purpose = 'merchant:active'`,
    ],
    [
      'a transfer folded twice',
      /balances equal the sum of their entries: coma_verify/,
      (tx) => tx`
        insert into ledger_unfolded select account_id, id, test_mode, currency, debit, credit, amount_minor, kind
        from ledger_transfers where reference = 'cpi_plain' and code = 'payment'`,
    ],
    [
      'an unfolded row of nothing',
      /what waits for folding is what was booked: coma_verify trf_nothing/,
      (tx) =>
        tx`insert into ledger_unfolded values (${account_id}, 'trf_nothing', false, 'USD', 'a', 'b', 1, 'posted')`,
    ],
    [
      'a hold ended with another amount',
      /each hold ended at most once, as it was made: coma_verify trf_\d+ ends trf_\d+/,
      (tx) => tx`update ledger_transfers set amount_minor = 1 where code = 'refund_done'`,
    ],
    [
      'a hold ended twice',
      /each hold ended at most once, as it was made: coma_verify trf_\d+ ends trf_\d+\n.*ends trf_\d+/,
      async (tx) => {
        await tx`drop index ledger_transfers_hold_ended_once`
        await tx`
          insert into ledger_transfers select account_id, 'trf_again', test_mode, currency, debit, credit, amount_minor, 'void', pending_id,
            'refund_failed', reference, subject_id, created_at from ledger_transfers where code = 'refund_done'`
      },
    ],
    [
      'a refund done and only held',
      /every refund is held and ended as it went: coma_verify ref_open refund_fee_done is not booked/,
      (tx) => tx`update operations set status = 'done' where id = 'ref_open'`,
    ],
    [
      'a refund without its hold',
      /coma_verify ref_new refund_hold is not booked expected 500/,
      (tx) => tx`
        insert into operations (kind, account_id, payment_id, id, reference_id, amount_minor, currency, provider_amount_minor, provider_currency, status, gateway_id, attempt_number, created_at)
        values ('refund', ${account_id}, 'cpi_plain', 'ref_new', 'r', 500, 'USD', 500, 'USD', 'sent', 7, 1, ${now})`,
    ],
    [
      'a paid payment that is not booked',
      /coma_verify cpi_failed payment is not booked expected 10000/,
      (tx) => tx`
        update payments set status = 'processed', processed_amount_minor = 10000, processed_fee_minor = 0, processed_deposit_minor = 10000
        where id = 'cpi_failed'`,
    ],
    [
      'a paid payment that does not say so',
      /only paid payments are booked.*: coma_verify cpi_failed processed has no processed amount/,
      (tx) => tx`update payments set status = 'processed' where id = 'cpi_failed'`,
    ],
    [
      'a failed payment that is booked',
      /only paid payments are booked.*: coma_verify cpi_plain process_failed is booked as payment$/m,
      (tx) => tx`update payments set status = 'process_failed' where id = 'cpi_plain'`,
    ],
    [
      'a booking of a payment that was never settled',
      /coma_verify cpi_plain payment is booked, and should not be/,
      (tx) => tx`
        update payments set processed_amount_minor = null, processed_fee_minor = null, processed_deposit_minor = null where id = 'cpi_plain'`,
    ],
    [
      'another gateway than the one that was paid',
      /coma_verify cpi_plain payment is booked wrongly/,
      (tx) => tx`update attempts set gateway_id = 8 where payment_id = 'cpi_plain'`,
    ],
    [
      'live entries of a test payment',
      /every transfer belongs to a payment of its account and mode: coma_verify trf_\d+ cpi_plain has the other mode/,
      (tx) => tx`update payments set test_mode = true where id = 'cpi_plain'`,
    ],
    [
      'entries of no payment',
      /coma_verify trf_\d+ cpi_nowhere is no payment/,
      (tx) => tx`update ledger_transfers set subject_id = 'cpi_nowhere' where reference = 'cpi_plain'`,
    ],
    [
      'a reserve said to be held, and released',
      /every released reserve is booked, and no other: coma_verify cpi_reserve reserve_release is booked, and should not be/,
      (tx) => tx`update payments set unreserved = false where id = 'cpi_reserve'`,
    ],
    [
      'a chargeback more than recorded',
      /chargebacks are booked as recorded: coma_verify cpi_back recorded 600 booked 700/,
      (tx) => tx`update payments set charged_back_amount_minor = 600 where id = 'cpi_back'`,
    ],
    [
      'a reversal that was never done',
      /late approvals.*: coma_verify pay_cpi_late reversal is booked, and should not be/,
      (tx) => tx`update attempts set reversal_status = 'failed' where payment_id = 'cpi_late'`,
    ],
    [
      'a late approval that is not booked',
      /late approvals.*: coma_verify pay_cpi_failed late_approval is not booked/,
      (tx) =>
        tx`update attempts set late_approval = true, approved_amount_minor = 1, reversal_status = 'needed' where payment_id = 'cpi_failed'`,
    ],
    [
      'a wrong booking of an account without books',
      /coma_none cpi_none payment is booked wrongly trf_none expected 10000 found 1/,
      (tx) => tx`
        insert into ledger_transfers values
          ('coma_none', 'trf_none', false, 'USD', 'gateway:7', 'merchant:active', 1, 'posted', null, 'payment', 'cpi_none', 'cpi_none', ${now})`,
    ],
  ]
  for (const [name, culprit, damage] of damages) {
    test(`${name} is found and named`, async () => {
      assert.match((await findingsAfter(damage)).join('\n'), culprit)
    })
  }

  test('the command names the culprit and exits with 1', async () => {
    await db.sql`update payments set status = 'process_failed' where id = 'cpi_plain'`
    const { status, stdout } = command()
    await db.sql`update payments set status = 'processed' where id = 'cpi_plain'`
    assert.equal(status, 1)
    assert.match(
      stdout,
      /only paid payments are booked, .* +2\n[\s\S]*Wrong: only paid.*\n {2}coma_verify cpi_plain process_failed is booked as payment\n/,
    )
  })
})
