/** What must be true of money on unallocated receipts that operators have decided about. Cascade API, 7.3. */
import { type Check, countOfCodes, unequal } from './check.ts'

const codes = ['receipt_allocated', 'receipt_returned', 'receipt_credit', 'receipt_credit_fee']

export const receiptChecks: readonly Check[] = [
  {
    name: 'every decision about unallocated receipts is booked as it was made, and no other',
    counted: (sql) => countOfCodes(sql, codes),
    broken: (sql) =>
      unequal(
        sql,
        sql`
          select d.account_id, d.id as reference, d.payment_id as subject_id, p.test_mode, line.currency, 'posted' as kind, line.code,
            line.amount_minor, line.debit, line.credit, a.ledger_scheme = 'simple' as must
          from receipt_decisions d
          join payments p on p.account_id = d.account_id and p.id = d.payment_id
          join attempts w on w.account_id = d.account_id and w.payment_id = d.payment_id and w.number = d.attempt_number
          join accounts a on a.id = d.account_id
          cross join lateral (values
            ('receipt_allocated', w.currency, d.amount_minor, 'platform:late_approvals', 'gateway:' || w.gateway_id, d.kind <> 'returned'),
            ('receipt_returned', w.currency, d.amount_minor, 'platform:late_approvals', 'platform:treasury', d.kind = 'returned'),
            ('receipt_credit', p.currency, d.credit_minor, 'gateway:' || w.gateway_id, 'merchant:active', d.kind = 'beside'),
            ('receipt_credit_fee', p.currency, d.fee_minor, 'merchant:active', 'platform:fees', d.kind = 'beside')
          ) as line (code, currency, amount_minor, debit, credit, happened)
          where line.happened and line.amount_minor > 0`,
        codes,
      ),
  },
  {
    name: 'unallocated receipts that were decided about are late approvals, and never more than was paid',
    counted: (sql) => sql`(select count(*) from receipt_decisions)`,
    broken: (sql) => sql`
      select concat_ws(' ', d.account_id, d.attempt_id, 'decided', d.minor, 'won', d.won, 'attempt',
        case when w.number is null then 'is missing' when w.winner then 'has won' when w.late_approval then 'is late' else w.status end,
        coalesce(w.approved_amount_minor, w.amount_minor), 'known before', s.most)
      from (
        select account_id, payment_id, attempt_id, attempt_number, sum(amount_minor) as minor,
          count(*) filter (where kind = 'won') as won, count(*) as decisions
        from receipt_decisions group by account_id, payment_id, attempt_id, attempt_number
      ) as d
      left join attempts w on w.account_id = d.account_id and w.payment_id = d.payment_id and w.number = d.attempt_number and w.id = d.attempt_id
      left join lateral (
        select max(amount_minor) as most from appeal_settlements s
        where s.account_id = d.account_id and s.payment_id = d.payment_id and s.attempt_number = d.attempt_number
      ) as s on true
      where w.number is null or not w.late_approval or w.winner <> (d.won > 0) or (d.won > 0 and d.decisions > 1)
        or d.minor > greatest(w.approved_amount_minor, w.amount_minor, s.most)`,
  },
]
