/**
 * What must be true of the books, as set-based SQL: each check counts what it looked at and selects a line of text for
 * every row that breaks it. The proof reads the payments' tables too, because books that balance may still be wrong.
 */
import { type Check, countOfCodes, transfersOfCodes, unequal } from './check.ts'
import { changesOfAttempts, changesOfPayments, correctionChecks, correctionCodes } from './correction-checks.ts'
import { holdChecks, lateHoldCodes } from './hold-checks.ts'
import { providerChecks } from './provider-checks.ts'
import { providerPaymentChecks } from './provider-payment-checks.ts'
import { receiptChecks } from './receipt-checks.ts'

const paidStatuses = [
  'processed',
  'partially_processed',
  'refunding',
  'refund_pending',
  'refund_error',
  'partially_refunded',
  'refunded',
  'refund_failed',
  'charged_back',
  'partially_charged_back',
]

const paymentCodes = ['payment', 'payment_fee', 'reserve']
const refundCodes = [
  'refund_hold',
  'refund_fee_hold',
  'refund_done',
  'refund_fee_done',
  'refund_failed',
  'refund_fee_failed',
]
const lateCodes = ['late_approval', 'reversal', ...lateHoldCodes]

const books: Check[] = [
  {
    name: 'debits equal credits, by account, mode and currency',
    counted: (sql) =>
      sql`(select count(*) from (select distinct account_id, test_mode, currency from ledger_balance_parts) as books)`,
    broken: (sql) => sql`
      select concat_ws(' ', account_id, case when test_mode then 'test' else 'live' end, currency,
        'posted', sum(debits_posted_minor), 'against', sum(credits_posted_minor),
        'pending', sum(debits_pending_minor), 'against', sum(credits_pending_minor))
      from ledger_balance_parts group by account_id, test_mode, currency
      having sum(debits_posted_minor) <> sum(credits_posted_minor) or sum(debits_pending_minor) <> sum(credits_pending_minor)`,
  },
  {
    name: 'balances equal the sum of their entries',
    counted: (sql) => sql`(select count(*) * 2 from ledger_transfers)`,
    broken: (sql) => sql`
      select concat_ws(' ', account_id, case when test_mode then 'test' else 'live' end, currency, purpose,
        'off by', sum(debits_posted_minor), sum(credits_posted_minor), sum(debits_pending_minor), sum(credits_pending_minor))
      from (
        select account_id, test_mode, currency, purpose, debits_posted_minor, credits_posted_minor, debits_pending_minor, credits_pending_minor
        from ledger_balance_parts
        union all
        select account_id, test_mode, currency, purpose,
          -sum(debits_posted_minor), -sum(credits_posted_minor), -sum(debits_pending_minor), -sum(credits_pending_minor)
        from ledger_entries group by account_id, test_mode, currency, purpose
      ) as both_sides
      group by account_id, test_mode, currency, purpose
      having (sum(debits_posted_minor), sum(credits_posted_minor), sum(debits_pending_minor), sum(credits_pending_minor)) <> (0, 0, 0, 0)`,
  },
  {
    name: 'what waits for folding is what was booked',
    counted: (sql) => sql`(select count(*) from ledger_unfolded)`,
    broken: (sql) => sql`
      select concat_ws(' ', u.account_id, u.transfer_id)
      from ledger_unfolded u left join ledger_transfers t on t.account_id = u.account_id and t.id = u.transfer_id
      where (t.test_mode, t.currency, t.debit, t.credit, t.amount_minor, t.kind)
        is distinct from (u.test_mode, u.currency, u.debit, u.credit, u.amount_minor, u.kind)`,
  },
  {
    name: 'each hold ended at most once, as it was made',
    counted: (sql) => sql`(select count(*) from ledger_transfers where kind = 'pending')`,
    broken: (sql) => sql`
      select concat_ws(' ', e.account_id, e.id, 'ends', e.pending_id)
      from (select *, count(*) over (partition by account_id, pending_id) as ends from ledger_transfers where kind in ('post', 'void')) e
      left join ledger_transfers h on h.account_id = e.account_id and h.id = e.pending_id and h.kind = 'pending'
      where e.ends > 1 or (h.test_mode, h.currency, h.debit, h.credit, h.amount_minor, h.subject_id)
        is distinct from (e.test_mode, e.currency, e.debit, e.credit, e.amount_minor, e.subject_id)
        or (h.reference <> e.reference and h.code <> 'authorization_hold')`,
  },
]

