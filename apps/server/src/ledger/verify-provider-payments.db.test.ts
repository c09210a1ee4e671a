/** Damage to what provider payments, appeals and balances say of each other: I2 to I5 of Cascade API, 9.2. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestDatabase, testDatabase } from '../../../../tests/database.ts'
import { addRightProviderPayments } from '../cascades/sample-proven.ts'
import { type Damage, damaged, wrongs } from './sample-damage.ts'
import { addRightBooks } from './sample-verified.ts'

let db: TestDatabase
before(async () => {
  db = await testDatabase()
  await addRightBooks(db.sql)
  await addRightProviderPayments(db.sql)
})
after(() => db.close())

test('right ones pass', async () => {
  assert.deepEqual(await wrongs(db.sql), [])
})

const damages: readonly [string, RegExp, Damage][] = [
  [
    'I2: a hold of a payment that has ended',
    /agree: coma_none pay_cpi_asked expired attempt expired balance held/,
    async (tx) => {
      await tx`update provider_payments set state = 'expired' where attempt_id = 'pay_cpi_asked'`
      await tx`update attempts set status = 'expired' where id = 'pay_cpi_asked'`
    },
  ],
  [
    'I2: a provider payment that is waited for although its attempt has ended',
    /agree: coma_none pay_cpi_asked issued attempt cancelled balance held/,
    (tx) => tx`update attempts set status = 'cancelled' where id = 'pay_cpi_asked'`,
  ],
  [
    'I2: a hold of no provider payment',
    /agree: prv_\w+ pay_cpi_asked held belongs to no provider payment/,
    (tx) => tx`delete from provider_payments where attempt_id = 'pay_cpi_asked'`,
  ],
  [
    'I3: money frozen for an appeal that is closed',
    /what is frozen.*: prv_\w+ pay_cpi_over frozen for apl_open/,
    (tx) =>
      tx`update appeals set state = 'cancelled', closed_at = opened_at, close_note = 'withdrawn' where id = 'apl_open'`,
  ],
  [
    'I3: another amount frozen than the appeal says',
    /what is frozen.*: prv_\w+ pay_cpi_over frozen for apl_open 117 117 open apl_open 117 116/,
    (tx) => tx`update appeals set freeze_minor = 116 where id = 'apl_open'`,
  ],
  [
    'I4: a debit for a payment that nobody was paid for',
    /agree: coma_none pay_cpi_transferred success attempt declined balance debited/,
    (tx) => tx`update attempts set status = 'declined', winner = false where id = 'pay_cpi_transferred'`,
  ],
  [
    'I4: a payment of the merchant that its provider was not debited for',
    /agree: coma_none pay_cpi_transferred expired attempt approved balance debited/,
    (tx) => tx`update provider_payments set state = 'expired' where attempt_id = 'pay_cpi_transferred'`,
  ],
  [
    'I4: a debit of another amount than the confirmed appeal, booked so',
    /what is frozen.*: prv_\w+ pay_cpi_appealed frozen for open debited 141 confirmed 142/,
    (tx) => tx`update appeals set settlement_minor = 142 where id = 'apl_done'`,
  ],
  [
    'I4: a confirmed appeal that never reached its merchant',
    /every confirmed appeal.*: coma_none apl_done confirmed over 12000 settled never/,
    (tx) => tx`delete from appeal_settlements where appeal_id = 'apl_done'`,
  ],
  [
    'I5: another amount held than the provider payment says',
    /agree: coma_none pay_cpi_asked issued attempt incomplete balance held holds 117 of 118/,
    (tx) => tx`update provider_payments set settlement_minor = 118 where attempt_id = 'pay_cpi_asked'`,
  ],
]
for (const [name, culprit, damage] of damages) {
  test(`${name}: found and named`, async () => {
    assert.match((await damaged(db.sql, damage)).join('\n'), culprit)
  })
}
