-- The books. A transfer moves an amount from a debit account to a credit account of one merchant account, mode and currency.
-- kind: posted = at once; pending = a hold; post and void end the hold named by pending_id.
create table ledger_transfers (
  account_id text collate "C" not null,
  id text collate "C" not null,
  test_mode boolean not null,
  currency text not null,
  debit text collate "C" not null,
  credit text collate "C" not null,
  amount_minor bigint not null check (amount_minor > 0),
  kind text not null check (kind in ('posted', 'pending', 'post', 'void')),
  pending_id text collate "C",
  -- the business event: code + reference name it once
  code text not null,
  reference text collate "C" not null,
  -- the payment it belongs to
  subject_id text collate "C" not null,
  created_at timestamptz not null,
  primary key (account_id, id),
  constraint ledger_transfers_once unique (account_id, reference, code),
  constraint ledger_transfers_hold foreign key (account_id, pending_id) references ledger_transfers (account_id, id),
  check (debit <> credit),
  check ((kind in ('post', 'void')) = (pending_id is not null))
);
create unique index ledger_transfers_hold_ended_once on ledger_transfers (account_id, pending_id) where pending_id is not null;

create function refuse_ledger_change() returns trigger language plpgsql as $$
begin
  raise exception 'ledger transfers are never changed or deleted' using errcode = 'integrity_constraint_violation';
end $$;
create trigger ledger_transfers_no_change before update or delete on ledger_transfers
  for each row execute function refuse_ledger_change();
create trigger ledger_transfers_no_truncate before truncate on ledger_transfers
  for each statement execute function refuse_ledger_change();

-- Transfers not yet folded into ledger_balances, with all that folding and reading need: neither looks into the growing table.
-- Appending needs no common row, so a busy merchant's credits do not queue.
create table ledger_unfolded (
  account_id text collate "C" not null,
  transfer_id text collate "C" not null,
  test_mode boolean not null,
  currency text not null,
  debit text collate "C" not null,
  credit text collate "C" not null,
  amount_minor bigint not null,
  kind text not null,
  primary key (account_id, transfer_id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 10000);

create table ledger_balances (
  account_id text collate "C" not null,
  test_mode boolean not null,
  currency text not null,
  purpose text collate "C" not null,
  debits_posted_minor numeric(38, 0) not null default 0,
  credits_posted_minor numeric(38, 0) not null default 0,
  debits_pending_minor numeric(38, 0) not null default 0,
  credits_pending_minor numeric(38, 0) not null default 0,
  updated_at timestamptz not null default now(),
  primary key (account_id, test_mode, currency, purpose)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

-- What each transfer does to its two accounts: the entries of the books.
create view ledger_entries as
select t.account_id, t.id as transfer_id, t.test_mode, t.currency, e.*
from ledger_transfers t
cross join lateral (values (
  case when t.kind in ('posted', 'post') then t.amount_minor else 0 end,
  case t.kind when 'posted' then 0 when 'pending' then t.amount_minor else -t.amount_minor end
)) as moved (posted, pending)
cross join lateral (values
  (t.debit, moved.posted, 0, moved.pending, 0),
  (t.credit, 0, moved.posted, 0, moved.pending)
) as e (purpose, debits_posted_minor, credits_posted_minor, debits_pending_minor, credits_pending_minor);

create view ledger_unfolded_entries as
select u.account_id, u.transfer_id, u.test_mode, u.currency, e.*
from ledger_unfolded u
cross join lateral (values (
  case when u.kind in ('posted', 'post') then u.amount_minor else 0 end,
  case u.kind when 'posted' then 0 when 'pending' then u.amount_minor else -u.amount_minor end
)) as moved (posted, pending)
cross join lateral (values
  (u.debit, moved.posted, 0, moved.pending, 0),
  (u.credit, 0, moved.posted, 0, moved.pending)
) as e (purpose, debits_posted_minor, credits_posted_minor, debits_pending_minor, credits_pending_minor);

-- The balances as they are now: sum these parts by purpose. One statement sees folding either whole or not at all.
create view ledger_balance_parts as
select account_id, test_mode, currency, purpose, debits_posted_minor, credits_posted_minor, debits_pending_minor, credits_pending_minor
from ledger_balances
union all
select account_id, test_mode, currency, purpose, debits_posted_minor, credits_posted_minor, debits_pending_minor, credits_pending_minor
from ledger_unfolded_entries;
