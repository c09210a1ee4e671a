import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { addRightBalance } from '../cascades/sample-balance.ts'
import { addRightProviderPayments } from '../cascades/sample-proven.ts'
import type { Transaction } from '../database/connect.ts'
import { foldBalances } from './fold-balances.ts'
import { addRightCorrections } from './sample-corrections.ts'
import { type Damage, damaged } from './sample-damage.ts'
import { addRightDecisions } from './sample-decided.ts'
import { addRightHolds } from './sample-holds.ts'
import { account_id, addRightBooks, now } from './sample-verified.ts'
import { verifyLedger } from './verify.ts'

let db: TestDatabase
before(async () => {
  db = await testDatabase()
  await addRightBooks(db.sql)
  await addRightHolds(db.sql)
  await addRightCorrections(db.sql)
  const { id } = await addRightBalance(db.sql)
  await addRightDecisions(db.sql, id)
  await addRightProviderPayments(db.sql)
})
after(() => db.close())

const command = () =>
  spawnSync(process.execPath, [fileURLToPath(new URL('verify-command.ts', import.meta.url))], {
    env: { ...process.env, DATABASE_URL: db.url },
    encoding: 'utf8',
  })

const findingsAfter = (damage: Damage): Promise<string[]> => damaged(db.sql, damage)

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
      "a provider's hold that is not booked",
      /every provider payment is held once.*: prv_\w+ pay_\d+ provider_hold is not booked expected 100[\s\S]*what provider payments hold.*held, frozen, debited 100 0 0 booked/,
      (tx) => tx`
        delete from ledger_transfers where code = 'provider_hold' and reference = (
          select attempt_id from provider_settlements where state = 'held' and account_id = 'coma_shop'
        )`,
    ],
    [
      'a provider debited by another amount than its appeal',
      /what provider payments hold.*held, frozen, debited 0 0 349 booked 0 0 350/,
      (tx) => tx`update provider_settlements set debited_minor = 349 where debited_minor = 350`,
    ],
    [
      'money frozen for an appeal that is closed',
      /what provider payments hold.*held, frozen, debited 0 0 200 booked 0 250 200/,
      (tx) => tx`update provider_settlements set appeal_open = false`,
    ],
    [
      'a top-up that nobody confirmed',
      /every confirmed top-up is booked, and no other: prv_\w+ top_\w+ top_up is booked, and should not be/,
      (tx) => tx`update provider_top_ups set status = 'rejected'`,
    ],
    [
      'a withdrawal paid that came back',
      /every withdrawal is held.*: prv_\w+ wdr_\w+ withdrawal_paid is not booked expected 20[\s\S]*withdrawal_returned is booked, and should not be/,
      (tx) => tx`update provider_withdrawals set status = 'paid' where status = 'cancelled'`,
    ],
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
            'refund_failed', reference, subject_id, created_at from ledger_transfers where code = 'refund_done' and reference = 'ref_done'`
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
      'an authorization that is not held',
      /every authorization is held.*: coma_verify cpi_held authorization_hold is not booked expected 10000[\s\S]*what is open of a hold.*: coma_verify cpi_held holds 10000 booked 0/,
      (tx) => tx`delete from ledger_transfers where reference = 'cpi_held'`,
    ],
    [
      'a capture that is not booked',
      /every authorization is held.*: coma_verify cap_part capture is not booked expected 4000 found 0/,
      (tx) => tx`delete from ledger_transfers where reference = 'cap_part' and code = 'capture'`,
    ],
    [
      'a capture booked that was never done',
      /coma_verify cap_part authorization_hold is booked, and should not be[\s\S]*cap_part authorization_released is booked, and should not be[\s\S]*cap_part capture is booked, and should not be/,
      (tx) => tx`update operations set status = 'failed' where id = 'cap_part'`,
    ],
    [
      'a capture of a hold that was posted with another fee',
      /coma_verify cap_whole capture_fee is booked wrongly trf_\d+ expected 299 found 300[\s\S]*authorizations say what was captured.*: coma_verify cpi_captured captured 10000 fee 300 .*by its operations 10000 299 0 0/,
      (tx) => tx`update operations set fee_minor = 299 where id = 'cap_whole'`,
    ],
    [
      'a hold given up and still open',
      /coma_verify voi_part authorization_released is not booked[\s\S]*what is open of a hold.*: coma_verify cpi_parts holds 5000 booked 11000 in 2/,
      (tx) => tx`delete from ledger_transfers where reference = 'voi_part' and code = 'authorization_released'`,
    ],
    [
      'a void that nobody booked',
      /authorizations say what was captured.*: coma_verify cpi_parts captured 4000 fee 120 reserved 400 given up 999/,
      (tx) => tx`update payments set voided_amount_minor = 999 where id = 'cpi_parts'`,
    ],
    [
      'a hold without an authorization',
      /coma_verify cpi_failed authorization_hold is booked, and should not be[\s\S]*coma_verify cpi_failed holds 0 booked 7 in 1/,
      (tx) => tx`
        insert into ledger_transfers values
          (${account_id}, 'trf_stray', false, 'USD', 'gateway:7', 'merchant:active', 7, 'pending', null, 'authorization_hold', 'cpi_failed', 'cpi_failed', ${now})`,
    ],
    [
      'a reference of another payment on the end of a hold',
      /each hold ended at most once, as it was made: coma_verify trf_\d+ ends trf_\d+/,
      (tx) =>
        tx`update ledger_transfers set subject_id = 'cpi_held' where reference = 'cap_whole' and code = 'capture'`,
    ],
    [
      'a cancelled charge that is not given back',
      /every refund is held and ended as it went: coma_verify voi_charge refund_done is not booked expected 9700/,
      (tx) => tx`delete from ledger_transfers where reference = 'voi_charge' and code = 'refund_done'`,
    ],
    [
      'a late hold that was never let go',
      /late approvals.*: coma_verify pay_cpi_late_hold late_hold_released is booked, and should not be/,
      (tx) => tx`update attempts set reversal_status = 'sent' where payment_id = 'cpi_late_hold'`,
    ],
    [
      'a correction that is not booked',
      /every correction is booked.*: coma_verify apl_down payment_correction_fee is not booked expected 90 found 0/,
      (tx) => tx`delete from ledger_transfers where reference = 'apl_down' and code = 'payment_correction_fee'`,
    ],
    [
      'a correction in the wrong direction',
      /every correction is booked.*: coma_verify apl_down payment_correction is booked wrongly trf_\d+ expected 3000 found 3000/,
      (tx) =>
        tx`update ledger_transfers set debit = credit, credit = debit where reference = 'apl_down' and code = 'payment_correction'`,
    ],
    [
      'a correction of no appeal',
      /every paid payment is booked once.*: coma_verify cpi_up_down payment is booked wrongly trf_\d+ expected 12000 found 10000[\s\S]*every correction is booked.*: coma_verify apl_up payment_correction is booked, and should not be/,
      (tx) => tx`delete from appeal_settlements where appeal_id = 'apl_up'`,
    ],
    [
      'an amount that no appeal explains',
      /every paid payment is booked once.*: coma_verify cpi_up_down payment is booked wrongly trf_\d+ expected 10001 found 10000/,
      (tx) => tx`update payments set processed_amount_minor = 9001, processed_fee_minor = 271 where id = 'cpi_up_down'`,
    ],
    [
      'reserved money moved after its release',
      /every released reserve.*: coma_verify cpi_released reserve_release is booked wrongly trf_\d+ expected 500 found 1000[\s\S]*every correction is booked.*: coma_verify apl_released payment_correction_reserve is not booked/,
      (tx) => tx`update appeal_settlements set reserve_released = false where appeal_id = 'apl_released'`,
    ],
    [
      'a correction of a payment that failed',
      /only paid payments are booked.*: coma_verify cpi_up_down process_failed is booked as payment_correction$/m,
      (tx) => tx`update payments set status = 'process_failed' where id = 'cpi_up_down'`,
    ],
    [
      'unallocated receipts of another amount',
      /late approvals.*: coma_verify pay_cpi_receipts late_approval is booked wrongly trf_\d+ expected 7000 found 8000/,
      (tx) => tx`update attempts set approved_amount_minor = 9000 where payment_id = 'cpi_receipts'`,
    ],
    [
      'unallocated receipts that became a sale, and stay',
      /coma_verify apl_accepted late_approval_correction is booked, and should not be[\s\S]*coma_verify pay_cpi_accepted late_approval is booked, and should not be/,
      (tx) => tx`delete from appeal_settlements where appeal_id = 'apl_accepted'`,
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