const payments: Check[] = [
  {
    name: 'every transfer belongs to a payment of its account and mode',
    // Books of providers have checks of their own.
    counted: (sql) => sql`(select count(*) from ledger_transfers)`,
    broken: (sql) => sql`
      select concat_ws(' ', t.account_id, t.id, t.subject_id, case when p.id is null then 'is no payment' else 'has the other mode' end)
      from ledger_transfers t left join payments p on p.account_id = t.account_id and p.id = t.subject_id
      left join providers o on o.id = t.account_id
      where o.id is null and p.test_mode is distinct from t.test_mode`,
  },
  {
    name: 'every paid payment is booked once, as it was settled',
    counted: (sql) => countOfCodes(sql, paymentCodes),
    broken: (sql) =>
      unequal(
        sql,
        sql`
          select p.account_id, p.id as reference, p.id as subject_id, p.test_mode, p.currency, 'posted' as kind, line.*, a.ledger_scheme = 'simple' as must
          from payments p
          join accounts a on a.id = p.account_id
          left join attempts w on w.account_id = p.account_id and w.payment_id = p.id and w.winner
          left join ${changesOfPayments(sql)} as c on c.account_id = p.account_id and c.payment_id = p.id
          cross join lateral (values
            ('payment', p.processed_amount_minor - coalesce(c.processed, 0), 'gateway:' || w.gateway_id, 'merchant:active'),
            ('payment_fee', p.processed_fee_minor - coalesce(c.fee, 0), 'merchant:active', 'platform:fees'),
            ('reserve', coalesce(p.reserved_amount_minor, 0) - coalesce(c.reserved, 0), 'merchant:active', 'merchant:reserved')
          ) as line (code, amount_minor, debit, credit)
          where p.payment_flow <> 'authorize' and line.amount_minor > 0`,
        paymentCodes,
      ),
  },
  {
    name: 'only paid payments are booked, and paid payments say what was paid',
    counted: (sql) => sql`(select count(*) from payments)`,
    broken: (sql) => sql`
      select concat_ws(' ', p.account_id, p.id, p.status, 'is booked as', t.code)
      from ${transfersOfCodes(sql, [...paymentCodes, ...correctionCodes])} as t
      join payments p on p.account_id = t.account_id and p.id = t.subject_id
      where p.status <> all (${paidStatuses})
      union all
      select concat_ws(' ', account_id, id, status, 'has no processed amount')
      from payments where payment_flow <> 'verify' and processed_amount_minor is null and status = any (${paidStatuses})`,
  },
  {
    name: 'every released reserve is booked, and no other',
    counted: (sql) => countOfCodes(sql, ['reserve_release']),
    broken: (sql) =>
      unequal(
        sql,
        sql`
          select p.account_id, p.id as reference, p.id as subject_id, p.test_mode, p.currency, 'posted' as kind, 'reserve_release' as code,
            p.reserved_amount_minor - coalesce(c.released, 0) as amount_minor, 'merchant:reserved' as debit, 'merchant:active' as credit,
            a.ledger_scheme = 'simple' as must
          from payments p join accounts a on a.id = p.account_id
          left join ${changesOfPayments(sql)} as c on c.account_id = p.account_id and c.payment_id = p.id
          where p.unreserved and p.reserved_amount_minor - coalesce(c.released, 0) > 0`,
        ['reserve_release'],
      ),
  },
  {
    name: 'chargebacks are booked as recorded',
    counted: (sql) => countOfCodes(sql, ['chargeback']),
    broken: (sql) => sql`
      select concat_ws(' ', coalesce(p.account_id, t.account_id), coalesce(p.id, t.subject_id), 'recorded', p.charged_back_amount_minor, 'booked', t.amount_minor)
      from (
        select account_id, subject_id, sum(amount_minor) as amount_minor from ledger_transfers where code = 'chargeback' group by account_id, subject_id
      ) as t
      full join (
        select p.account_id, p.id, p.charged_back_amount_minor, a.ledger_scheme
        from payments p join accounts a on a.id = p.account_id where p.charged_back_amount_minor > 0
      ) as p on p.account_id = t.account_id and p.id = t.subject_id
      where t.amount_minor is distinct from p.charged_back_amount_minor and (t.account_id is not null or p.ledger_scheme = 'simple')`,
  },
]

