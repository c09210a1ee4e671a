/**
 * What must be true of corrections in the books. What a payment or a late approval was booked with at first is what it shows now,
 * less what appeals have changed since; each change is booked as its appeal settled it.
 */
import type { Database, Fragment } from '../database/connect.ts'
import { type Check, countOfCodes, unequal } from './check.ts'

export const correctionCodes = ['payment_correction', 'payment_correction_fee', 'payment_correction_reserve']
const codes = [...correctionCodes, 'late_approval_correction']

/** By how much appeals have changed each payment; payments without any are not in it. */
export const changesOfPayments = (sql: Database): Fragment => sql`(
  select account_id, payment_id, sum(processed_change_minor)::bigint as processed, sum(fee_change_minor)::bigint as fee,
    sum(reserved_change_minor)::bigint as reserved, sum(case when reserve_released then reserved_change_minor else 0 end)::bigint as released
  from appeal_settlements group by account_id, payment_id)`

/** The same of unallocated receipts, by attempt; what an operator has made its payment's is not late any more either. */
export const changesOfAttempts = (sql: Database): Fragment => sql`(
  select account_id, payment_id, attempt_number, sum(change)::bigint as unallocated
  from (
    select account_id, payment_id, attempt_number, unallocated_change_minor as change from appeal_settlements
    union all
    select account_id, payment_id, attempt_number, -amount_minor from receipt_decisions where kind = 'won'
  ) as changes group by account_id, payment_id, attempt_number)`

export const correctionChecks: readonly Check[] = [
  {
    name: 'every correction is booked as its appeal settled it',
    counted: (sql) => countOfCodes(sql, codes),
    broken: (sql) =>
      unequal(
        sql,
        sql`
          select s.account_id, s.appeal_id as reference, s.payment_id as subject_id, p.test_mode, line.currency, 'posted' as kind,
            line.code, abs(line.change) as amount_minor, case when line.change > 0 then line.debit else line.credit end as debit,
            case when line.change > 0 then line.credit else line.debit end as credit, a.ledger_scheme = 'simple' as must
          from appeal_settlements s
          join payments p on p.account_id = s.account_id and p.id = s.payment_id
          join attempts w on w.account_id = s.account_id and w.payment_id = s.payment_id and w.number = s.attempt_number
          join accounts a on a.id = s.account_id
          cross join lateral (values
            ('payment_correction', s.processed_change_minor, 'gateway:' || w.gateway_id, 'merchant:active', p.currency),
            ('payment_correction_fee', s.fee_change_minor, 'merchant:active', 'platform:fees', p.currency),
            ('payment_correction_reserve', case when s.reserve_released then 0 else s.reserved_change_minor end, 'merchant:active',
              'merchant:reserved', p.currency),
            ('late_approval_correction', s.unallocated_change_minor, 'gateway:' || w.gateway_id, 'platform:late_approvals', w.currency)
          ) as line (code, change, debit, credit, currency)
          where line.change <> 0`,
        codes,
      ),
  },
]
