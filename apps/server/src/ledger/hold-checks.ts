/** What must be true of authorizations in the books: holds, captures and voids as they went, and nothing else held. */
import { type Check, countOfCodes, unequal } from './check.ts'

const holdCodes = ['authorization_hold', 'authorization_released', 'capture', 'capture_fee', 'capture_reserve']
export const lateHoldCodes = ['late_hold', 'late_hold_released']

export const holdChecks: readonly Check[] = [
  {
    name: 'every authorization is held, and captures and voids end its hold',
    counted: (sql) => countOfCodes(sql, holdCodes),
    broken: (sql) =>
      unequal(
        sql,
        sql`
          select p.account_id, p.id as reference, p.id as subject_id, p.test_mode, p.currency, 'pending' as kind, 'authorization_hold' as code,
            p.authorized_amount_minor as amount_minor, 'gateway:' || w.gateway_id as debit, 'merchant:active' as credit, a.ledger_scheme = 'simple' as must
          from payments p
          join accounts a on a.id = p.account_id
          left join attempts w on w.account_id = p.account_id and w.payment_id = p.id and w.winner
          where p.payment_flow = 'authorize' and p.authorized_amount_minor > 0
          union all
          select r.account_id, r.id, r.payment_id, p.test_mode, r.currency, line.*, a.ledger_scheme = 'simple'
          from operations r
          join payments p on p.account_id = r.account_id and p.id = r.payment_id and p.payment_flow = 'authorize'
          join accounts a on a.id = r.account_id
          cross join lateral (values (r.kind = 'capture' and r.amount_minor = r.held_minor)) as took (whole)
          cross join lateral (values
            ('void', 'authorization_released', case when took.whole then 0 else r.held_minor end, 'gateway:' || r.gateway_id, 'merchant:active'),
            ('pending', 'authorization_hold', case when r.final then 0 else r.held_minor - r.amount_minor end, 'gateway:' || r.gateway_id, 'merchant:active'),
            (case when took.whole then 'post' else 'posted' end, 'capture', case r.kind when 'capture' then r.amount_minor end, 'gateway:' || r.gateway_id, 'merchant:active'),
            ('posted', 'capture_fee', r.fee_minor, 'merchant:active', 'platform:fees'),
            ('posted', 'capture_reserve', r.reserved_minor, 'merchant:active', 'merchant:reserved')
          ) as line (kind, code, amount_minor, debit, credit)
          where r.kind in ('capture', 'void') and r.status = 'done' and line.amount_minor > 0`,
        holdCodes,
      ),
  },
  {
    name: 'what is open of a hold is what is still held',
    counted: (sql) => sql`(select count(*) from payments where authorized_amount_minor is not null)`,
    broken: (sql) => sql`
      select concat_ws(' ', coalesce(p.account_id, h.account_id), coalesce(p.id, h.subject_id), 'holds', coalesce(p.held, 0),
        'booked', coalesce(h.held, 0), 'in', coalesce(h.holds, 0))
      from (
        select p.account_id, p.id, a.ledger_scheme,
          p.authorized_amount_minor - coalesce(p.processed_amount_minor, 0) - coalesce(p.voided_amount_minor, 0) as held
        from payments p join accounts a on a.id = p.account_id where p.authorized_amount_minor is not null
      ) as p
      full join (
        select account_id, subject_id, sum(amount_minor) as held, count(*) as holds from ledger_transfers h
        where code = 'authorization_hold' and kind = 'pending'
          and not exists (select 1 from ledger_transfers e where e.account_id = h.account_id and e.pending_id = h.id)
        group by account_id, subject_id
      ) as h on h.account_id = p.account_id and h.subject_id = p.id
      where (coalesce(h.held, 0) <> coalesce(p.held, 0) or h.holds > 1) and (h.account_id is not null or p.ledger_scheme = 'simple')`,
  },
  {
    name: 'authorizations say what was captured and given up',
    counted: (sql) => sql`(select count(*) from payments where authorized_amount_minor is not null)`,
    broken: (sql) => sql`
      select concat_ws(' ', p.account_id, p.id, 'captured', p.processed_amount_minor, 'fee', p.processed_fee_minor, 'reserved',
        p.reserved_amount_minor, 'given up', p.voided_amount_minor, 'by its operations', o.captured, o.fee, o.reserved, o.given_up)
      from payments p
      cross join lateral (
        select coalesce(sum(amount_minor) filter (where kind = 'capture'), 0) as captured, coalesce(sum(fee_minor), 0) as fee,
          coalesce(sum(reserved_minor), 0) as reserved,
          coalesce(sum(case when final then held_minor - case kind when 'capture' then amount_minor else 0 end
            when kind = 'void' then amount_minor end), 0) as given_up
        from operations where account_id = p.account_id and payment_id = p.id and kind in ('capture', 'void') and status = 'done'
      ) as o
      where p.payment_flow = 'authorize' and (coalesce(p.processed_amount_minor, 0), coalesce(p.processed_fee_minor, 0),
          coalesce(p.reserved_amount_minor, 0), coalesce(p.voided_amount_minor, 0))
        is distinct from (o.captured, o.fee, o.reserved, o.given_up)`,
  },
]