const refunds: Check[] = [
  {
    // A void of a charge gives it back whole.
    name: 'every refund is held and ended as it went',
    counted: (sql) => countOfCodes(sql, refundCodes),
    broken: (sql) =>
      unequal(
        sql,
        sql`
          select r.account_id, r.id as reference, r.payment_id as subject_id, p.test_mode, r.currency, line.*, a.ledger_scheme = 'simple' as must
          from operations r
          join payments p on p.account_id = r.account_id and p.id = r.payment_id
          join accounts a on a.id = r.account_id
          cross join lateral (values
            ('pending', 'refund_hold', r.amount_minor - r.returned_fee_minor, 'merchant:active', 'gateway:' || r.gateway_id, true),
            ('pending', 'refund_fee_hold', r.returned_fee_minor, 'platform:fees', 'gateway:' || r.gateway_id, true),
            ('post', 'refund_done', r.amount_minor - r.returned_fee_minor, 'merchant:active', 'gateway:' || r.gateway_id, r.status = 'done'),
            ('post', 'refund_fee_done', r.returned_fee_minor, 'platform:fees', 'gateway:' || r.gateway_id, r.status = 'done'),
            ('void', 'refund_failed', r.amount_minor - r.returned_fee_minor, 'merchant:active', 'gateway:' || r.gateway_id, r.status = 'failed'),
            ('void', 'refund_fee_failed', r.returned_fee_minor, 'platform:fees', 'gateway:' || r.gateway_id, r.status = 'failed')
          ) as line (kind, code, amount_minor, debit, credit, happened)
          where (r.kind = 'refund' or (r.kind = 'void' and p.payment_flow = 'charge')) and line.amount_minor > 0 and line.happened`,
        refundCodes,
      ),
  },
  {
    name: 'late approvals and their reversals are booked, and touch no merchant',
    counted: (sql) => countOfCodes(sql, lateCodes),
    broken: (sql) =>
      unequal(
        sql,
        sql`
          select w.account_id, w.id as reference, w.payment_id as subject_id, w.test_mode, w.currency, line.kind, line.code, line.debit,
            line.credit, line.amount_minor, a.ledger_scheme = 'simple' as must
          from attempts w
          join payments p on p.account_id = w.account_id and p.id = w.payment_id and p.payment_flow <> 'verify'
          join accounts a on a.id = w.account_id
          left join ${changesOfAttempts(sql)} as c on c.account_id = w.account_id and c.payment_id = w.payment_id and c.attempt_number = w.number
          cross join lateral (values (case when w.winner then 0 else w.approved_amount_minor end)) as now (unallocated)
          cross join lateral (values
            ('charge', 'posted', 'late_approval', 'gateway:' || w.gateway_id, 'platform:late_approvals', now.unallocated - coalesce(c.unallocated, 0), true),
            ('charge', 'posted', 'reversal', 'platform:late_approvals', 'gateway:' || w.gateway_id, now.unallocated, w.reversal_status is not distinct from 'done'),
            ('authorize', 'pending', 'late_hold', 'gateway:' || w.gateway_id, 'platform:late_approvals', now.unallocated, true),
            ('authorize', 'void', 'late_hold_released', 'gateway:' || w.gateway_id, 'platform:late_approvals', now.unallocated, w.reversal_status is not distinct from 'done')
          ) as line (flow, kind, code, debit, credit, amount_minor, happened)
          where w.late_approval and line.amount_minor > 0 and line.flow = p.payment_flow and line.happened`,
        lateCodes,
      ),
  },
]

export const checks: readonly Check[] = [
  ...books,
  ...payments,
  ...correctionChecks,
  ...refunds,
  ...receiptChecks,
  ...holdChecks,
  ...providerChecks,
  ...providerPaymentChecks,
]
