/** What must be true of providers' books: payments, appeals, top-ups and withdrawals as they went, and nothing else. Cascade API, 9.2. */
import { type Check, countOfCodes, unequal } from './check.ts'
import {
  cascadeAppeals,
  cascadeClearing,
  platformCorrections,
  platformTreasury,
  providerPrepaid,
} from './rules/provider-transfers.ts'

const paymentCodes = ['provider_hold', 'provider_release', 'provider_debit', 'provider_late_debit']
const withdrawalCodes = ['withdrawal_hold', 'withdrawal_paid', 'withdrawal_returned']
const correctionCodes = ['correction_credit', 'correction_debit']

export const providerChecks: readonly Check[] = [
  {
    name: 'every provider payment is held once, and its hold ends as it went',
    counted: (sql) => countOfCodes(sql, paymentCodes),
    broken: (sql) =>
      unequal(
        sql,
        sql`
          select s.provider_id as account_id, s.attempt_id as reference, s.attempt_id as subject_id, s.test_mode, s.currency, line.kind,
            line.code, s.settlement_minor as amount_minor, ${providerPrepaid} as debit, ${cascadeClearing} as credit, true as must
          from provider_settlements s
          cross join lateral (values
            ('pending', 'provider_hold', true),
            ('void', 'provider_release', s.hold_end <> 'debit'),
            ('post', 'provider_debit', s.hold_end = 'debit'),
            ('posted', 'provider_late_debit', s.first_debit = 'late_success')
          ) as line (kind, code, happened)
          where line.happened`,
        paymentCodes,
      ),
  },
  {
    name: 'what provider payments hold, have frozen and were debited is what is booked',
    counted: (sql) => sql`(select count(*) from provider_settlements)`,
    broken: (sql) => sql`
      select concat_ws(' ', coalesce(s.provider_id, b.account_id), coalesce(s.attempt_id, b.subject_id), 'held, frozen, debited',
        s.held, s.frozen, s.debited, 'booked', b.held, b.frozen, b.debited)
      from (
        select provider_id, attempt_id, case state when 'held' then settlement_minor else 0 end as held,
          case when appeal_open then freeze_minor + moved_minor else 0 end as frozen, debited_minor as debited
        from provider_settlements
      ) as s
      full join (
        select t.account_id, t.subject_id,
          coalesce(sum(open.minor) filter (where credit = ${cascadeClearing}), 0) as held,
          coalesce(sum(open.minor) filter (where credit = ${cascadeAppeals}), 0) as frozen,
          coalesce(sum(case when kind not in ('posted', 'post') then 0 when credit = ${cascadeClearing} then amount_minor
            when debit = ${cascadeClearing} then -amount_minor end), 0) as debited
        from ledger_transfers t join providers p on p.id = t.account_id
        cross join lateral (values (case kind when 'pending' then amount_minor when 'posted' then 0 else -amount_minor end)) as open (minor)
        where code <> 'top_up' and code <> all (${[...withdrawalCodes, ...correctionCodes]})
        group by t.account_id, t.subject_id
      ) as b on b.account_id = s.provider_id and b.subject_id = s.attempt_id
      where (s.held, s.frozen, s.debited) is distinct from (b.held, b.frozen, b.debited)`,
  },
  {
    name: 'every confirmed top-up is booked, and no other',
    counted: (sql) => countOfCodes(sql, ['top_up']),
    broken: (sql) =>
      unequal(
        sql,
        sql`
          select provider_id as account_id, id as reference, id as subject_id, test_mode, currency, 'posted' as kind, 'top_up' as code,
            amount_minor, ${platformTreasury} as debit, ${providerPrepaid} as credit, true as must
          from provider_top_ups where status = 'confirmed'`,
        ['top_up'],
      ),
  },
  {
    name: 'every withdrawal is held, and paid or returned as it went',
    counted: (sql) => countOfCodes(sql, withdrawalCodes),
    broken: (sql) =>
      unequal(
        sql,
        sql`
          select w.provider_id as account_id, w.id as reference, w.id as subject_id, w.test_mode, w.currency, line.kind, line.code,
            w.amount_minor, ${providerPrepaid} as debit, ${platformTreasury} as credit, true as must
          from provider_withdrawals w
          cross join lateral (values
            ('pending', 'withdrawal_hold', true),
            ('post', 'withdrawal_paid', w.status = 'paid'),
            ('void', 'withdrawal_returned', w.status in ('rejected', 'cancelled'))
          ) as line (kind, code, happened)
          where line.happened`,
        withdrawalCodes,
      ),
  },
  {
    name: 'every correction that a second person approved is booked, and no other',
    counted: (sql) => countOfCodes(sql, correctionCodes),
    broken: (sql) => sql`
      ${unequal(
        sql,
        sql`
          select c.provider_id as account_id, c.id as reference, c.id as subject_id, c.test_mode, c.currency, 'posted' as kind, line.code,
            abs(c.change_minor) as amount_minor, line.debit, line.credit, true as must
          from provider_corrections c
          cross join lateral (values
            ('correction_credit', ${platformCorrections}, ${providerPrepaid}, c.change_minor > 0),
            ('correction_debit', ${providerPrepaid}, ${platformCorrections}, c.change_minor < 0)
          ) as line (code, debit, credit, happened)
          where c.status = 'approved' and line.happened`,
        correctionCodes,
      )}
      union all
      select concat_ws(' ', provider_id, id, status, 'by', decided_by, 'alone')
      from provider_corrections where status = 'approved' and decided_by is not distinct from requested_by`,
  },
]
