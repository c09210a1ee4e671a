/** Damage to what operators have decided: unallocated receipts, and corrections of a provider's balance. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { addRightBalance } from '../cascades/sample-balance.ts'
import { type Damage, damaged, wrongs } from './sample-damage.ts'
import { addRightDecisions } from './sample-decided.ts'
import { account_id, addRightBooks, now } from './sample-verified.ts'

let db: TestDatabase
before(async () => {
  db = await testDatabase()
  await addRightBooks(db.sql)
  const { id } = await addRightBalance(db.sql)
  await addRightDecisions(db.sql, id)
})
after(() => db.close())

test('right ones pass', async () => {
  assert.deepEqual(await wrongs(db.sql), [])
})

const damages: readonly [string, RegExp, Damage][] = [
  [
    'a decision that moved nothing',
    /every decision about.*: coma_verify rcd_beside receipt_credit is not booked expected 10000 found 0/,
    (tx) => tx`delete from ledger_transfers where reference = 'rcd_beside' and code = 'receipt_credit'`,
  ],
  [
    'money that left unallocated receipts by nobody’s decision',
    /every decision about.*: coma_verify rcd_stray receipt_returned is booked, and should not be/,
    (tx) => tx`
      insert into ledger_transfers values (${account_id}, 'trf_stray', false, 'USD', 'platform:late_approvals', 'platform:treasury', 1,
        'posted', null, 'receipt_returned', 'rcd_stray', 'cpi_returned', ${now})`,
  ],
  [
    'a return booked to the merchant',
    /every decision about.*: coma_verify rcd_first receipt_returned is booked wrongly trf_\d+ expected 8000 found 8000/,
    (tx) => tx`update ledger_transfers set credit = 'merchant:active' where reference = 'rcd_first'`,
  ],
  [
    'a fee that was not agreed',
    /every decision about.*: coma_verify rcd_beside receipt_credit_fee is booked wrongly trf_\d+ expected 31 found 30/,
    (tx) => tx`update receipt_decisions set fee_minor = 31 where id = 'rcd_beside'`,
  ],
  [
    'a decision that is gone',
    /late approvals.*: coma_verify pay_cpi_won late_approval is booked, and should not be[\s\S]*coma_verify rcd_won receipt_allocated is booked, and should not be/,
    (tx) => tx`delete from receipt_decisions where id = 'rcd_won'`,
  ],
  [
    'a payment paid by a decision, whose attempt has not won',
    /never more than was paid: coma_verify pay_cpi_won decided 10000 won 1 attempt is late 9000/,
    (tx) => tx`update attempts set winner = false where id = 'pay_cpi_won'`,
  ],
  [
    'a receipt returned that has won',
    /never more than was paid: coma_verify pay_cpi_returned decided 8500 won 0 attempt has won/,
    (tx) => tx`update attempts set winner = true where id = 'pay_cpi_returned'`,
  ],
  [
    'more decided about than was paid, booked so',
    /never more than was paid: coma_verify pay_cpi_beside decided 10001 won 0 attempt is late 10000/,
    async (tx) => {
      await tx`update receipt_decisions set amount_minor = 10001 where id = 'rcd_beside'`
      await tx`update ledger_transfers set amount_minor = 10001 where reference = 'rcd_beside' and code = 'receipt_allocated'`
    },
  ],
  [
    'a correction that was only asked for',
    /every correction that a second person.*: prv_\w+ cor_\w+ correction_credit is booked, and should not be/,
    (tx) => tx`update provider_corrections set status = 'requested', decided_by = null where change_minor > 0`,
  ],
  [
    'a correction of another amount',
    /every correction that a second person.*: prv_\w+ cor_\w+ correction_debit is booked wrongly trf_\w+ expected 41 found 40/,
    (tx) => tx`update provider_corrections set change_minor = -41 where change_minor < 0`,
  ],
  [
    'a correction in the wrong direction',
    /every correction that a second person.*: prv_\w+ cor_\w+ correction_credit is not booked expected 40[\s\S]*correction_debit is booked, and should not be/,
    (tx) => tx`update provider_corrections set change_minor = 40 where change_minor < 0`,
  ],
  [
    'a correction that one person approved alone',
    /every correction that a second person.*: prv_\w+ cor_\w+ approved by ann alone/,
    async (tx) => {
      await tx`alter table provider_corrections drop constraint provider_corrections_check1`
      await tx`update provider_corrections set decided_by = requested_by where change_minor > 0`
    },
  ],
]
for (const [name, culprit, damage] of damages) {
  test(`${name}: found and named`, async () => {
    assert.match((await damaged(db.sql, damage)).join('\n'), culprit)
  })
}
