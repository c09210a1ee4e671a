/** What provider payments, attempts, appeals and balances must say of each other: each was true by itself in the commit that wrote it. Cascade API, 9.2. */
import type { Check } from './check.ts'

export const providerPaymentChecks: readonly Check[] = [
  {
    // I2, I4, I5: held while it is waited for, debited when it was paid, by the amount of the provider payment.
    name: 'provider payments, their attempts and what they hold or were debited agree',
    counted: (sql) => sql`(select count(*) from provider_payments)`,
    broken: (sql) => sql`
      select concat_ws(' ', p.account_id, p.attempt_id, p.state, 'attempt', coalesce(a.status, 'is missing'),
        case when a.late_approval then 'late' end, 'balance', coalesce(s.state, 'is missing'), 'holds', s.settlement_minor, 'of', p.settlement_minor)
      from provider_payments p
      left join attempts a on a.account_id = p.account_id and a.payment_id = p.payment_id and a.number = p.attempt_number and a.id = p.attempt_id
      left join provider_settlements s on s.provider_id = p.provider_id and s.attempt_id = p.attempt_id
      where (s.state, s.settlement_minor, s.rate, s.test_mode, s.account_id, s.payment_id, s.payment_currency, s.payment_amount_minor)
          is distinct from (case when p.state in ('requested', 'issued') then 'held' when p.state = 'success' then 'debited' else 'released' end,
            p.settlement_minor, p.rate, p.test_mode, p.account_id, p.payment_id, p.currency, p.amount_minor)
        or a.id is null or (a.currency, a.amount_minor) <> (p.currency, p.amount_minor)
        or (p.state = 'success') <> (a.winner or a.late_approval)
        or (p.state <> 'success' and a.status <> case p.state when 'requested' then 'sent' when 'issued' then 'incomplete' when 'refused' then 'declined'
          when 'violation' then 'declined' when 'unknown' then 'orphaned' when 'failed' then 'declined' else p.state end)
      union all
      select concat_ws(' ', s.provider_id, s.attempt_id, s.state, 'belongs to no provider payment')
      from provider_settlements s join payments p on p.account_id = s.account_id and p.id = s.payment_id
      where not exists (select 1 from provider_payments o where o.account_id = s.account_id and o.attempt_id = s.attempt_id)`,
  },
  {
    // I3, I4.
    name: 'what is frozen is for an open appeal, and what was debited is what the last confirmed one says',
    counted: (sql) => sql`(select count(*) from appeals)`,
    broken: (sql) => sql`
      select concat_ws(' ', coalesce(s.provider_id, open.provider_id), coalesce(s.attempt_id, open.attempt_id), 'frozen for', case when s.appeal_open then s.appeal_id end,
        case when s.appeal_open then s.appeal_minor end, case when s.appeal_open then s.freeze_minor end, 'open', open.id, open.settlement_minor, open.freeze_minor, 'debited', s.debited_minor, 'confirmed', done.settlement_minor)
      from (
        select s.* from provider_settlements s
        join provider_payments p on p.account_id = s.account_id and p.attempt_id = s.attempt_id
      ) as s
      full join (select * from appeals where closed_at is null) as open on open.provider_id = s.provider_id and open.attempt_id = s.attempt_id
      left join lateral (
        select settlement_minor from appeals
        where provider_id = s.provider_id and attempt_id = s.attempt_id and state = 'confirmed' order by number desc limit 1
      ) as done on true
      where coalesce(s.appeal_open, false) <> (open.id is not null)
        or (s.appeal_open and (s.appeal_id, s.appeal_minor, s.freeze_minor) is distinct from (open.id, open.settlement_minor, open.freeze_minor))
        or s.debited_minor <> case when s.state = 'debited' then coalesce(done.settlement_minor, s.settlement_minor) else 0 end`,
  },
  {
    name: 'every confirmed appeal is settled with its merchant, and no other',
    counted: (sql) => sql`(select count(*) from appeals where closed_at is not null)`,
    broken: (sql) => sql`
      select concat_ws(' ', a.account_id, a.id, a.state, 'over', a.amount_minor, 'settled', coalesce(s.amount_minor::text, 'never'))
      from appeals a left join appeal_settlements s on s.account_id = a.account_id and s.appeal_id = a.id
      where (a.state = 'confirmed') <> (s.appeal_id is not null)
        or (s.payment_id, s.attempt_number, s.amount_minor) <> (a.payment_id, a.attempt_number, a.amount_minor)`,
  },
]
